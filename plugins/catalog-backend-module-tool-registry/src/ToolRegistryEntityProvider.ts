import type {
  AuthService,
  LoggerService,
  SchedulerServiceTaskRunner,
} from '@backstage/backend-plugin-api';
import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  type Entity,
} from '@backstage/catalog-model';
import type {
  EntityProvider,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import type { EventsService } from '@backstage/plugin-events-node';
import {
  ENTITY_PROVIDER_LOCATION,
  isMcpServer,
  isMcpTool,
  isToolCatalog,
  TOOL_REGISTRY_CHANGED_TOPIC,
  type ToolRegistryApi,
} from '@agentyard/plugin-tool-registry-common';

/**
 * Brings the registry's entities into the catalog: on schedule, and as soon as the registry says
 * that they changed. What could not be read in full changes nothing.
 */
export class ToolRegistryEntityProvider implements EntityProvider {
  readonly #registry: Pick<ToolRegistryApi, 'listEntities'>;
  readonly #auth: AuthService;
  readonly #events: EventsService;
  readonly #taskRunner: SchedulerServiceTaskRunner;
  readonly #logger: LoggerService;
  #connection: EntityProviderConnection | undefined;
  #running: Promise<void> | undefined;
  #askedAgain = false;

  constructor(options: {
    registry: Pick<ToolRegistryApi, 'listEntities'>;
    auth: AuthService;
    events: EventsService;
    taskRunner: SchedulerServiceTaskRunner;
    logger: LoggerService;
  }) {
    this.#registry = options.registry;
    this.#auth = options.auth;
    this.#events = options.events;
    this.#taskRunner = options.taskRunner;
    this.#logger = options.logger;
  }

  getProviderName() {
    return 'tool-registry';
  }

  async connect(connection: EntityProviderConnection) {
    this.#connection = connection;
    await this.#events.subscribe({
      id: 'catalog-tool-registry-entities',
      topics: [TOOL_REGISTRY_CHANGED_TOPIC],
      onEvent: () => this.refresh(),
    });
    await this.#taskRunner.run({
      id: 'tool-registry-entities',
      fn: () => this.refresh(),
    });
  }

  /** Reads and applies; who asks while that runs has it done once more, however many ask. */
  async refresh(): Promise<void> {
    if (this.#running) {
      this.#askedAgain = true;
      return this.#running;
    }
    this.#running = this.#untilNobodyAsks();
    try {
      await this.#running;
    } finally {
      this.#running = undefined;
    }
    return undefined;
  }

  async #untilNobodyAsks() {
    do {
      this.#askedAgain = false;
      await this.#apply();
    } while (this.#askedAgain);
  }

  async #apply() {
    let items: Entity[];
    try {
      const { token } = await this.#auth.getPluginRequestToken({
        onBehalfOf: await this.#auth.getOwnServiceCredentials(),
        targetPluginId: 'tool-registry',
      });
      ({ items } = await this.#registry.listEntities({ token }));
    } catch (error) {
      this.#logger.warn(
        'The tool registry could not be asked for its entities; they stay as they are',
        error as Error,
      );
      return;
    }
    const entities = items.filter(isOurs);
    if (entities.length < items.length) {
      this.#logger.warn(
        `The tool registry answered ${
          items.length - entities.length
        } entities of other kinds than its own; they are left out`,
      );
    }
    await this.#connection!.applyMutation({
      type: 'full',
      entities: entities.map(entity => ({
        entity: located(entity),
        locationKey: ENTITY_PROVIDER_LOCATION,
      })),
    });
    this.#logger.debug(`The tool registry has ${entities.length} entities`);
  }
}

/** What a provider emits is not held against the catalog's rules, so it is held against these. */
function isOurs(entity: Entity) {
  return isMcpServer(entity) || isMcpTool(entity) || isToolCatalog(entity);
}

function located(entity: Entity): Entity {
  return {
    ...entity,
    metadata: {
      ...entity.metadata,
      annotations: {
        ...entity.metadata.annotations,
        [ANNOTATION_LOCATION]: ENTITY_PROVIDER_LOCATION,
        [ANNOTATION_ORIGIN_LOCATION]: ENTITY_PROVIDER_LOCATION,
      },
    },
  };
}
