import { ConflictError, InputError } from '@backstage/errors';

/** What a template asked for cannot be: the step fails, nothing was changed. */
export class ActionInputError extends InputError {
  constructor(readonly code: string, message: string) {
    super(`${code}: ${message}`);
  }
}

/** What a template asked for is in the way of something that exists. */
export class ActionConflictError extends ConflictError {
  constructor(readonly code: string, message: string) {
    super(`${code}: ${message}`);
  }
}
