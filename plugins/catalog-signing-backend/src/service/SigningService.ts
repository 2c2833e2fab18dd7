import { LoggerService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import { SpecSource } from '@agentyard/plugin-catalog-signing-node';
import { PUBLICATION_NAME_PATTERN } from '@agentyard/plugin-catalog-signing-common';
import { SigningConfigError } from '../errors';
import { CatalogPublisher } from './CatalogPublisher';

/** All publishers, and the sources that bring them publications. */
export class SigningService {
  readonly #publishers: Map<string, CatalogPublisher>;
  readonly #sources: SpecSource[];
  readonly #logger: LoggerService;

  /** @throws SigningConfigError when a source names a publisher that there is not, or has a bad name */
  constructor(options: {
    publishers: CatalogPublisher[];
    sources: SpecSource[];
    logger: LoggerService;
  }) {
    this.#publishers = new Map(options.publishers.map(p => [p.config.id, p]));
    this.#logger = options.logger;
    this.#sources = options.sources;
    const seen = new Set<string>();
    for (const source of this.#sources) {
      if (!PUBLICATION_NAME_PATTERN.test(source.name)) {
        throw new SigningConfigError(
          `The spec source "${source.name}" needs a name of 3 to 40 lower-case letters, digits and hyphens`,
        );
      }
      const publisher = this.#publisherOf(source);
      if (!publisher) {
        throw new SigningConfigError(
          `The spec source "${source.name}" is for the publisher "${
            source.publisherId ?? '(the first)'
          }", which agentyard.signing.publishers does not have`,
        );
      }
      const key = `${publisher.config.id}/${source.name}`;
      if (seen.has(key)) {
        throw new SigningConfigError(`Two spec sources are named "${key}"`);
      }
      seen.add(key);
    }
  }

  /** In the order of the configuration. */
  get publishers(): CatalogPublisher[] {
    return [...this.#publishers.values()];
  }

  /** The one that is served at the backend's root. */
  get defaultPublisher(): CatalogPublisher | undefined {
    return this.publishers[0];
  }

  /** @throws NotFoundError */
  publisher(id: string): CatalogPublisher {
    const publisher = this.#publishers.get(id);
    if (!publisher) throw new NotFoundError(`There is no publisher "${id}"`);
    return publisher;
  }

  /**
   * Serves what was published last, then brings everything up to date. Never throws: what fails is logged, shown at
   * the publisher and tried again by {@link renew}.
   */
  async start() {
    for (const publisher of this.publishers) {
      try {
        await publisher.load();
        const sources = this.#sources.filter(
          source => this.#publisherOf(source) === publisher,
        );
        await publisher.dropSources(sources.map(({ name }) => name));
      } catch (error) {
        this.#logger.error(
          `The publications of "${publisher.config.id}" cannot be loaded`,
          error as Error,
        );
      }
      await publisher.renew();
    }
    for (const source of this.#sources) {
      const publisher = this.#publisherOf(source)!;
      const take = () => publisher.putFromSource(source.name, source.read);
      source.onChange?.(() => void take());
      void take();
    }
  }

  /** Signs anew where it is time. */
  async renew() {
    for (const publisher of this.publishers) await publisher.renew();
  }

  /** Takes over what other replicas have published. */
  async follow() {
    for (const publisher of this.publishers) await publisher.follow();
  }

  #publisherOf(source: SpecSource) {
    return source.publisherId === undefined
      ? this.defaultPublisher
      : this.#publishers.get(source.publisherId);
  }
}
