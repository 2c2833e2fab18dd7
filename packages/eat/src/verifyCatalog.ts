import { ALGS } from './algorithms';
import type { Alg } from './algorithms';
import { sha256 } from './canonicalJson';
import { asObject, catalogHash, withoutSignatures } from './catalog';
import { chooseSignature, decodeBody, readBody } from './carrier';
import type { CarriedSignature, CatalogBody } from './carrier';
import type { DidDocument } from './didDocument';
import type { DidResolver } from './didResolver';
import { didWebOf, parseDidWeb } from './didWeb';
import type { DidWeb } from './didWeb';
import { EatError, quoted } from './errors';
import type { EatErrorCode, Problem } from './errors';
import type { VerificationKey } from './jwk';
import { checkHeader, verifyJws } from './jws';
import type { Jws, JwsPolicy } from './jws';
import { checkOrder } from './order';
import type { HighWaterMark, Profile, TrustPolicy } from './policy';
import { EAT_TYP, STRICT_TYP, parseStatement } from './statement';
import type { Statement } from './statement';
import { parseJson } from './strictJson';
import type { JsonObject } from './strictJson';
import { validateCatalog } from './validateCatalog';
import type { CatalogVerdict, VerificationStepName } from './verdict';

/**
 * What was retrieved, or lies on disk.
 *
 * @public
 */
export interface CatalogSource {
  /** URL of the catalog, compared with `sub`. For files: what the catalog should have, or undefined to compare with nothing. */
  url?: string;
  /** The body: EAT JSON, or a compact JWS (carrier B). */
  catalog: Uint8Array;
  /** Value of the header `X-JWS-Signature`, or content of `api-catalog.jws` without the final newline. */
  signatureHeader?: string;
  /** Body of `application/jose+json`, or content of `api-catalog.jws.json`. */
  sidecar?: Uint8Array;
}

/**
 * Input of {@link verifyCatalog}.
 *
 * @public
 */
export interface VerifyOptions {
  source: CatalogSource;
  policy: TrustPolicy;
  resolver: DidResolver;
  /** The clock of the whole verification. */
  now: Date;
  /** From the last verdict that was accepted. */
  highWaterMark?: HighWaterMark;
  signal?: AbortSignal;
}

/** What a profile fixes. */
const PROFILES: Record<
  Profile,
  { algs: readonly Alg[]; typs: readonly string[]; maxLifetimeSeconds: number }
> = {
  strict: {
    algs: ALGS,
    typs: [STRICT_TYP],
    maxLifetimeSeconds: 7 * 86_400,
  },
  'eat-compat': {
    algs: ['RS256'],
    typs: [STRICT_TYP, EAT_TYP, 'JWT'],
    maxLifetimeSeconds: 30 * 86_400,
  },
};

const DEFAULT_LIFETIME_SECONDS = 86_400;
const CLOCK_SKEW_SECONDS = 60;

/** Codes of a publisher that could not be asked, in contrast to one that said something wrong. */
const UNREACHABLE_CODES: readonly EatErrorCode[] = [
  'TIMEOUT',
  'UNREACHABLE',
  'HTTP_STATUS',
  'ABORTED',
  'DID_UNREACHABLE',
];

const STEPS: readonly VerificationStepName[] = [
  'policy',
  'fetch',
  'encoding',
  'carrier',
  'segments',
  'header',
  'payload',
  'issuer',
  'key',
  'signature',
  'times',
  'order',
  'hash',
  'schema',
  'specs',
];

/** One verification under way: takes its steps in order and keeps the verdict as it grows. */
export class Verification {
  readonly verdict: CatalogVerdict;
  private publisher!: DidWeb;
  private statement?: Statement;

  constructor(
    private readonly options: Omit<VerifyOptions, 'source'> & {
      source?: Pick<CatalogSource, 'url'>;
    },
  ) {
    const { policy, now, source } = options;
    this.verdict = {
      status: 'refused',
      reasons: [],
      warnings: [],
      steps: [],
      profile: policy.profile,
      ...(source?.url === undefined ? {} : { url: source.url }),
      verifiedAt: now.toISOString(),
      signatures: [],
      tools: [],
      rejectedTools: [],
    };
  }

  /** Runs the steps to the end or to the first that fails, and gives the verdict. */
  async run(steps: () => Promise<void>): Promise<CatalogVerdict> {
    const { verdict } = this;
    try {
      await steps();
      verdict.status = 'verified';
    } catch (error) {
      if (!(error instanceof EatError)) {
        throw error;
      }
      verdict.reasons = [...error.problems];
      verdict.status = UNREACHABLE_CODES.includes(error.code)
        ? 'unreachable'
        : 'refused';
      verdict.tools = [];
    }
    const taken = new Set(verdict.steps.map(({ name }) => name));
    for (const name of STEPS) {
      if (!taken.has(name)) {
        verdict.steps.push({ name, status: 'skipped' });
      }
    }
    verdict.steps.sort((a, b) => STEPS.indexOf(a.name) - STEPS.indexOf(b.name));
    return verdict;
  }

