import path from 'node:path';
import {
  fetchAndVerifyCatalog,
  staticDidResolver,
  createDidResolver,
  verifyCatalog,
  type CatalogVerdict,
  type Problem,
  type Profile,
  type TrustPolicy,
} from '@agentyard/eat';
import { createSafeFetch } from '@agentyard/safe-fetch';
import { kindOf, readInput } from '../files';
import { describeProblem, UsageError, type Outcome } from '../outcome';

/** What `agentyard catalog verify` is told beside the place. */
export interface VerifyCommandOptions {
  did?: string;
  publisher?: string;
  profile: Profile;
  allowLoopback?: boolean;
}

const trustedByItself: Problem = {
  code: 'KEY_NOT_PINNED',
  message:
    'The keys are those that lie beside the catalog: it is whole, but that says nothing of who made it. Give --publisher or --did to say whom you trust.',
};

/** `agentyard catalog verify`: whether a published catalog, a folder or a file is what its publisher signed. */
export async function catalogVerify(
  place: string,
  options: VerifyCommandOptions,
): Promise<Outcome> {
  const verdict = /^https?:\/\//.test(place)
    ? await verifyUrl(place, options)
    : await verifyFiles(place, options);
  return {
    exitCode: { verified: 0, refused: 1, unreachable: 2 }[verdict.status] as
      | 0
      | 1
      | 2,
    json: { ...verdict, tools: verdict.tools.map(({ name }) => name) },
    text: describe(place, verdict),
  };
}

async function verifyUrl(url: string, options: VerifyCommandOptions) {
  const { did, publisher, profile, allowLoopback } = options;
  return fetchAndVerifyCatalog({
    url,
    policy: { profile, publisher, allowLoopback },
    fetch: createSafeFetch({ allowLoopback }),
    resolver: did ? staticDidResolver(await documentOf(did)) : undefined,
  });
}

async function verifyFiles(place: string, options: VerifyCommandOptions) {
  const { publisher, profile, allowLoopback } = options;
  const files = await findFiles(place);
  const didFile = options.did ?? files.did;
  const didJson = didFile ? await readInput(didFile) : undefined;
  const policy: TrustPolicy = {
    profile,
    allowLoopback,
    publisher: publisher ?? (didJson && didOf(didJson)),
  };
  if (!policy.publisher) {
    throw new UsageError(
      'PUBLISHER_NEEDED',
      'A file does not say whom to trust: give --publisher DID, or --did FILE with the publisher’s DID document.',
    );
  }
  const verdict = await verifyCatalog({
    source: {
      catalog: await readInput(files.catalog),
      signatureHeader: files.compact
        ? (await readInput(files.compact)).toString('utf8').trim()
        : undefined,
      sidecar: files.sidecar ? await readInput(files.sidecar) : undefined,
    },
    policy,
    resolver: didJson
      ? staticDidResolver({ [policy.publisher]: didJson })
      : createDidResolver({ fetch: createSafeFetch({ allowLoopback }) }),
    now: new Date(),
  });
  // What lies beside a catalog can say that both belong together, not who made them.
  const selfConsistent = !publisher && !options.did;
  return selfConsistent
    ? { ...verdict, warnings: [...verdict.warnings, trustedByItself] }
    : verdict;
}

/** The files as `catalog sign` lays them out; of a single file, those beside it. */
async function findFiles(place: string) {
  const kind = await kindOf(place);
  if (!kind) {
    throw new UsageError(
      'FILE_UNREADABLE',
      `${place} is neither a file, nor a folder, nor an http(s) URL.`,
    );
  }
  const wellKnown = path.join(place, '.well-known');
  const folder = (await kindOf(wellKnown)) === 'folder' ? wellKnown : place;
  const catalog = kind === 'file' ? place : path.join(folder, 'api-catalog');
  const present = async (file: string) =>
    (await kindOf(file)) === 'file' ? file : undefined;
  return {
    catalog,
    compact: await present(`${catalog}.jws`),
    sidecar: await present(`${catalog}.jws.json`),
    did: await present(path.join(path.dirname(catalog), 'did.json')),
  };
}

async function documentOf(didFile: string): Promise<Record<string, Buffer>> {
  const document = await readInput(didFile);
  const did = didOf(document);
  if (!did) {
    throw new UsageError('DID_UNREADABLE', `${didFile} is no DID document.`);
  }
  return { [did]: document };
}

function didOf(didJson: Buffer): string | undefined {
  try {
    const { id } = JSON.parse(didJson.toString('utf8'));
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}

const signs = { passed: '✓', failed: '✗', skipped: '·' };

function describe(place: string, verdict: CatalogVerdict): string {
  const { status, steps, reasons, warnings, statement, signatures } = verdict;
  return [
    `${place} is ${status}`,
    ...steps.map(
      step =>
        `  ${signs[step.status]} ${step.name}${
          step.message ? `: ${step.message}` : ''
        }`,
    ),
    ...reasons.map(describeProblem),
    ...warnings.map(warning => `warning: ${describeProblem(warning)}`),
    ...(status === 'verified' && statement
      ? [
          `signed by ${signatures.map(({ kid }) => kid).join(', ')}`,
          `until ${new Date(statement.exp * 1000).toISOString()}`,
        ]
      : []),
  ].join('\n');
}
