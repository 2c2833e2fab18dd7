import { ClusterError } from '../errors';
import { formatRef, ObjectRef } from '../object';
import { maskMessage } from './diff';
import { PlanProblem, PlanProblemCode } from './plan';

const IMMUTABLE =
  /field is immutable|may not be changed|may not change fields other than|for fields other than .* are forbidden|cannot be changed|updates to .* are forbidden/i;
const ADMISSION =
  /admission webhook .* denied|ValidatingAdmissionPolicy .* denied/;
const QUOTA = /exceeded quota/;

/** Codes that say something about the object; any other one is about the connection. */
const ABOUT_THE_OBJECT = new Set([
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'INVALID',
  'SERVER_ERROR',
  'UNKNOWN_KIND',
  'RESPONSE_TOO_LARGE',
]);

/** True when the error is the server's opinion of one object, and not about reaching the server. */
export function isRefusalOfObject(error: unknown): error is ClusterError {
  return error instanceof ClusterError && ABOUT_THE_OBJECT.has(error.code);
}

/** What the server's refusal of an object means, field by field. */
export function problemsOf(ref: ObjectRef, error: ClusterError): PlanProblem[] {
  const message = maskMessage(
    ref.kind,
    error.message.replace(/^\w+ \S+: /, ''),
  );
  if (error.conflicts.length) {
    const owners = error.conflicts
      .map(({ manager, fields }) => `${manager} owns ${fields.join(', ')}`)
      .join('; ');
    return [
      {
        code: 'CONFLICT',
        severity: 'error',
        message: `${owners}; take these fields out of the manifest, or let their owner give them up`,
        field: error.conflicts[0].fields[0],
        conflicts: error.conflicts,
      },
    ];
  }
  const code = codeOf(error);
  const causes = error.causes.filter(cause => cause.field || cause.message);
  if (!causes.length) return [{ code, severity: 'error', message }];
  return causes.map(cause => {
    const why = maskMessage(ref.kind, cause.message);
    return {
      code: IMMUTABLE.test(cause.message) ? 'IMMUTABLE' : code,
      severity: 'error',
      message: why || message,
      ...(cause.field ? { field: cause.field } : {}),
    };
  });
}

function codeOf(error: ClusterError): PlanProblemCode {
  if (ADMISSION.test(error.message)) return 'ADMISSION_DENIED';
  if (QUOTA.test(error.message)) return 'QUOTA';
  if (IMMUTABLE.test(error.message)) return 'IMMUTABLE';
  switch (error.code) {
    case 'FORBIDDEN':
    case 'UNKNOWN_KIND':
    case 'NOT_FOUND':
    case 'CONFLICT':
    case 'INVALID':
      return error.code;
    default:
      return 'SERVER_ERROR';
  }
}

/** One line that names the object and all that is wrong with it. */
export function summarize(ref: ObjectRef, problems: PlanProblem[]): string {
  return `${formatRef(ref)}: ${problems
    .map(({ field, message }) => (field ? `${field}: ${message}` : message))
    .join('; ')}`;
}
