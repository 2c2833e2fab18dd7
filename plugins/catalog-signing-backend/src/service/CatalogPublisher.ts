import { setTimeout } from 'node:timers/promises';
import {
  isDatabaseConflictError,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { assertError, NotFoundError } from '@backstage/errors';
import { Knex } from 'knex';
import {
  canonicalHash,
  canonicalize,
  didDocument,
  EatError,
  jwks,
  parseJson,
  sha256,
  signCatalog,
  type HighWaterMark,
  type JsonObject,
  type Sha256,
  type Signer,
  type Statement,
} from '@agentyard/eat';
import {
  CatalogStatement,
  DeletePublicationResult,
  LogEntry,
  Publication,
  Publisher,
  PublisherDetail,
  PublishProblem,
  PutPublicationResult,
  SpecFile,
} from '@agentyard/plugin-catalog-signing-common';
import { PublisherConfig } from '../config';
import { RegisteredKey } from '../database/KeyStateStore';
import { LogStore } from '../database/LogStore';
import {
  PublicationStore,
  StoredPublication,
} from '../database/PublicationStore';
import {
  PublishedCatalog,
  PublishedCatalogStore,
} from '../database/PublishedCatalogStore';
import {
  PublicationConflictError,
  PublicationRefusedError,
  SigningUnavailableError,
} from '../errors';
import { KeyRegistry } from '../keys/KeyRegistry';
import {
  addresses,
  buildCatalog,
  refuseCollisions,
  toolNames,
} from './buildCatalog';
import { checkSpecs, LIMITS, specsHash } from './checkSpecs';
import { selfVerify } from './selfVerify';
import { renderDocuments, ServedDocuments } from './servedDocuments';

/** How long a statement is valid. */
export const LIFETIME_SECONDS = 24 * 60 * 60;

// A signer that does not answer must not hold up the queue for ever.
const SIGNING_TIMEOUT_MS = 30_000;

type Change =
  | { kind: 'put'; publication: StoredPublication }
  | { kind: 'delete'; name: string };

/** What is in force: publications and the statement over them. */
interface State {
  publications: StoredPublication[];
  published: PublishedCatalog;
  statement: CatalogStatement;
  served: ServedDocuments;
}

/**
 * One publisher: takes publications, generates, signs and verifies the catalog over all of them, and exchanges what is
 * served in one step. Changes are made one after the other; between replicas the database decides, by the statement's
 * number.
 */
export class CatalogPublisher {
  readonly config: PublisherConfig;
  readonly #knex: Knex;
  readonly #logger: LoggerService;
  readonly #openSigner: () => Promise<Signer>;
  readonly #onKeysCreated: (keys: RegisteredKey[]) => Promise<void>;
  readonly #now: () => Date;
  readonly #keys: KeyRegistry;
  readonly #problems = new Map<string, PublishProblem[]>();
  #signer: Promise<Signer> | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #state: State | undefined;

  constructor(options: {
    config: PublisherConfig;
    knex: Knex;
    logger: LoggerService;
    openSigner(): Promise<Signer>;
    /** Called with keys that were taken up for the first time. */
    onKeysCreated?(keys: RegisteredKey[]): Promise<void>;
    now?(): Date;
  }) {
    this.config = options.config;
    this.#knex = options.knex;
    this.#logger = options.logger;
    this.#openSigner = options.openSigner;
    this.#onKeysCreated = options.onKeysCreated ?? (async () => {});
    this.#now = options.now ?? (() => new Date());
    this.#keys = new KeyRegistry(options.knex, options.config);
  }

  /** What is to be served, or `undefined` before the first statement. Its `exp` is for the caller to check. */
  get served(): ServedDocuments | undefined {
    return this.#state?.served;
  }

  /** Seconds until the statement expires; `undefined` before the first one. */
  get secondsLeft(): number | undefined {
    return this.#state && this.#state.published.exp - seconds(this.#now());
  }

  /** Where the publisher stands. */
  describe(): Publisher {
    const { id, did, title, baseUrl, defaultRepresentation } = this.config;
    const problems = [...this.#problems.values()].flat();
    const left = this.secondsLeft;
    let status: Publisher['status'] = 'published';
    if (left === undefined)
      status = problems.length ? 'refused' : 'unpublished';
    else if (left <= 0) status = 'expired';
    else if (problems.length > 0) status = 'refused';
    return {
      id,
      did,
      title,
      baseUrl,
      catalogUrl: addresses(baseUrl).catalog,
      defaultRepresentation,
      status,
      problems,
      ...(this.#state && { statement: this.#state.statement }),
    };
  }

  /** The publisher with its keys and publications. */
  async detail(): Promise<PublisherDetail> {
    const keys = await this.#keys.list();
    return {
      ...this.describe(),
      keys: keys.map(({ kid, alg, provider, state, createdAt }) => ({
        kid,
        alg,
        provider,
        state,
        createdAt,
      })),
      publications: (this.#state?.publications ?? []).map(publication =>
        this.#view(publication),
      ),
    };
  }

  /** Entries of the log, newest first. */
  async log(page: { before?: number; limit: number }): Promise<LogEntry[]> {
    return new LogStore(this.#knex).list(this.config.id, page);
  }

  /** Takes what is published from the database, so that it is served before anything else is done. */
  async load() {
    const store = new PublishedCatalogStore(this.#knex);
    const published = await store.get(this.config.id);
    if (!published) return;
    const publications = await new PublicationStore(this.#knex).list(
      this.config.id,
    );
    // Between the two reads another replica may have published; then the next look finds both.
    if ((await store.seq(this.config.id)) !== published.seq) return;
    this.#take(publications, published);
  }

  /** Takes over what another replica has published. */
  async follow() {
    await this.#enqueue(async () => {
      const seq = await new PublishedCatalogStore(this.#knex).seq(
        this.config.id,
      );
      if (seq !== undefined && seq !== this.#state?.published.seq) {
        await this.load();
      }
    });
  }

  /**
   * Signs anew if half of the statement's life is over or its keys have changed; signs the first time if nothing was.
   * Failures are shown as the publisher's problems.
   */
  async renew() {
    await this.#reporting('renew', () =>
      this.#enqueue(() => this.#publish(undefined)),
    );
  }

  /**
   * Puts a publication and publishes.
   *
   * @throws PublicationRefusedError, PublicationConflictError, SigningUnavailableError; nothing is changed then
   */
  async put(
    name: string,
    specs: SpecFile[],
    origin: StoredPublication['origin'],
  ): Promise<PutPublicationResult> {
    checkSpecs(specs);
    return this.#enqueue(async () => {
      const sorted = [...specs].sort((a, b) => (a.path < b.path ? -1 : 1));
      const publication: StoredPublication = {
        name,
        origin,
        contentHash: specsHash(specs),
        tools: toolNames(this.config, name, sorted),
        updatedAt: this.#now().toISOString(),
        specs: sorted,
      };
      const { state, changed } = await this.#publish({
        kind: 'put',
        publication,
      });
      return {
        publication: this.#view(state.publications.find(p => p.name === name)!),
        statement: state.statement,
        catalogUrl: addresses(this.config.baseUrl).catalog,
        changed,
      };
    });
  }

  /**
   * Takes a publication out and publishes the rest.
   *
   * @throws NotFoundError, PublicationConflictError `PUBLICATION_OF_SOURCE`, SigningUnavailableError
   */
  async delete(name: string): Promise<DeletePublicationResult> {
    return this.#enqueue(async () => {
      const { state } = await this.#publish({ kind: 'delete', name });
      return {
        statement: state.statement,
        catalogUrl: addresses(this.config.baseUrl).catalog,
      };
    });
  }

  /** Puts what a source delivers. A failure is shown as the publisher's problem, and the publication stays as it was. */
  async putFromSource(name: string, read: () => Promise<SpecFile[]>) {
    await this.#reporting(`source ${name}`, async () =>
      this.put(name, await read(), 'source'),
    );
  }

  /** Takes out the publications of sources that are no more. */
  async dropSources(present: string[]) {
    const publications = await new PublicationStore(this.#knex).list(
      this.config.id,
    );
    for (const { name, origin } of publications) {
      if (origin !== 'source' || present.includes(name)) continue;
      await this.#reporting(`source ${name}`, () =>
        this.#enqueue(() => this.#publish({ kind: 'delete', name }, true)),
      );
    }
  }

  async #publish(
    change: Change | undefined,
    bySource = change?.kind === 'put' && change.publication.origin === 'source',
  ): Promise<{ state: State; changed: boolean }> {
    const signer = await this.#openedSigner();
    for (let attempt = 1; ; attempt++) {
      try {
        const done = await this.#attempt(signer, change, bySource);
        if (done) return done;
      } catch (error) {
        if (!isDatabaseConflictError(error)) throw error;
      }
      if (attempt === 5) {
        throw new SigningUnavailableError(
          'BUSY',
          `Other replicas publish for "${this.config.id}" all the time. Try again.`,
        );
      }
    }
  }

  /** @returns `undefined` when another replica was faster */
  async #attempt(
    signer: Signer,
    change: Change | undefined,
    bySource: boolean,
  ): Promise<{ state: State; changed: boolean } | undefined> {
    const { id, did, baseUrl, title } = this.config;
    const previous = await new PublishedCatalogStore(this.#knex).get(id);
    const before = await new PublicationStore(this.#knex).list(id);
    const publications = applied(before, change, bySource);
    const effective = publications !== before;
    let now = this.#now();

    const contentHash = canonicalHash({
      did,
      baseUrl,
      title,
      publications: publications.map(p => [p.name, p.contentHash]),
    });
    const keys = await this.#keys.publishedKeys();
    const catalogUrl = addresses(baseUrl).catalog;
    const didText = JSON.stringify(didDocument({ did, keys, catalogUrl }));
    const jwksText = JSON.stringify(jwks({ did, keys }));
    if (
      previous?.contentHash === contentHash &&
      previous.documents.did === didText &&
      seconds(now) < (previous.iat + previous.exp) / 2 &&
      !effective
    ) {
      if (this.#state?.published.seq !== previous.seq) {
        this.#take(before, previous);
      }
      return { state: this.#state!, changed: false };
    }

    const { catalog, linkset } = buildCatalog(this.config, publications);
    if (previous) now = await this.#after(previous.iat);
    const signingKeys = await this.#keys.signingKeys(signer);
    const signed = await this.#sign({
      catalog,
      linkset,
      issuer: did,
      subject: catalogUrl,
      issuedAt: now,
      lifetimeSeconds: LIFETIME_SECONDS,
      seq: (previous?.seq ?? 0) + 1,
      prev: previous?.payloadHash as Sha256 | undefined,
      keys: signingKeys,
    });
    const published: PublishedCatalog = {
      seq: signed.statement.seq!,
      payloadHash: signed.payloadHash,
      contentHash,
      iat: signed.statement.iat,
      exp: signed.statement.exp,
      documents: {
        catalog: Buffer.from(signed.catalogBytes).toString('utf8'),
        linkset: canonicalize(parseJson(JSON.stringify(linkset))),
        compact: signed.compact!,
        general: JSON.stringify(signed.general),
        did: didText,
        jwks: jwksText,
      },
    };
    await selfVerify(this.config, published.documents, {
      now,
      signatures: signingKeys.length,
      highWaterMark: previous && highWaterMark(previous),
    });

    const statement = readStatement(published);
    const won = await this.#knex.transaction(async tx => {
      const exchanged = await new PublishedCatalogStore(tx).exchange(
        id,
        published,
      );
      if (!exchanged) return false;
      const store = new PublicationStore(tx);
      if (effective && change?.kind === 'put') {
        await store.put(id, change.publication);
      } else if (effective && change?.kind === 'delete') {
        await store.delete(id, change.name);
      }
      await new LogStore(tx).append(id, {
        at: now.toISOString(),
        kind: 'statement',
        body: {
          seq: statement.seq,
          iat: statement.iat,
          exp: statement.exp,
          catalogHash: statement.catalogHash,
          payloadHash: published.payloadHash,
          kids: signed.signatures.map(({ kid }) => kid).join(' '),
          tools: statement.tools,
        },
      });
      return true;
    });
    if (!won) return undefined;
    this.#take(publications, published);
    this.#logger.info(
      `Published statement ${statement.seq} of "${id}": ${
        statement.tools
      } tools, valid until ${new Date(statement.exp * 1000).toISOString()}`,
    );
    return { state: this.#state!, changed: effective };
  }

  async #sign(options: Omit<Parameters<typeof signCatalog>[0], 'signal'>) {
    try {
      return await signCatalog({
        ...options,
        signal: AbortSignal.timeout(SIGNING_TIMEOUT_MS),
      });
    } catch (error) {
      if (error instanceof EatError) {
        throw new SigningUnavailableError(error.code, error.message, error);
      }
      throw error;
    }
  }

  /** Readers of EAT 1.0 tell statements apart by their second, so no two may have the same. */
  async #after(iat: number): Promise<Date> {
    for (;;) {
      const now = this.#now();
      const ahead = (iat + 1) * 1000 - now.getTime();
      if (ahead <= 0) return now;
      if (ahead > 60_000) {
        throw new SigningUnavailableError(
          'CLOCK_BEHIND',
          `The last statement of "${this.config.id}" is dated ${new Date(
            iat * 1000,
          ).toISOString()}, but this machine's clock says ${now.toISOString()}. Set the clock right.`,
        );
      }
      await setTimeout(ahead);
    }
  }

  async #openedSigner(): Promise<Signer> {
    this.#signer ??= this.#openSigner().then(async signer => {
      const created = await this.#adoptKeys(signer);
      if (created.length > 0) await this.#onKeysCreated(created);
      return signer;
    });
    try {
      return await this.#signer;
    } catch (error) {
      // The next attempt opens it anew.
      this.#signer = undefined;
      assertError(error);
      const { code } = error as { code?: unknown };
      throw new SigningUnavailableError(
        typeof code === 'string' ? code : 'SIGNER_FAILED',
        `The keys of "${this.config.id}" cannot be used: ${error.message}`,
        error,
      );
    }
  }

  async #adoptKeys(signer: Signer): Promise<RegisteredKey[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#keys.adopt(signer, this.#now());
      } catch (error) {
        // Another replica has just taken up the same keys.
        if (!isDatabaseConflictError(error) || attempt === 5) throw error;
      }
    }
  }

  #take(publications: StoredPublication[], published: PublishedCatalog) {
    this.#state = {
      publications,
      published,
      statement: readStatement(published),
      served: renderDocuments(published, publications),
    };
  }

  #view(publication: StoredPublication): Publication {
    const { specs } = addresses(this.config.baseUrl);
    return {
      name: publication.name,
      origin: publication.origin,
      tools: publication.tools,
      updatedAt: publication.updatedAt,
      specs: publication.specs.map(({ path, content }) => ({
        path,
        url: `${specs}${publication.name}/${path}`,
        bytes: Buffer.byteLength(content),
        hash: sha256(content),
      })),
    };
  }

  #enqueue<T>(fn: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(fn);
    this.#queue = result.catch(() => {});
    return result;
  }

  async #reporting(key: string, fn: () => Promise<unknown>) {
    try {
      await fn();
      this.#problems.delete(key);
    } catch (error) {
      assertError(error);
      this.#problems.set(key, problemsOf(error));
      const left = this.secondsLeft;
      this.#logger.error(
        `Publishing for "${this.config.id}" failed (${key}): ${error.message}${
          left === undefined || left > LIFETIME_SECONDS / 4
            ? ''
            : `. The statement expires in ${Math.max(0, left)} s!`
        }`,
      );
    }
  }
}

