import {
  ConflictError,
  InputError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { PublishProblem } from '@agentyard/plugin-catalog-signing-common';

/** The embedded key store refuses to work. Codes start with `KEYSTORE_`. */
export class KeyStoreError extends Error {
  override readonly name = 'KeyStoreError';

  constructor(readonly code: `KEYSTORE_${string}`, message: string) {
    super(message);
  }
}

/** The configuration below `agentyard.signing` is wrong; `message` names the key and what to do. */
export class SigningConfigError extends Error {
  override readonly name = 'SigningConfigError';
  readonly code = 'SIGNING_CONFIG';
}

function sentence(problems: PublishProblem[]) {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const where = first.pointer ? ` at ${first.pointer}` : '';
  return `Nothing was published: ${first.code}${where}: ${first.message}${more}`;
}

/** The documents do not make a valid catalog. HTTP 400. */
export class PublicationRefusedError extends InputError {
  readonly code: string;

  constructor(readonly problems: PublishProblem[]) {
    super(sentence(problems));
    this.code = problems[0].code;
  }
}

/** The documents are valid alone, but not beside what the publisher has already. HTTP 409. */
export class PublicationConflictError extends ConflictError {
  readonly code: string;

  constructor(readonly problems: PublishProblem[]) {
    super(sentence(problems));
    this.code = problems[0].code;
  }
}

/** The signer does not answer, or answers with a signature that does not verify. HTTP 503. */
export class SigningUnavailableError extends ServiceUnavailableError {
  constructor(readonly code: string, message: string, cause?: unknown) {
    super(message, cause as Error);
  }
}
