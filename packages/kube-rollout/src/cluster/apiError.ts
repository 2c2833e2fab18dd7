import {
  ClusterError,
  FieldCause,
  FieldManagerConflict,
  RolloutErrorCode,
} from '../errors';

/**
 * Reads the API server's refusal: a `Status` object
 * (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/), or whatever a proxy put there.
 */
export function apiError(
  status: number,
  body: unknown,
  request: string,
  retryAfter?: string,
): ClusterError {
  const answer = isRecord(body) && body.kind === 'Status' ? body : {};
  const details = isRecord(answer.details) ? answer.details : {};
  const said =
    typeof answer.message === 'string' && answer.message
      ? answer.message
      : `HTTP ${status}`;
  const causes = readCauses(details.causes, said);
  const code = codeOf(status, said);
  return new ClusterError(code, `${request}: ${said}`, {
    status,
    reason: typeof answer.reason === 'string' ? answer.reason : undefined,
    causes,
    conflicts: code === 'CONFLICT' ? readConflicts(causes) : [],
    retryAfterMs: readRetryAfter(retryAfter ?? details.retryAfterSeconds),
  });
}

/** The refusal that a watch carries inside its stream, as an `ERROR` event. */
export function watchError(status: unknown, request: string): ClusterError {
  const code =
    isRecord(status) && typeof status.code === 'number' ? status.code : 500;
  return apiError(code, status, request);
}

function codeOf(status: number, message: string): RolloutErrorCode {
  // Server-side apply answers 500 for a field that the schema does not know; yet it is the manifest that is wrong.
  if (message.includes('field not declared in schema')) return 'INVALID';
  switch (status) {
    case 400:
    case 422:
      return 'INVALID';
    case 401:
      return 'UNAUTHORIZED';
    case 403:
      return 'FORBIDDEN';
    case 404:
      return 'NOT_FOUND';
    case 409:
      return 'CONFLICT';
    case 410:
      return 'GONE';
    case 429:
      return 'THROTTLED';
    default:
      return status >= 500 ? 'SERVER_ERROR' : 'BAD_RESPONSE';
  }
}

const UNDECLARED = /(\.[^\s:()]+): field not declared in schema/g;
const STRICT = /unknown field "([^"]+)"/g;

function readCauses(raw: unknown, message: string): FieldCause[] {
  const causes = (Array.isArray(raw) ? raw : [])
    .filter(isRecord)
    .map(cause => ({
      ...(typeof cause.field === 'string' ? { field: cause.field } : {}),
      ...(typeof cause.reason === 'string' ? { reason: cause.reason } : {}),
      message: typeof cause.message === 'string' ? cause.message : '',
    }));
  if (causes.length) return causes;
  // Schema errors come as prose only.
  const unknown = [
    ...message.matchAll(UNDECLARED),
    ...message.matchAll(STRICT),
  ];
  return unknown.map(([, field]) => ({
    field: field.replace(/^\./, ''),
    reason: 'FieldValueNotSupported',
    message: 'the API server does not know this field',
  }));
}

const MANAGER = /conflict with "([^"]+)"/;

function readConflicts(causes: FieldCause[]): FieldManagerConflict[] {
  const byManager = new Map<string, string[]>();
  for (const { reason, field, message } of causes) {
    if (reason !== 'FieldManagerConflict') continue;
    const manager = MANAGER.exec(message)?.[1] ?? 'unknown';
    const fields = byManager.get(manager) ?? [];
    fields.push((field ?? '').replace(/^\./, ''));
    byManager.set(manager, fields);
  }
  return [...byManager].map(([manager, fields]) => ({ manager, fields }));
}

function readRetryAfter(value: unknown): number | undefined {
  const seconds = Number(value);
  return value !== undefined && Number.isFinite(seconds) && seconds >= 0
    ? Math.min(seconds, 60) * 1000
    : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
