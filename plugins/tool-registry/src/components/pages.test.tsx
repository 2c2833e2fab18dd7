import { ResponseError } from '@backstage/errors';
import type {
  Catalog,
  Tool,
  ToolRegistryApi,
} from '@agentyard/plugin-tool-registry-common';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { convertLegacyRouteRef } from '@backstage/core-compat-api';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { toolRegistryApiRef } from '../api';
import { catalogsRouteRef, serversRouteRef, toolsRouteRef } from '../routes';
import { CatalogDetail } from './CatalogPage';
import { ToolDetail } from './ToolPage';
import { ToolsPage } from './ToolsPage';

const getOrder: Tool = {
  id: 'orders:get_order',
  name: 'get_order',
  description: 'Read one order',
  version: '1.4.0',
  capabilities: ['orders', 'read-only'],
  owner: 'group:default/shop',
  entityRef: 'api:default/orders-get-order',
  digest: 'sha256:aa',
  catalog: {
    id: 'orders',
    name: 'orders',
    title: 'Orders',
    entityRef: 'resource:default/orders',
    verdict: 'verified',
  },
  server: {
    id: 'srv',
    name: 'orders-mcp',
    title: 'Orders MCP',
    url: 'https://mcp.example.org/orders/mcp',
    entityRef: 'api:default/orders-mcp',
    health: 'healthy',
  },
  live: 'listed',
  definition: {},
  specUrl: 'https://tools.example.org/specs/orders.yaml',
  examples: [
    { description: 'An order that exists', input: { orderId: 'A-17' } },
  ],
  liveTool: {
    name: 'get_order',
    digest: 'sha256:bb',
    inputSchema: {
      type: 'object',
      required: ['orderId'],
      properties: { orderId: { type: 'string', description: 'Which order.' } },
    },
  },
  firstSeenAt: '2026-09-01T08:00:00Z',
  changedAt: '2026-09-01T08:00:00Z',
};

const orders: Catalog = {
  id: 'orders',
  name: 'orders',
  title: 'Orders',
  url: 'https://tools.example.org/.well-known/api-catalog',
  entityRef: 'resource:default/orders',
  owner: 'group:default/shop',
  publisher: 'did:web:tools.example.org',
  profile: 'strict',
  mode: 'enforce',
  verdict: {
    status: 'refused',
    reasons: [{ code: 'EXPIRED', message: 'The statement ended at noon.' }],
    steps: [
      { id: 'fetch', title: 'Fetch the catalog', outcome: 'passed' },
      {
        id: 'times',
        title: 'Check the times',
        outcome: 'failed',
        detail: 'exp is in the past',
      },
    ],
    checkedAt: '2026-09-02T08:00:00Z',
    since: '2026-09-02T07:00:00Z',
  },
  snapshot: {
    digest: 'sha256:e7',
    seq: 42,
    verdict: 'verified',
    acceptedAt: '2026-09-01T08:00:00Z',
    confirmedAt: '2026-09-02T06:00:00Z',
    toolCount: 1,
  },
  changes: [],
  tools: [getOrder],
};

const unanswered = () => new Promise<never>(() => {});
const answered = (status: number) => async () => {
  throw await ResponseError.fromResponse(
    new Response('{}', {
      status,
      headers: { 'content-type': 'application/json' },
    }) as any,
  );
};

function show(page: JSX.Element, api: Partial<ToolRegistryApi>) {
  return renderInTestApp(page, {
    apis: [[toolRegistryApiRef, { listCatalogs: unanswered, ...api } as any]],
    mountedRoutes: {
      '/tools': convertLegacyRouteRef(toolsRouteRef),
      '/servers': convertLegacyRouteRef(serversRouteRef),
      '/tool-catalogs': convertLegacyRouteRef(catalogsRouteRef),
      '/catalog/:namespace/:kind/:name': convertLegacyRouteRef(entityRouteRef),
    },
  });
}

