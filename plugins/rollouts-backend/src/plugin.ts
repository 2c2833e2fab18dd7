import {
  RUN_SIGNAL_CHANNEL,
  rolloutsPermissions,
} from '@agentyard/plugin-rollouts-common';
import {
  rolloutsClusterAuthExtensionPoint,
  type ClusterAuth,
} from '@agentyard/plugin-rollouts-node';
import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import {
  actionsRegistryServiceRef,
  metricsServiceRef,
} from '@backstage/backend-plugin-api/alpha';
import { notificationService } from '@backstage/plugin-notifications-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { registerActions } from './actions/registerActions';
import { ClusterDirectory } from './clusters/ClusterDirectory';
import {
  localKubectlProxyAuth,
  serviceAccountAuth,
} from './clusters/serviceAccountAuth';
import { readRolloutsConfig } from './config';
import { connectDatabase } from './database/connectDatabase';
import { DatabaseRunStore } from './database/DatabaseRunStore';
import { PlanStore } from './database/PlanStore';
import { RunEventStore } from './database/RunEventStore';
import { createRouter } from './router/createRouter';
import { GuardedRollouts } from './service/GuardedRollouts';
import { createMetrics, observeRuns } from './service/metrics';
import { schedulePlanPurge } from './service/planPurge';
import { RolloutsService } from './service/RolloutsService';
import { RunTeller } from './service/RunTeller';
import { RunWorker } from './service/RunWorker';

/**
 * Rollouts: plans, runs, releases, and the worker that drives runs through the engine.
 *
 * @public
 */
export const rolloutsPlugin = createBackendPlugin({
  pluginId: 'rollouts',
  register(env) {
    const auths: ClusterAuth[] = [serviceAccountAuth(), localKubectlProxyAuth];
    env.registerExtensionPoint(rolloutsClusterAuthExtensionPoint, {
      addClusterAuth(auth) {
        if (auths.some(each => each.authProvider === auth.authProvider)) {
          throw new Error(
            `authProvider ${auth.authProvider} is served by two modules; remove one`,
          );
        }
        auths.push(auth);
      },
    });

    env.registerInit({
      deps: {
        actions: actionsRegistryServiceRef,
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        config: coreServices.rootConfig,
        database: coreServices.database,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        metrics: metricsServiceRef,
        notifications: notificationService,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
        signals: signalsServiceRef,
      },
      async init(deps) {
        const { config, lifecycle, logger } = deps;
        const { maxConcurrentRuns, maxObjects, policy } =
          readRolloutsConfig(config);
        const knex = await connectDatabase(deps.database);
        const runs = new DatabaseRunStore(knex);
        const plans = new PlanStore(knex);
        const events = new RunEventStore(knex);
        const clusters = new ClusterDirectory({ config, logger, auths });

        const metrics = createMetrics(deps.metrics);
        const teller = new RunTeller({
          runs,
          notifications: deps.notifications,
          metrics,
          logger,
        });
        const worker = new RunWorker({
          runs,
          events,
          clusters,
          logger,
          holder: `${hostname().slice(0, 64)}/${randomUUID()}`,
          maxConcurrent: maxConcurrentRuns,
          publish: runId =>
            deps.signals.publish({
              recipients: { type: 'broadcast' },
              channel: RUN_SIGNAL_CHANNEL,
              message: { runId },
            }),
          onFinished: run => teller.tell(run.id),
        });
        observeRuns(deps.metrics, {
          active: () => runs.countActive(),
          driven: () => worker.driving,
        });
        const rollouts = new GuardedRollouts({
          service: new RolloutsService({
            clusters,
            plans,
            runs,
            events,
            maxObjects,
            policy,
            onStarted: () => worker.wake(),
          }),
          permissions: deps.permissions,
          auditor: deps.auditor,
          auth: deps.auth,
          metrics,
        });

        deps.permissionsRegistry.addPermissions(rolloutsPermissions);
        registerActions(deps.actions, rollouts);
        deps.httpRouter.use(
          await createRouter({ rollouts, httpAuth: deps.httpAuth }),
        );
        await teller.schedule(deps.scheduler);
        await schedulePlanPurge(deps.scheduler, plans);

        lifecycle.addStartupHook(() => worker.start());
        lifecycle.addShutdownHook(async () => {
          await worker.stop();
          await clusters.close();
        });
      },
    });
  },
});
