import { ResponseError } from '@backstage/errors';
import { convertLegacyRouteRef } from '@backstage/core-compat-api';
import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import type { Plan, RolloutsApi, Run } from '@agentyard/plugin-rollouts-common';
import { rolloutsApiRef } from '../../api';
import { rolloutsRouteRef } from '../../routes';
import { RolloutsRouter } from '../Router';

/** Opens a page of the plugin at its path, on an API that answers what is given. */
export function showPage(
  path: string,
  api: Partial<RolloutsApi>,
  authorize:
    | AuthorizeResult.ALLOW
    | AuthorizeResult.DENY = AuthorizeResult.ALLOW,
) {
  return renderInTestApp(<RolloutsRouter />, {
    apis: [
      [rolloutsApiRef, api as RolloutsApi],
      [permissionApiRef, mockApis.permission({ authorize })],
    ],
    initialRouteEntries: [`/rollouts${path}`],
    mountPath: '/rollouts',
    mountedRoutes: {
      '/rollouts': convertLegacyRouteRef(rolloutsRouteRef),
      '/catalog/:namespace/:kind/:name': convertLegacyRouteRef(entityRouteRef),
    },
  });
}

/** A request that the backend answers with this status. */
export const answered = (status: number) => async (): Promise<never> => {
  throw await ResponseError.fromResponse(
    new Response('{}', {
      status,
      headers: { 'content-type': 'application/json' },
    }),
  );
};

const at = '2026-09-01T12:00:00Z';
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'tools',
  name: 'orders',
};

/** A run whose image never started, and which was rolled back. */
export const rolledBack: Run = {
  id: 'run-2',
  planId: 'plan-2',
  digest: 'sha256:bb',
  kind: 'rollout',
  revision: 2,
  name: 'orders',
  cluster: 'prod',
  namespace: 'tools',
  state: 'rolled-back',
  verdict: 'rolled-back',
  progress: { total: 1, ready: 0, failed: 1 },
  createdBy: 'user:default/ada',
  createdAt: at,
  updatedAt: at,
  finishedAt: at,
  canRollback: false,
  objects: [
    {
      ref: deployment,
      action: 'update',
      state: 'failed',
      message: '0 of 2 updated replicas available',
      pods: [
        {
          name: 'orders-7d9f-x2x',
          phase: 'Pending',
          ready: false,
          restarts: 0,
          reason: 'ImagePullBackOff',
        },
      ],
    },
  ],
  rollback: [{ ref: deployment, action: 'update', state: 'ready', pods: [] }],
  evidence: [
    {
      object: deployment,
      pod: 'orders-7d9f-x2x',
      container: 'server',
      class: 'terminal',
      reason: 'ErrImagePull',
      message: 'manifest unknown',
      at,
    },
  ],
  events: [{ seq: 1, at, level: 'error', message: 'Deployment orders failed' }],
};

/** A run in its middle. */
export const moving: Run = {
  ...rolledBack,
  id: 'run-3',
  state: 'applying',
  verdict: undefined,
  finishedAt: undefined,
  progress: { total: 4, ready: 1, failed: 0 },
  evidence: [],
  rollback: [],
};

/** A run that stands and can be undone. */
export const standing: Run = {
  ...rolledBack,
  id: 'run-1',
  state: 'succeeded',
  verdict: 'succeeded',
  progress: { total: 1, ready: 1, failed: 0 },
  evidence: [],
  rollback: [],
  canRollback: true,
};

/** A plan that changes one image. */
export const imageChange: Plan = {
  id: 'plan-2',
  digest: 'sha256:bb',
  name: 'orders',
  cluster: 'prod',
  namespace: 'tools',
  kind: 'rollout',
  state: 'ready',
  counts: {
    create: 0,
    update: 1,
    unchanged: 3,
    prune: 0,
    keep: 0,
    refused: 0,
  },
  createdBy: 'user:default/ada',
  createdAt: at,
  expiresAt: '2026-09-01T14:00:00Z',
  problems: [],
  objects: [
    {
      ref: deployment,
      action: 'update',
      level: 6,
      simulated: false,
      diff: '@@ -1,2 +1,2 @@\n containers:\n-  image: orders:1\n+  image: orders:2\n',
    },
  ],
};
