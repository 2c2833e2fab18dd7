import { MAX_MANIFEST_BYTES } from '@agentyard/plugin-rollouts-common';
import type { HttpAuthService } from '@backstage/backend-plugin-api';
import express, { type Request } from 'express';
import { createOpenApiRouter } from '../schema/openapi';
import type { Caller, GuardedRollouts } from '../service/GuardedRollouts';

// JSON writes a quote or line end of a manifest as two characters; the rest of the body is small.
const MAX_BODY_BYTES = 2 * MAX_MANIFEST_BYTES + 64 * 1024;

/** The HTTP API, as `schema/openapi.yaml` says. */
export async function createRouter(options: {
  rollouts: GuardedRollouts;
  httpAuth: HttpAuthService;
}): Promise<express.Router> {
  const { rollouts, httpAuth } = options;
  const caller = async (
    request: Request<any, any, any, any>,
  ): Promise<Caller> => ({
    credentials: await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    }),
    request,
  });
  const outer = express.Router();
  // Before the validator, which would call every parser error, "too large" included, a bad request.
  outer.use(express.json({ limit: MAX_BODY_BYTES }));
  const router = await createOpenApiRouter({
    middleware: [(_req, _res, next) => next()],
  });
  outer.use(router);

  router.get('/clusters', async (req, res) => {
    res.json({ items: await rollouts.listClusters(await caller(req)) });
  });

  router.get('/plans', async (req, res) => {
    res.json({ items: await rollouts.listPlans(await caller(req), req.query) });
  });

  router.post('/plans', async (req, res) => {
    res
      .status(201)
      .json(await rollouts.createPlan(await caller(req), req.body));
  });

  router.get('/plans/:id', async (req, res) => {
    res.json(await rollouts.getPlan(await caller(req), req.params.id));
  });

  router.get('/runs', async (req, res) => {
    res.json({ items: await rollouts.listRuns(await caller(req), req.query) });
  });

  router.post('/runs', async (req, res) => {
    const { run, created } = await rollouts.startRun(
      await caller(req),
      req.body,
    );
    res.status(created ? 201 : 200).json(run);
  });

  router.get('/runs/:id', async (req, res) => {
    res.json(await rollouts.getRun(await caller(req), req.params.id));
  });

  router.post('/runs/:id/rollback', async (req, res) => {
    res
      .status(202)
      .json(await rollouts.rollbackRun(await caller(req), req.params.id));
  });

  router.get('/releases', async (req, res) => {
    res.json({
      items: await rollouts.listReleases(await caller(req), req.query),
    });
  });

  return outer;
}
