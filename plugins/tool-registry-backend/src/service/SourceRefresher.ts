import { NotFoundError } from '@backstage/errors';
import type { Source } from '@agentyard/plugin-tool-registry-common';
import type { ServerStore } from '../database/ServerStore';
import type { SourceStore, StoredSource } from '../database/SourceStore';
import type { CatalogReader } from './CatalogReader';
import { toServerId } from './names';
import type { ServerProber } from './ServerProber';
import type { EatCatalogSource } from './SourceDefinition';
import type { ToolRegistry } from './ToolRegistry';

/** Reads a source when somebody asks for it. */
export class SourceRefresher {
  readonly #sources: SourceStore;
  readonly #servers: ServerStore;
  readonly #reader: CatalogReader;
  readonly #prober: ServerProber;
  readonly #registry: ToolRegistry;

  constructor(options: {
    sources: SourceStore;
    servers: ServerStore;
    reader: CatalogReader;
    prober: ServerProber;
    registry: ToolRegistry;
  }) {
    this.#sources = options.sources;
    this.#servers = options.servers;
    this.#reader = options.reader;
    this.#prober = options.prober;
    this.#registry = options.registry;
  }

  /**
   * @returns the source with the attempt's outcome, good or bad
   * @throws NotFoundError
   */
  async refresh(id: string, signal: AbortSignal): Promise<Source> {
    const source = await this.#sources.get(id);
    if (!source) {
      throw new NotFoundError(`No source with id '${id}'`);
    }
    const { definition } = source;
    if (definition.type === 'eat-catalog') {
      await this.#reader.read(source as StoredSource<EatCatalogSource>, signal);
    } else {
      const server = await this.#servers.get(toServerId(definition.url));
      if (server) {
        await this.#prober.probe(server, signal);
      }
    }
    return this.#registry.getSource(id);
  }
}
