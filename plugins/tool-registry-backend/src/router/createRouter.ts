import type {
  AuditorService,
  BackstageCredentials,
  HttpAuthService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  AuthorizeResult,
  type BasicPermission,
} from '@backstage/plugin-permission-common';
import {
  toolRegistryCatalogReadPermission,
  toolRegistrySourceRefreshPermission,
} from '@agentyard/plugin-tool-registry-common';
import type { Request } from 'express';
import { createOpenApiRouter } from '../schema/openapi';
import type { SourceRefresher } from '../service/SourceRefresher';
import type { ToolRegistry } from '../service/ToolRegistry';

/** The registry's HTTP API; `src/schema/openapi.yaml` is its truth. */
export async function createRouter(options: {
  registry: ToolRegistry;
  refresher: SourceRefresher;
  httpAuth: HttpAuthService;
  permissions: PermissionsService;
  auditor: AuditorService;
}) {
  const { registry, refresher, httpAuth, permissions, auditor } = options;
  const router = await createOpenApiRouter();

  async function demand(
    request: Request<any, any, any, any, any>,
    permission: BasicPermission,
  ): Promise<BackstageCredentials> {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    const [decision] = await permissions.authorize([{ permission }], {
      credentials,
    });
    if (decision.result !== AuthorizeResult.ALLOW) {
      throw new NotAllowedError(
        `This needs the permission ${permission.name}; ask whoever runs the portal for it`,
      );
    }
    return credentials;
  }

  router.get('/catalogs', async (request, response) => {
    await demand(request, toolRegistryCatalogReadPermission);
    response.json({ items: await registry.listCatalogs() });
  });

  router.get('/catalogs/:id', async (request, response) => {
    await demand(request, toolRegistryCatalogReadPermission);
    response.json(await registry.getCatalog(request.params.id));
  });

  router.get('/servers', async (request, response) => {
    await demand(request, toolRegistryCatalogReadPermission);
    response.json({ items: await registry.listServers() });
  });

  router.get('/servers/:id', async (request, response) => {
    await demand(request, toolRegistryCatalogReadPermission);
    response.json(await registry.getServer(request.params.id));
  });

  router.get('/tools', async (request, response) => {
    await demand(request, toolRegistryCatalogReadPermission);
    const { cursor, limit, ...filter } = request.query;
    response.json(await registry.listTools({ filter, cursor, limit }));
  });

  router.get('/tools/:id', async (request, response) => {
    await demand(request, toolRegistryCatalogReadPermission);
    response.json(await registry.getTool(request.params.id));
  });

  router.get('/sources', async (request, response) => {
    await demand(request, toolRegistryCatalogReadPermission);
    response.json({ items: await registry.listSources() });
  });

  router.post('/sources/:id/refresh', async (request, response) => {
    await demand(request, toolRegistrySourceRefreshPermission);
    const { id } = request.params;
    const event = await auditor.createEvent({
      eventId: 'source-refresh',
      severityLevel: 'medium',
      request: request as Request,
      meta: { sourceId: id },
    });
    try {
      // Not ended when the client goes away: the attempt is for everybody.
      const source = await refresher.refresh(id, new AbortController().signal);
      await event.success({ meta: { outcome: source.lastFetch.outcome } });
      response.json(source);
    } catch (error) {
      await event.fail({ error: error as Error });
      throw error;
    }
  });

  router.get('/entities', async (request, response) => {
    await httpAuth.credentials(request as Request, { allow: ['service'] });
    response.json({ items: (await registry.listEntities()) as any });
  });

  return router;
}
