import { apiError, watchError } from './apiError';

const status = (code: number, message: string, details = {}) => ({
  kind: 'Status',
  code,
  message,
  reason: 'Why',
  details,
});

describe('what the API server refuses', () => {
  it.each([
    [400, 'INVALID'],
    [401, 'UNAUTHORIZED'],
    [403, 'FORBIDDEN'],
    [404, 'NOT_FOUND'],
    [409, 'CONFLICT'],
    [410, 'GONE'],
    [422, 'INVALID'],
    [429, 'THROTTLED'],
    [503, 'SERVER_ERROR'],
    [302, 'BAD_RESPONSE'],
  ])('%i is %s', (code, expected) => {
    expect(apiError(code, status(code, 'no'), 'GET /x')).toMatchObject({
      code: expected,
      status: code,
      reason: 'Why',
    });
  });

  it('needs no Status: a proxy answers with a page', () => {
    expect(apiError(502, undefined, 'GET /x')).toMatchObject({
      code: 'SERVER_ERROR',
      message: 'GET /x: HTTP 502',
    });
  });

  it('groups conflicts by manager', () => {
    const causes = [
      {
        reason: 'FieldManagerConflict',
        message: 'conflict with "kubectl" using apps/v1',
        field: '.spec.replicas',
      },
      {
        reason: 'FieldManagerConflict',
        message: 'conflict with "hpa"',
        field: '.spec.paused',
      },
      {
        reason: 'FieldManagerConflict',
        message: 'conflict with "kubectl" using apps/v1',
        field: '.spec.minReadySeconds',
      },
    ];
    expect(
      apiError(409, status(409, 'Apply failed', { causes }), 'PATCH /x')
        .conflicts,
    ).toEqual([
      { manager: 'kubectl', fields: ['spec.replicas', 'spec.minReadySeconds'] },
      { manager: 'hpa', fields: ['spec.paused'] },
    ]);
  });

  it('takes a field that the schema does not know for what it is, even when the server calls it an error of its own', () => {
    const error = apiError(
      500,
      status(
        500,
        'failed to create typed patch object: .spec.replicaz: field not declared in schema',
      ),
      'PATCH /x',
    );
    expect(error).toMatchObject({
      code: 'INVALID',
      causes: [{ field: 'spec.replicaz' }],
    });
  });

  it('honours how long to wait, within reason', () => {
    expect(
      apiError(429, status(429, 'slow', { retryAfterSeconds: 2 }), 'GET /x')
        .retryAfterMs,
    ).toBe(2_000);
    expect(apiError(429, undefined, 'GET /x', '86400').retryAfterMs).toBe(
      60_000,
    );
    expect(
      apiError(429, undefined, 'GET /x', 'tomorrow').retryAfterMs,
    ).toBeUndefined();
  });

  it('reads the refusal inside a watch', () => {
    expect(
      watchError(status(410, 'too old resource version'), 'watch').code,
    ).toBe('GONE');
  });
});
