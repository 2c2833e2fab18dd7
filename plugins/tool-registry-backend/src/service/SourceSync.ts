import type { LoggerService } from '@backstage/backend-plugin-api';
import type { SourceProvider } from '@agentyard/plugin-tool-registry-node';
import type { SourceStore } from '../database/SourceStore';
import type { ChangeAnnouncer } from './ChangeAnnouncer';
import type { Clock } from './Clock';
import type { ServerDirectory } from './ServerDirectory';
import { defineSource, type SourceDefinition } from './SourceDefinition';

/** Keeps the list of sources what the providers declare. */
export class SourceSync {
  readonly #providers: SourceProvider[];
  readonly #sources: SourceStore;
  readonly #servers: ServerDirectory;
  readonly #announcer: ChangeAnnouncer;
  readonly #logger: LoggerService;
  readonly #clock: Clock;

  constructor(options: {
    providers: SourceProvider[];
    sources: SourceStore;
    servers: ServerDirectory;
    announcer: ChangeAnnouncer;
    logger: LoggerService;
    clock: Clock;
  }) {
    this.#providers = options.providers;
    this.#sources = options.sources;
    this.#servers = options.servers;
    this.#announcer = options.announcer;
    this.#logger = options.logger;
    this.#clock = options.clock;
  }

  /** Asks each provider; one that fails keeps the sources that it had. */
  async sync(signal: AbortSignal): Promise<void> {
    await this.#sources.forgetOtherProviders(
      this.#providers.map(provider => provider.name),
    );
    const touched: string[] = [];
    for (const provider of this.#providers) {
      try {
        touched.push(...(await this.#syncProvider(provider, signal)));
      } catch (error) {
        this.#logger.warn(
          `Source provider '${provider.name}' failed; its sources stay as they are`,
          error as Error,
        );
      }
    }
    const servers = await this.#servers.reconcile();
    if (touched.length > 0 || servers.length > 0) {
      await this.#announcer.announce({
        sourceIds: touched,
        serverIds: servers,
        entities: true,
      });
    }
  }

  async #syncProvider(provider: SourceProvider, signal: AbortSignal) {
    const { name } = provider;
    const stored = new Map(
      (await this.#sources.list()).map(({ definition }) => [
        definition.id,
        definition,
      ]),
    );
    const definitions = new Map<string, SourceDefinition>();
    for (const declaration of await provider.listSources({ signal })) {
      try {
        const definition = defineSource(name, declaration);
        definitions.set(definition.id, definition);
      } catch (error) {
        // One bad declaration keeps its last good form, and does not stop the others.
        this.#logger.warn((error as Error).message);
        const last = stored.get(`${name}.${declaration.id}`);
        if (last) {
          definitions.set(last.id, last);
        }
      }
    }
    return this.#sources.reconcile(
      name,
      [...definitions.values()],
      this.#clock.now().toISOString(),
    );
  }
}