describe('the page of tools', () => {
  it('shows what each tool does and whether it may be trusted', async () => {
    show(<ToolsPage />, {
      listTools: async () => ({ items: [getOrder], totalItems: 1 }),
    });
    const link = await screen.findByRole('link', { name: 'get_order' });
    expect(link).toHaveAttribute('href', '/tools/orders:get_order');
    expect(screen.getByText('Read one order')).toBeInTheDocument();
    expect(screen.getByText('1 tool')).toBeInTheDocument();
    const row = screen.getByRole('row', { name: /get_order/ });
    expect(within(row).getByText('verified')).toBeInTheDocument();
  });

  it('says how to fill it when there is nothing yet', async () => {
    show(<ToolsPage />, {
      listTools: async () => ({ items: [], totalItems: 0 }),
    });
    expect(await screen.findByText('There is no tool yet')).toBeInTheDocument();
  });

  it('searches at the registry, and says when nothing matches', async () => {
    const listTools = jest.fn(async (request: any) =>
      request.filter.query
        ? { items: [], totalItems: 0 }
        : { items: [getOrder], totalItems: 1 },
    );
    show(<ToolsPage />, { listTools });
    await screen.findByText('get_order');
    await userEvent.type(screen.getByRole('searchbox'), 'refund');
    expect(await screen.findByText('No tool matches')).toBeInTheDocument();
    expect(listTools).toHaveBeenLastCalledWith(
      expect.objectContaining({
        filter: expect.objectContaining({ query: 'refund' }),
      }),
      expect.anything(),
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Clear filters' }),
    );
    expect(await screen.findByText('get_order')).toBeInTheDocument();
  });

  it('tells forbidden, unreachable and loading apart', async () => {
    const forbidden = show(<ToolsPage />, { listTools: answered(403) });
    expect(
      await screen.findByText('You may not see the tools'),
    ).toBeInTheDocument();
    forbidden.unmount();

    const unreachable = show(<ToolsPage />, { listTools: answered(503) });
    expect(
      await screen.findByText('Could not get the tools'),
    ).toBeInTheDocument();
    unreachable.unmount();

    show(<ToolsPage />, { listTools: unanswered });
    expect(
      await screen.findByRole('status', { name: 'Loading the tools' }),
    ).toBeInTheDocument();
  });
});

describe('the page of a tool', () => {
  it('shows what it takes, how to use it and who says so', async () => {
    show(<ToolDetail id="orders:get_order" />, {
      getTool: async () => getOrder,
    });
    const takes = await screen.findByRole('region', { name: 'What it takes' });
    expect(within(takes).getByText('orderId')).toBeInTheDocument();
    expect(within(takes).getByText('Which order.')).toBeInTheDocument();
    const use = screen.getByRole('region', { name: 'How to use it' });
    expect(use).toHaveTextContent('https://mcp.example.org/orders/mcp');
    const origin = screen.getByRole('region', { name: 'Who says so' });
    expect(
      within(origin).getByRole('link', { name: 'Orders' }),
    ).toHaveAttribute('href', '/tool-catalogs/orders');
  });

  it('does not pretend to know a schema that no server has told', async () => {
    show(<ToolDetail id="orders:get_order" />, {
      getTool: async () => ({ ...getOrder, liveTool: undefined }),
    });
    expect(await screen.findAllByText(/its schema is not known/)).toHaveLength(
      2,
    );
  });
});

describe('the page of a catalog', () => {
  it('begins with the verdict, its reason and the step that failed', async () => {
    show(<CatalogDetail id="orders" />, { getCatalog: async () => orders });
    const verdict = await screen.findByRole('region', { name: 'Verdict' });
    expect(within(verdict).getByText('refused')).toBeInTheDocument();
    expect(within(verdict).getByText('EXPIRED')).toBeInTheDocument();
    expect(
      within(verdict).getByText('The statement ended at noon.', {
        exact: false,
      }),
    ).toBeInTheDocument();
    expect(within(verdict).getByText('exp is in the past')).toBeInTheDocument();
  });

  it('says that something is not there', async () => {
    show(<CatalogDetail id="gone" />, { getCatalog: answered(404) });
    expect(
      await screen.findByText('There is nothing at this address'),
    ).toBeInTheDocument();
  });
});