  /** Takes one step and writes down how it went. */
  async step<T>(
    name: VerificationStepName,
    action: () => T | Promise<T>,
    saw?: (result: T) => string | undefined,
  ): Promise<T> {
    try {
      const result = await action();
      const message = saw?.(result);
      this.verdict.steps.push({
        name,
        status: 'passed',
        ...(message === undefined ? {} : { message }),
      });
      return result;
    } catch (error) {
      if (error instanceof EatError) {
        const { code, message } = error;
        this.verdict.steps.push({ name, status: 'failed', code, message });
      }
      throw error;
    }
  }

  /** Step 1: whom the policy trusts for this catalog. Opens no connection. */
  async checkPolicy(): Promise<void> {
    const { policy, source } = this.options;
    await this.step(
      'policy',
      () => {
        const did =
          policy.publisher ??
          (source?.url === undefined ? undefined : didWebOf(source.url));
        if (did === undefined) {
          throw new EatError(
            'ISSUER_UNTRUSTED',
            'Nobody is trusted for this catalog: name its publisher (a DID), or the URL that it has.',
          );
        }
        this.verdict.publisher = did;
        this.publisher = parseDidWeb(did, {
          profile: policy.profile,
          allowListed: policy.publisher !== undefined,
          allowLoopback: policy.allowLoopback,
        });
      },
      () => `${policy.profile}, publisher ${this.verdict.publisher}`,
    );
  }

  /** Steps 3 to 14 on what was retrieved. */
  async judge(source: CatalogSource): Promise<void> {
    const { verdict, options } = this;
    const { policy } = options;
    const text = await this.step('encoding', () => decodeBody(source.catalog));
    let body: CatalogBody;
    const carried = await this.step(
      'carrier',
      () => {
        body = readBody(text);
        return chooseSignature(
          source,
          body,
          policy.profile,
          policy.allowCarrierB ?? false,
        );
      },
      ({ carrier }) => carrier,
    );
    verdict.carrier = carried.carrier;
    const jws = await this.step('segments', () => carried.parse());
    const jwsPolicy = this.jwsPolicy(carried);
    await this.step('header', () => checkHeaders(jws, jwsPolicy));
    if (carried.carrier === 'B') {
      await this.judgeTokenBody(jws, jwsPolicy);
    } else {
      await this.judgeStatement(jws, jwsPolicy, body!, source.url);
    }
  }

