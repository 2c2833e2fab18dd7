import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import yaml from 'yaml';
import {
  createMockDirectory,
  mockCredentials,
  mockServices,
  registerMswTestHooks,
} from '@backstage/backend-test-utils';
import { CatalogSigningClient } from '@agentyard/plugin-catalog-signing-common';
import { actionContext } from '../../testing/actionContext';
import { openApi } from '../../testing/openApi';
import { createCatalogSignAction } from './sign';
import { examples } from './sign.examples';

const api = 'http://backend.example/api/catalog-signing';
const catalogUrl = 'https://tools.example.org/.well-known/api-catalog';
const statement = {
  seq: 3,
  iat: 1788249600,
  exp: 1788336000,
  catalogHash: `sha256:${'e7'.repeat(32)}`,
  kid: 'did:web:tools.example.org#key',
};

describe('agentyard:catalog:sign', () => {
  const disk = createMockDirectory();
  const server = setupServer();
  registerMswTestHooks(server);

  const auth = mockServices.auth();
  const action = createCatalogSignAction({
    signing: new CatalogSigningClient({
      discoveryApi: { getBaseUrl: async () => api },
    }),
    auth,
  });
  const context = (input: object, options: object = {}) =>
    actionContext(input, {
      workspacePath: disk.path,
      getInitiatorCredentials: async () => mockCredentials.user(),
      ...options,
    });

  let puts: { publisher: string; name: string; body: any; token: string }[];

  beforeEach(() => {
    disk.setContent({
      specs: {
        'b.yaml': openApi(['list_orders']),
        'a.yaml': openApi(['get_order']),
      },
    });
    puts = [];
    server.use(
      http.get(`${api}/publishers`, () =>
        HttpResponse.json({
          items: ['first', 'portal'].map(id => ({
            id,
            did: 'did:web:tools.example.org',
            baseUrl: 'https://tools.example.org',
            catalogUrl,
          })),
        }),
      ),
      http.put(
        `${api}/publishers/:publisher/publications/:name`,
        async ({ params, request }) => {
          puts.push({
            publisher: String(params.publisher),
            name: String(params.name),
            body: await request.json(),
            token: request.headers.get('authorization')!,
          });
          return HttpResponse.json({
            publication: { name: params.name, tools: ['get_order'] },
            statement: { ...statement, tools: 1 },
            catalogUrl,
            changed: true,
          });
        },
      ),
    );
  });

  it('puts the documents on behalf of the user and tells what was signed', async () => {
    const { ctx, outputs } = context({ name: 'orders-tools' });
    await action.handler(ctx);
    expect(outputs).toEqual({ catalogUrl, tools: ['get_order'], statement });
    expect(puts).toEqual([
      {
        publisher: 'first',
        name: 'orders-tools',
        body: {
          specs: [
            { path: 'a.yaml', content: openApi(['get_order']) },
            { path: 'b.yaml', content: openApi(['list_orders']) },
          ],
        },
        token: mockCredentials.service.header({
          onBehalfOf: mockCredentials.user(),
          targetPluginId: 'catalog-signing',
        }),
      },
    ]);
  });

  it('does it once for the same content, however often the step runs', async () => {
    const done = new Map<string, unknown>();
    const checkpoint = async ({ key, fn }: any) => {
      if (!done.has(key)) done.set(key, await fn());
      return done.get(key);
    };
    const first = context({ name: 'orders-tools' }, { checkpoint });
    await action.handler(first.ctx);
    const again = context({ name: 'orders-tools' }, { checkpoint });
    await action.handler(again.ctx);
    expect(again.outputs).toEqual(first.outputs);
    expect(puts).toHaveLength(1);

    disk.addContent({ specs: { 'c.yaml': openApi(['more']) } });
    await action.handler(context({ name: 'orders-tools' }, { checkpoint }).ctx);
    expect(puts).toHaveLength(2);
  });

  it('passes on what the authority refuses, with code and place', async () => {
    server.use(
      http.put(`${api}/publishers/first/publications/orders-tools`, () =>
        HttpResponse.json(
          {
            error: {
              name: 'ConflictError',
              message: 'Nothing was published',
              code: 'NAME_COLLISION',
              problems: [
                {
                  code: 'NAME_COLLISION',
                  message: 'The tool "get_order" is there already.',
                  pointer: 'a.yaml#/paths',
                },
              ],
            },
            response: { statusCode: 409 },
          },
          { status: 409 },
        ),
      ),
    );
    await expect(
      action.handler(context({ name: 'orders-tools' }).ctx),
    ).rejects.toMatchObject({
      code: 'NAME_COLLISION',
      message:
        'NAME_COLLISION: the documents are refused\nNAME_COLLISION at a.yaml#/paths: The tool "get_order" is there already.',
    });
  });

  it.each(['Orders', 'ab', 'a-', '../orders', 'x'.repeat(41)])(
    'refuses the name %j in the form and in the action',
    async name => {
      const { pattern } = (action.schema!.input as any).properties.name;
      expect(name).not.toMatch(new RegExp(pattern));
      await expect(action.handler(context({ name }).ctx)).rejects.toMatchObject(
        { code: 'INVALID_NAME' },
      );
      expect(puts).toEqual([]);
    },
  );

  it('refuses a publisher that there is not', async () => {
    await expect(
      action.handler(context({ name: 'orders', publisher: 'none' }).ctx),
    ).rejects.toMatchObject({
      code: 'NO_PUBLISHER',
      message: expect.stringContaining('first, portal'),
    });
  });

  it('publishes nothing in a dry run, but finds what would be refused', async () => {
    const { ctx, outputs } = context(
      { name: 'orders-tools' },
      { isDryRun: true },
    );
    await action.handler(ctx);
    expect(outputs).toEqual({
      catalogUrl,
      tools: ['get_order', 'list_orders'],
    });
    disk.addContent({ specs: { 'c.yaml': openApi(['get_order']) } });
    await expect(
      action.handler(context({ name: 'orders' }, { isDryRun: true }).ctx),
    ).rejects.toMatchObject({ code: 'DUPLICATE_TOOL_NAME' });
    expect(puts).toEqual([]);
  });

  it.each(examples)('example: $description', async ({ example }) => {
    const [step] = yaml.parse(example).steps;
    expect(step.action).toBe(action.id);
    const { specsDirectory = 'specs', publisher = 'first' } = step.input;
    disk.setContent({ [specsDirectory]: { 'a.yaml': openApi(['get_order']) } });
    const { ctx, outputs } = context(step.input);
    await action.handler(ctx);
    expect(puts).toMatchObject([{ publisher, name: step.input.name }]);
    expect(outputs.statement).toEqual(statement);
  });
});
