/**
 * What does trust cost? Verifies a signed catalog of 1,000 tools with `@agentyard/eat` (strict UTF-8, duplicate names, depth, carrier,
 * header, claims, issuer, key, signature, times, order, hash, schema of each tool) against the bare floor in the same process:
 * `JSON.parse`, npm `canonicalize` and one RS256 check with node:crypto, which notice none of that.
 *
 * Both take turns; a ratio is that of the medians. Exits with 1 if one is above the goal.
 */
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import bareCanonicalize from 'canonicalize';
import {
  createDidResolver,
  didDocument,
  generateCatalog,
  keySigner,
  parseCompactJws,
  readPrivateKey,
  signCatalog,
  verifyCatalog,
} from '@agentyard/eat';
import { specsOf } from './specs';

const GOAL = 1.5;
const TOOLS = 1000;
const RUNS = 7;
const ROUNDS = 40;

/** As we publish, and as others may: members in another order, with white space. */
const CASES = [
  ['English', 'canonical'],
  ['mixed', 'canonical'],
  ['mixed', 'indented'],
] as const;

const DID = 'did:web:tools.example.org';
const URL = 'https://tools.example.org/.well-known/api-catalog';
const NOW = new Date('2026-09-01T12:00:00Z');

async function main(): Promise<void> {
  const key = readPrivateKey(
    generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey.export({
      format: 'pem',
      type: 'pkcs8',
    }),
  );
  const resolver = createDidResolver({
    fetch: async url => ({
      status: 200,
      headers: new Headers(),
      url: String(url),
      body: Buffer.from(
        JSON.stringify(didDocument({ did: DID, keys: [key], catalogUrl: URL })),
      ),
    }),
  });

  let good = true;
  for (const [language, form] of CASES) {
    const generated = generateCatalog({
      specs: specsOf(TOOLS, language),
      specBaseUrl: 'https://tools.example.org/specs',
      publisher: DID,
      generatedAt: NOW,
    });
    const bytes =
      form === 'canonical'
        ? generated.bytes
        : Buffer.from(JSON.stringify(generated.catalog, null, 2));
    const { compact, general } = await signCatalog({
      catalog: generated.catalog,
      issuer: DID,
      subject: URL,
      issuedAt: NOW,
      seq: 1,
      keys: [{ ...key, signer: keySigner([key]), ref: key.thumbprint }],
    });
    const sidecar = Buffer.from(JSON.stringify(general));
    const [{ signingInput, signature }] = parseCompactJws(compact!).signatures;
    const keyObject = createPublicKey(key.keyObject);

    const bare = () => {
      const tree = JSON.parse(bytesAsText(bytes));
      const text = bareCanonicalize(tree)!;
      if (
        text.length === 0 ||
        !verify('sha256', signingInput, keyObject, signature)
      ) {
        throw new Error('The floor does not verify.');
      }
    };
    const ours = async () => {
      const verdict = await verifyCatalog({
        source: { url: URL, catalog: bytes, sidecar },
        policy: { profile: 'strict', publisher: DID },
        resolver,
        now: NOW,
      });
      if (verdict.status !== 'verified' || verdict.tools.length !== TOOLS) {
        throw new Error(`Not verified: ${JSON.stringify(verdict.reasons)}`);
      }
    };

    await takeTurns(bare, ours, ROUNDS); // warm-up
    const ratios: number[] = [];
    const times: { bare: number; ours: number }[] = [];
    for (let run = 0; run < RUNS; run++) {
      const result = await takeTurns(bare, ours, ROUNDS);
      times.push(result);
      ratios.push(result.ours / result.bare);
    }
    const ratio = median(ratios);
    good &&= ratio <= GOAL;
    const ms = (side: 'bare' | 'ours') =>
      median(times.map(time => time[side])).toFixed(2);
    console.log(
      `verify ${TOOLS} tools, ${language} text, ${form}, ${(
        bytes.length / 1024
      ).toFixed(0)} KiB: ratio ${ratio.toFixed(2)} (goal <= ${GOAL}); ours ${ms(
        'ours',
      )} ms, JSON.parse + canonicalize + RS256 ${ms('bare')} ms; runs ${ratios
        .map(one => one.toFixed(2))
        .join(' ')}`,
    );
  }
  process.exitCode = good ? 0 : 1;
}

function bytesAsText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
}

/** Runs both sides in turns, so that what else the machine does hits both; gives the median time of each in ms. */
async function takeTurns(
  bare: () => void,
  ours: () => Promise<void>,
  rounds: number,
): Promise<{ bare: number; ours: number }> {
  const times = { bare: [] as number[], ours: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    bare();
    const between = performance.now();
    await ours();
    times.bare.push(between - start);
    times.ours.push(performance.now() - between);
  }
  return { bare: median(times.bare), ours: median(times.ours) };
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

main().catch(error => {
  console.error(error);
  process.exitCode = 2;
});
