import express from 'express';
import request from 'supertest';
import { mockServices } from '@backstage/backend-test-utils';
import { CatalogPublisher } from '../service/CatalogPublisher';
import { LINKSET_TYPE, renderDocuments } from '../service/servedDocuments';
import { publicRoutes } from './publicRoutes';

const iat = Date.parse('2026-09-01T08:00:00Z') / 1000;
const exp = iat + 86_400;

function served(compact = 'e30.e30.first') {
  return renderDocuments(
    {
      seq: 7,
      payloadHash: 'sha256:',
      contentHash: 'sha256:',
      iat,
      exp,
      documents: {
        catalog: '{"tools":[],"version":"1.0"}',
        linkset: '{"linkset":[]}',
        compact,
        general: '{"payload":"e30","signatures":[]}',
        did: '{"id":"did:web:tools.example.org"}',
        jwks: '{"keys":[]}',
      },
    },
    [
      {
        name: 'orders',
        origin: 'api',
        contentHash: 'sha256:',
        tools: [],
        updatedAt: '2026-09-01T08:00:00Z',
        specs: [{ path: 'v1/openapi.yaml', content: 'openapi: 3.1.0\n' }],
      },
    ],
  );
}

function portal(
  options: {
    documents?: ReturnType<typeof served>;
    defaultRepresentation?: 'eat' | 'linkset';
    secondsAfterIssue?: number;
  } = {},
) {
  const counted: string[] = [];
  const logger = mockServices.logger.mock();
  const publisher = {
    config: {
      id: 'portal',
      defaultRepresentation: options.defaultRepresentation ?? 'linkset',
    },
    served: 'documents' in options ? options.documents : served(),
  } as CatalogPublisher;
  const app = express();
  const routes = publicRoutes({
    publisher,
    logger,
    now: () => new Date((iat + (options.secondsAfterIssue ?? 60)) * 1000),
    onCatalogRequest: status => counted.push(status),
  });
  routes.forEach((handler, path) => app.use(path, handler));
  return { app, counted, logger, publisher };
}

describe('/.well-known/api-catalog', () => {
  it.each([
    ['application/linkset+json', LINKSET_TYPE],
    [LINKSET_TYPE, LINKSET_TYPE],
    ['application/json', 'application/json'],
    ['application/json; charset=utf-8', 'application/json'],
    ['application/jose+json', 'application/jose+json'],
    ['application/json;q=0.5, application/linkset+json', LINKSET_TYPE],
    [
      'application/linkset+json;q=0.5, application/json;q=0.9',
      'application/json',
    ],
    ['*/*;q=0.9, application/jose+json;q=0.9', 'application/jose+json'],
    ['text/html, */*;q=0.8', LINKSET_TYPE],
    ['application/*', LINKSET_TYPE],
    ['*/*', LINKSET_TYPE],
    ['', LINKSET_TYPE],
    ['text/html', LINKSET_TYPE],
    ['application/json;q=0', LINKSET_TYPE],
  ])('answers Accept: %s with %s', async (accept, type) => {
    await request(portal().app)
      .get('/.well-known/api-catalog')
      .set('accept', accept)
      .expect(200)
      .expect('content-type', type)
      .expect('vary', /Accept/);
  });

  it.each(['*/*', 'application/*', 'text/html'])(
    'answers Accept: %s with the catalog itself where that is the default',
    async accept => {
      await request(portal({ defaultRepresentation: 'eat' }).app)
        .get('/.well-known/api-catalog')
        .set('accept', accept)
        .expect(200)
        .expect('content-type', 'application/json');
    },
  );

  it('says all that RFC 9727 and EAT want in headers, to GET and HEAD alike', async () => {
    const { app } = portal();
    const get = await request(app)
      .get('/.well-known/api-catalog')
      .accept('application/json')
      .buffer();
    expect(get.text).toBe('{"tools":[],"version":"1.0"}');
    expect(get.headers).toMatchObject({
      'x-jws-signature': 'e30.e30.first',
      link: expect.stringMatching(
        /^<\/\.well-known\/api-catalog>; rel="api-catalog", <https:\/\/www\.rfc-editor\.org\/info\/rfc9727>; rel="profile"/,
      ),
      'content-location': '/api-catalog/eat.json',
      'cache-control': 'public, max-age=300, no-transform',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
      etag: expect.stringMatching(/^"[\w-]{43}"$/),
      'content-length': '28',
    });
    const head = await request(app)
      .head('/.well-known/api-catalog')
      .accept('application/json')
      .expect(200);
    delete get.headers.date;
    expect(head.headers).toMatchObject(get.headers);
    expect(head.text).toBeFalsy();
  });

  it('answers 304 for the ETag of the same representation only', async () => {
    const { app } = portal();
    const { headers } = await request(app)
      .get('/.well-known/api-catalog')
      .accept('application/json');
    await request(app)
      .get('/.well-known/api-catalog')
      .accept('application/json')
      .set('if-none-match', headers.etag)
      .expect(304)
      .expect('etag', headers.etag);
    await request(app)
      .get('/.well-known/api-catalog')
      .accept('application/linkset+json')
      .set('if-none-match', headers.etag)
      .expect(200);
  });

  it('has another ETag once the same catalog is signed anew', async () => {
    const etag = async (documents: ReturnType<typeof served>) => {
      const { headers } = await request(portal({ documents }).app).get(
        '/api-catalog/eat.json',
      );
      return headers.etag;
    };
    expect(await etag(served('e30.e30.second'))).not.toBe(
      await etag(served('e30.e30.first')),
    );
  });

  it('is cached no longer than the statement is valid', async () => {
    await request(portal({ secondsAfterIssue: 86_400 - 42 }).app)
      .get('/.well-known/api-catalog')
      .expect('cache-control', 'public, max-age=42, no-transform');
  });

  it.each([86_400, 90_000])(
    'is not served %i seconds after a statement of one day, and that is logged once',
    async secondsAfterIssue => {
      const { app, logger, counted } = portal({ secondsAfterIssue });
      for (const path of [
        '/.well-known/api-catalog',
        '/api-catalog/eat.json',
        '/api-catalog/eat.jws.json',
      ]) {
        await request(app)
          .get(path)
          .expect(503)
          .expect('cache-control', 'no-store')
          .expect(({ body }) => expect(body.error.code).toBe('EXPIRED'));
      }
      expect(logger.error).toHaveBeenCalledTimes(1);
      expect(counted).toEqual(['error', 'error', 'error']);
    },
  );

  it('says that nothing is published yet', async () => {
    const { app } = portal({ documents: undefined });
    for (const path of [
      '/.well-known/api-catalog',
      '/.well-known/did.json',
      '/specs/orders/v1/openapi.yaml',
    ]) {
      await request(app)
        .get(path)
        .expect(503)
        .expect(({ body }) => expect(body.error.code).toBe('NOT_PUBLISHED'));
    }
  });

  it('counts requests by outcome', async () => {
    const { app, counted } = portal();
    await request(app).get('/.well-known/api-catalog');
    await request(app).get('/api-catalog/none.json');
    expect(counted).toEqual(['success', 'error']);
  });
});

