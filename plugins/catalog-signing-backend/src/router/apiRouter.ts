import express, { Request as AnyRequest, RequestHandler } from 'express';
import {
  AuditorService,
  HttpAuthService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { assertError, NotAllowedError } from '@backstage/errors';
import {
  AuthorizeResult,
  BasicPermission,
} from '@backstage/plugin-permission-common';
import {
  catalogSigningCatalogPublishPermission,
  catalogSigningPublisherReadPermission,
} from '@agentyard/plugin-catalog-signing-common';
import { createOpenApiRouter } from '../schema/openapi';
import { SigningService } from '../service/SigningService';

// Above the bound of the documents themselves: JSON escapes make them longer.
const BODY_LIMIT = '12mb';

// The generated types of parameters and queries differ from route to route.
type Request = AnyRequest<any, any, any, any>;

/** The HTTP API below `/api/catalog-signing`. */
export async function createApiRouter(options: {
  service: SigningService;
  httpAuth: HttpAuthService;
  permissions: PermissionsService;
  auditor: AuditorService;
}): Promise<RequestHandler> {
  const { service, httpAuth, permissions, auditor } = options;

  async function authorize(req: Request, permission: BasicPermission) {
    const credentials = await httpAuth.credentials(req, {
      allow: ['user', 'service'],
    });
    const [decision] = await permissions.authorize([{ permission }], {
      credentials,
    });
    if (decision.result !== AuthorizeResult.ALLOW) {
      throw new NotAllowedError(
        `This needs the permission ${permission.name}. Ask those who run the portal for it.`,
      );
    }
  }

  /** Runs a change between the two halves of an audit event. */
  async function audited<T>(
    req: Request,
    meta: { actionType: 'put' | 'delete'; publisher: string; name: string },
    fn: () => Promise<T>,
    outcome: (result: T) => Record<string, string | number | boolean>,
  ): Promise<T> {
    const event = await auditor.createEvent({
      eventId: 'catalog-publish',
      severityLevel: meta.actionType === 'delete' ? 'high' : 'medium',
      request: req,
      meta,
    });
    try {
      const result = await fn();
      await event.success({ meta: outcome(result) });
      return result;
    } catch (error) {
      assertError(error);
      await event.fail({ error });
      throw error;
    }
  }

  const router = await createOpenApiRouter();

  router.get('/publishers', async (req, res) => {
    await authorize(req, catalogSigningPublisherReadPermission);
    res.json({ items: service.publishers.map(p => p.describe()) });
  });

  router.get('/publishers/:id', async (req, res) => {
    await authorize(req, catalogSigningPublisherReadPermission);
    res.json(await service.publisher(req.params.id).detail());
  });

  router.get('/publishers/:id/log', async (req, res) => {
    await authorize(req, catalogSigningPublisherReadPermission);
    const { before, limit = 50 } = req.query;
    const items = await service.publisher(req.params.id).log({ before, limit });
    res.json({ items });
  });

  router.put('/publishers/:id/publications/:name', async (req, res) => {
    await authorize(req, catalogSigningCatalogPublishPermission);
    const { id, name } = req.params;
    const publisher = service.publisher(id);
    const result = await audited(
      req,
      { actionType: 'put', publisher: id, name },
      () => publisher.put(name, req.body.specs, 'api'),
      ({ changed, statement }) => ({
        changed,
        seq: statement.seq,
        catalogHash: statement.catalogHash,
      }),
    );
    res.json(result);
  });

  router.delete('/publishers/:id/publications/:name', async (req, res) => {
    await authorize(req, catalogSigningCatalogPublishPermission);
    const { id, name } = req.params;
    const publisher = service.publisher(id);
    const result = await audited(
      req,
      { actionType: 'delete', publisher: id, name },
      () => publisher.delete(name),
      ({ statement }) => ({
        seq: statement.seq,
        catalogHash: statement.catalogHash,
      }),
    );
    res.json(result);
  });

  // In front of the validating router, which would make 400 of every 413.
  return express
    .Router()
    .use(express.json({ limit: BODY_LIMIT }))
    .use(router);
}
