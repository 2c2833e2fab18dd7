import type {
  Source,
  ToolRegistryApi,
} from '@agentyard/plugin-tool-registry-common';
import { renderInTestApp, mockApis } from '@backstage/frontend-test-utils';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { toolRegistryApiRef } from '../../api';
import { SourcesPage } from '../SourcesPage';

/** A source that could not be read. */
export const ordersSource: Source = {
  id: 'orders',
  type: 'eat-catalog',
  url: 'https://tools.example.org/.well-known/api-catalog',
  origin: { provider: 'config' },
  owner: 'group:default/shop',
  intervalSeconds: 300,
  lastFetch: {
    outcome: 'failed',
    at: '2026-09-02T08:00:00Z',
    reason: { code: 'TIMEOUT', message: 'No answer within 10 seconds.' },
  },
};

/** The page, for a person who may have sources read or may not. */
export function showSources(
  api: Partial<ToolRegistryApi>,
  authorize: AuthorizeResult.ALLOW | AuthorizeResult.DENY,
) {
  return renderInTestApp(<SourcesPage />, {
    apis: [
      [toolRegistryApiRef, api as ToolRegistryApi],
      [permissionApiRef, mockApis.permission({ authorize })],
    ],
  });
}