describe('other documents', () => {
  it.each([
    ['/api-catalog/linkset.json', LINKSET_TYPE],
    ['/api-catalog/eat.json', 'application/json'],
    ['/api-catalog/eat.jws', 'application/jose'],
    ['/api-catalog/eat.jws.json', 'application/jose+json'],
    ['/.well-known/did.json', 'application/did+json'],
    ['/.well-known/jwks.json', 'application/jwk-set+json'],
    ['/specs/orders/v1/openapi.yaml', 'application/yaml'],
  ])('%s is %s whatever the client accepts', async (path, type) => {
    await request(portal().app)
      .get(path)
      .accept('text/html')
      .expect(200)
      .expect('content-type', type)
      .expect('access-control-allow-origin', '*')
      .expect('x-content-type-options', 'nosniff')
      .expect('etag', /^"[\w-]{43}"$/);
  });

  it('specs and keys are cached as long as the guide says', async () => {
    const { app } = portal();
    await request(app)
      .get('/specs/orders/v1/openapi.yaml')
      .expect('cache-control', 'public, max-age=900, no-transform');
    await request(app)
      .get('/.well-known/did.json')
      .expect('cache-control', 'public, max-age=600, no-transform');
  });

  it.each([
    '/specs',
    '/specs/',
    '/specs/orders',
    '/specs/orders/v1/',
    '/specs/orders/v1/../../../package.json',
    '/specs/orders/%2e%2e/%2e%2e/package.json',
    '/specs/orders%2fv1%2fopenapi.yaml',
    '/specs//etc/passwd',
    '/specs/__proto__',
    '/specs/constructor',
    '/api-catalog',
    '/api-catalog/eat.json/more',
    '/api-catalog/../package.json',
    '/.well-known/api-catalog/more',
    '/.well-known/did.json/more',
  ])('there is nothing at %s', async path => {
    const response = await request(portal().app).get(path);
    expect(response.status).toBe(404);
  });

  it('answers OPTIONS, and refuses to be changed', async () => {
    const { app } = portal();
    for (const path of ['/.well-known/api-catalog', '/.well-known/did.json']) {
      await request(app)
        .options(path)
        .expect(204)
        .expect('access-control-allow-origin', '*')
        .expect('access-control-allow-methods', 'GET, HEAD, OPTIONS');
      for (const method of ['post', 'put', 'delete', 'patch'] as const) {
        await request(app)
          [method](path)
          .expect(405)
          .expect('allow', 'GET, HEAD, OPTIONS');
      }
    }
  });
});