/** The publications after a change; the very same array when it changes nothing. */
function applied(
  before: StoredPublication[],
  change: Change | undefined,
  bySource: boolean,
): StoredPublication[] {
  if (!change) return before;
  const name = change.kind === 'put' ? change.publication.name : change.name;
  const present = before.find(publication => publication.name === name);
  if (present?.origin === 'source' && !bySource) {
    throw new PublicationConflictError([
      {
        code: 'PUBLICATION_OF_SOURCE',
        message: `The publication "${name}" comes from a module of this portal. Choose another name.`,
      },
    ]);
  }
  const others = before.filter(publication => publication.name !== name);
  if (change.kind === 'delete') {
    if (!present && bySource) return before;
    if (!present) throw new NotFoundError(`There is no publication "${name}"`);
    return others;
  }
  if (bySource && present?.origin === 'api') {
    throw new PublicationConflictError([
      {
        code: 'PUBLICATION_EXISTS',
        message: `The publication "${name}" was put through the API already. Delete it or give the source another name.`,
      },
    ]);
  }
  const { publication } = change;
  if (present?.contentHash === publication.contentHash) return before;
  if (!present && others.length >= LIMITS.publications) {
    throw new PublicationRefusedError([
      {
        code: 'TOO_LARGE',
        message: `The publisher has ${LIMITS.publications} publications already. Delete one.`,
      },
    ]);
  }
  refuseCollisions(publication, others);
  return [...others, publication].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function seconds(date: Date) {
  return Math.floor(date.getTime() / 1000);
}

function decodeSegment(token: string, index: number): JsonObject {
  const segment = Buffer.from(token.split('.')[index], 'base64url');
  return parseJson(segment) as JsonObject;
}

/** The facts of a statement, from its own token, so that they cannot differ from what was signed. */
function readStatement(published: PublishedCatalog): CatalogStatement {
  const { compact } = published.documents;
  const { kid } = decodeSegment(compact, 0);
  const claims = decodeSegment(compact, 1) as unknown as Statement;
  return {
    seq: published.seq,
    iat: claims.iat,
    exp: claims.exp,
    catalogHash: claims.catalog_hash,
    kid: String(kid),
    tools: claims.tools ?? 0,
  };
}

function highWaterMark(published: PublishedCatalog): HighWaterMark {
  const { seq, iat, catalogHash } = readStatement(published);
  return { seq, iat, catalogHash, payloadHash: published.payloadHash };
}

function problemsOf(error: Error): PublishProblem[] {
  if (
    error instanceof PublicationRefusedError ||
    error instanceof PublicationConflictError
  ) {
    return error.problems;
  }
  const { code } = error as { code?: unknown };
  return [
    {
      code: typeof code === 'string' ? code : 'FAILED',
      message: error.message,
    },
  ];
}
