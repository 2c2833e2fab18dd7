import type { CatalogStore } from '../database/CatalogStore';
import type { ServerStore } from '../database/ServerStore';
import type { SourceStore } from '../database/SourceStore';
import type { Clock } from './Clock';
import { toServerId } from './names';

/** Keeps the list of servers what sources and accepted catalogs name. */
export class ServerDirectory {
  readonly #sources: SourceStore;
  readonly #catalogs: CatalogStore;
  readonly #servers: ServerStore;
  readonly #clock: Clock;

  constructor(options: {
    sources: SourceStore;
    catalogs: CatalogStore;
    servers: ServerStore;
    clock: Clock;
  }) {
    this.#sources = options.sources;
    this.#catalogs = options.catalogs;
    this.#servers = options.servers;
    this.#clock = options.clock;
  }

  /** @returns ids of the servers that came or went */
  async reconcile(): Promise<string[]> {
    const urls = new Map<string, string>();
    for (const { definition } of await this.#sources.list()) {
      if (definition.type === 'mcp-server') {
        urls.set(toServerId(definition.url), definition.url);
      }
    }
    for (const { id, url } of await this.#catalogs.listServerUrls()) {
      urls.set(id, urls.get(id) ?? url);
    }
    return this.#servers.reconcile(
      [...urls].map(([id, url]) => ({ id, url })),
      this.#clock.now().toISOString(),
    );
  }
}