  private jwsPolicy({ carrier }: CarriedSignature): Omit<JwsPolicy, 'keyOf'> {
    const { policy } = this.options;
    const { algs, typs } = PROFILES[policy.profile];
    const allowed = policy.algs;
    return {
      algs: allowed ? algs.filter(alg => allowed.includes(alg)) : algs,
      typs: carrier === 'B' ? ['JWT', EAT_TYP] : typs,
      isKid: kid =>
        (policy.profile === 'strict'
          ? /^did:web:[^#\s]{1,512}#[A-Za-z0-9_-]{1,128}$/
          : /^(?:did:web:[^#\s]{1,512}#)?[A-Za-z0-9_-]{1,128}$/
        ).test(kid),
      threshold: policy.threshold,
    };
  }

  private async judgeStatement(
    jws: Jws,
    jwsPolicy: Omit<JwsPolicy, 'keyOf'>,
    body: CatalogBody,
    url: string | undefined,
  ): Promise<void> {
    const { verdict, options } = this;
    const { policy } = options;
    const statement = await this.step('payload', () =>
      parseStatement(jws.payload, policy.profile),
    );
    this.statement = statement;
    await this.step(
      'issuer',
      () => {
        this.checkIssuer(statement, url);
        this.checkKids(jws);
      },
      () => statement.iss,
    );
    await this.checkSignatures(jws, jwsPolicy);
    verdict.statement = statement;
    verdict.issuer = statement.iss;
    verdict.expiresAt = toDate(statement.exp);
    await this.step(
      'times',
      () => this.checkTimes(statement),
      () => `until ${verdict.expiresAt}`,
    );
    const mark: HighWaterMark = {
      ...(statement.seq === undefined ? {} : { seq: statement.seq }),
      iat: statement.iat,
      catalogHash: statement.catalog_hash,
      payloadHash: sha256(jws.payload),
    };
    await this.step(
      'order',
      () => checkOrder(statement, mark, options.highWaterMark, policy),
      () => (statement.seq === undefined ? undefined : `seq ${statement.seq}`),
    );
    const tree = await this.step(
      'hash',
      () => {
        if ('error' in body) {
          throw body.error;
        }
        const { tree: received } = body as { tree: JsonObject };
        verdict.catalogHash = catalogHash(received);
        if (verdict.catalogHash !== statement.catalog_hash) {
          throw new EatError(
            'HASH_MISMATCH',
            `The catalog's hash is ${verdict.catalogHash}, but the signed statement says ${statement.catalog_hash}: the catalog was changed after it was signed, or is being published anew.`,
          );
        }
        return received;
      },
      () => verdict.catalogHash,
    );
    await this.judgeTools(tree);
    verdict.highWaterMark = mark;
  }

  /** Carrier B names neither issuer nor times: both come from the policy. */
  private async judgeTokenBody(
    jws: Jws,
    jwsPolicy: Omit<JwsPolicy, 'keyOf'>,
  ): Promise<void> {
    const { verdict, options } = this;
    const tree = await this.step('payload', () => {
      const payload = asObject(parseJson(jws.payload));
      if (!payload || !Object.hasOwn(payload, 'tools')) {
        throw new EatError(
          'NOT_A_CATALOG',
          'The token holds no catalog: it has no "tools".',
        );
      }
      return payload;
    });
    await this.step('issuer', () => this.checkKids(jws));
    await this.checkSignatures(jws, jwsPolicy);
    verdict.issuer = this.publisher.did;
    const iat = Math.floor(options.now.getTime() / 1000);
    verdict.expiresAt = toDate(iat + DEFAULT_LIFETIME_SECONDS);
    verdict.catalogHash = catalogHash(tree);
    await this.judgeTools(tree);
    verdict.highWaterMark = {
      iat,
      catalogHash: verdict.catalogHash,
      payloadHash: sha256(jws.payload),
    };
  }

  private checkIssuer(statement: Statement, url: string | undefined): void {
    const { did, path } = this.publisher;
    if (statement.iss !== did) {
      throw new EatError(
        'ISSUER_UNTRUSTED',
        `The catalog is signed by ${quoted(
          statement.iss,
        )}, but for this catalog only ${did} is trusted.`,
      );
    }
    if (url === undefined) {
      return;
    }
    if (statement.sub !== undefined && statement.sub !== url) {
      throw new EatError(
        'AUDIENCE_MISMATCH',
        `The signature is for ${quoted(statement.sub)}, not for ${quoted(
          url,
        )}.`,
      );
    }
    if (!new URL(url).pathname.startsWith(path)) {
      throw new EatError(
        'ISSUER_UNTRUSTED',
        `${did} speaks only for what lies below ${path}.`,
      );
    }
  }

  /** Every kid must be one of the issuer's. */
  private checkKids({ signatures }: Jws): void {
    for (const { header } of signatures) {
      const prefix = header.kid?.includes('#')
        ? header.kid.slice(0, header.kid.indexOf('#'))
        : undefined;
      if (prefix !== undefined && prefix !== this.publisher.did) {
        throw new EatError(
          'BAD_KID',
          `The signature's kid ${quoted(header.kid)} is not one of ${
            this.publisher.did
          }.`,
        );
      }
    }
  }

  private async checkSignatures(
    jws: Jws,
    jwsPolicy: Omit<JwsPolicy, 'keyOf'>,
  ): Promise<void> {
    const { verdict } = this;
    const document = await this.step(
      'key',
      () => this.resolveKeys(jws),
      () => this.publisher.documentUrl,
    );
    const held = await this.step(
      'signature',
      () =>
        verifyJws(jws, {
          ...jwsPolicy,
          keyOf: kid => this.keyOf(document, kid),
        }),
      ({ signatures }) =>
        signatures.map(({ alg, kid }) => `${alg} by ${kid}`).join(', '),
    );
    verdict.warnings.push(...document.warnings, ...held.failures);
    verdict.signatures = held.signatures;
    verdict.kid = held.signatures[0].kid;
    verdict.alg = held.signatures[0].alg;
  }

  /** The publisher's document; asked for anew if it does not know a key, which may just have been published. */
  private async resolveKeys(jws: Jws): Promise<DidDocument> {
    const { resolver, policy, signal } = this.options;
    const { profile } = policy;
    const resolve = (refresh: boolean) =>
      resolver.resolve(this.publisher, { profile, refresh, signal });
    const document = await resolve(false);
    const problem = this.firstKeyProblem(document, jws);
    if (!problem) {
      return document;
    }
    const fresh =
      problem.code === 'KEY_NOT_FOUND' ? await resolve(true) : document;
    const remaining = this.firstKeyProblem(fresh, jws);
    // Of several signatures, each is judged by itself: see the threshold.
    if (remaining && jws.signatures.length === 1) {
      throw remaining;
    }
    return fresh;
  }

  private firstKeyProblem(
    document: DidDocument,
    { signatures }: Jws,
  ): EatError | undefined {
    for (const { header } of signatures) {
      try {
        this.keyOf(document, header.kid!);
      } catch (error) {
        if (error instanceof EatError) {
          return error;
        }
        throw error;
      }
    }
    return undefined;
  }

  private keyOf(document: DidDocument, kid: string): VerificationKey {
    const { policy, now } = this.options;
    const absolute = kid?.includes('#') ? kid : `${this.publisher.did}#${kid}`;
    const key = document.assertionKey(absolute, now);
    const pins = policy.pinnedThumbprints;
    if (pins && !pins.includes(key.thumbprint)) {
      throw new EatError(
        'KEY_NOT_PINNED',
        `The key ${quoted(
          absolute,
        )} is published, but it is none of the pinned ones. Approve it if the publisher confirms the change on another way.`,
      );
    }
    return key;
  }

  private checkTimes({ iat, exp }: Statement): void {
    const { policy, now } = this.options;
    const seconds = now.getTime() / 1000;
    if (iat > seconds + CLOCK_SKEW_SECONDS) {
      throw new EatError(
        'NOT_YET_VALID',
        `The signature is from ${toDate(
          iat,
        )}, which is to come. Compare the clocks.`,
      );
    }
    if (exp <= seconds) {
      throw new EatError(
        'EXPIRED',
        `The signature was valid until ${toDate(
          exp,
        )}. Ask the publisher to sign again.`,
      );
    }
    const longest = Math.min(
      policy.maxLifetimeSeconds ?? DEFAULT_LIFETIME_SECONDS,
      PROFILES[policy.profile].maxLifetimeSeconds,
    );
    if (exp - iat > longest) {
      throw new EatError(
        'LIFETIME_TOO_LONG',
        `The signature is valid for ${
          exp - iat
        } s; at most ${longest} s are allowed.`,
      );
    }
  }

  private async judgeTools(tree: JsonObject): Promise<void> {
    const { verdict, options } = this;
    const { profile, allowLoopback } = options.policy;
    await this.step(
      'schema',
      () => {
        const validation = validateCatalog(tree, {
          profile,
          allowLoopback,
          publisher: this.publisher.did,
        });
        verdict.warnings.push(...validation.warnings);
        if (validation.rootErrors.length > 0) {
          const [{ code, message }] = validation.rootErrors;
          throw new EatError(code, message, {
            problems: validation.rootErrors,
          });
        }
        verdict.catalog = withoutSignatures(tree);
        verdict.tools = validation.tools;
        verdict.rejectedTools = validation.rejectedTools;
        const stated: Problem[] =
          this.statement?.tools === undefined ||
          this.statement.tools === (tree.tools as unknown[]).length
            ? []
            : [
                {
                  code: 'BAD_CLAIMS',
                  message: `The statement speaks of ${
                    this.statement.tools
                  } tools; the catalog has ${
                    (tree.tools as unknown[]).length
                  }.`,
                },
              ];
        verdict.warnings.push(...stated);
      },
      () =>
        `${verdict.tools.length} tools, ${verdict.rejectedTools.length} left out`,
    );
  }
}

/** Refuses what no key could make good: if there is one signature, it; if there are several, when too few remain. */
function checkHeaders(jws: Jws, policy: Omit<JwsPolicy, 'keyOf'>): void {
  const problems: EatError[] = [];
  for (const { header } of jws.signatures) {
    try {
      checkHeader(header, policy);
    } catch (error) {
      if (!(error instanceof EatError)) {
        throw error;
      }
      problems.push(error);
    }
  }
  if (problems.length === jws.signatures.length) {
    throw problems[0];
  }
}

function toDate(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime())
    ? `second ${seconds}`
    : date.toISOString();
}

/**
 * Verifies a catalog, in the order in which a stranger's document can be judged cheaply and safely. Never throws for what
 * the document, its keys or the network are like: that is the verdict.
 *
 * The specs are not compared with their hashes: {@link fetchAndVerifyCatalog} does, since that needs the network.
 *
 * @example
 * ```ts
 * const verdict = await verifyCatalog({
 *   source: { url, catalog: body, sidecar },
 *   policy: { profile: 'strict', publisher: 'did:web:tools.example.org' },
 *   resolver: createDidResolver({ fetch }),
 *   now: new Date(),
 *   highWaterMark,
 * });
 * if (verdict.status === 'verified') commit(verdict.tools, verdict.highWaterMark);
 * ```
 *
 * @public
 */
export async function verifyCatalog(
  options: VerifyOptions,
): Promise<CatalogVerdict> {
  const verification = new Verification(options);
  return verification.run(async () => {
    await verification.checkPolicy();
    await verification.judge(options.source);
  });
}
