import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  didDocument,
  generateLinkset,
  jwks,
  keySigner,
  parseJson,
  readPrivateKey,
  signCatalog,
  validateCatalog,
  type Alg,
  type ToolCatalog,
} from '@agentyard/eat';
import { readInput } from '../files';
import { describeProblem, UsageError, type Outcome } from '../outcome';

/**
 * `agentyard catalog sign`: signs a valid catalog and lays out what a static host has to serve:
 * `.well-known/{api-catalog,api-catalog.jws,api-catalog.jws.json,api-catalog.linkset.json,did.json,jwks.json}`.
 */
export async function catalogSign(
  file: string,
  options: {
    key: string;
    issuer: string;
    subject: string;
    out: string;
    alg?: Alg;
    ttl: number;
    seq?: number;
    allowLoopback?: boolean;
  },
): Promise<Outcome> {
  const { issuer, subject, out, ttl, allowLoopback } = options;
  const catalog = parseJson(await readInput(file));
  const validation = validateCatalog(catalog, { allowLoopback });
  if (!validation.valid) {
    const reasons = [
      ...validation.rootErrors,
      ...validation.rejectedTools.flatMap(({ problems }) => problems),
    ];
    return {
      exitCode: 1,
      json: { status: 'refused', reasons },
      text: [
        ...reasons.map(describeProblem),
        `${file} is not valid; nothing was signed.`,
      ].join('\n'),
    };
  }

  const key = readPrivateKey(await readInput(options.key), {
    alg: options.alg,
    passphrase: process.env.AGENTYARD_KEY_PASSPHRASE,
  });
  const issuedAt = new Date();
  const linkset = generateLinkset(catalog as unknown as ToolCatalog, {
    catalogUrl: subject,
  });
  const signed = await signCatalog({
    catalog: catalog as unknown as ToolCatalog,
    linkset,
    issuer,
    subject,
    issuedAt,
    lifetimeSeconds: ttl,
    // Seconds never go back between two signings, and no state has to be kept.
    seq: options.seq ?? Math.floor(issuedAt.getTime() / 1000),
    keys: [
      {
        signer: keySigner([key]),
        ref: key.thumbprint,
        alg: key.alg,
        jwk: key.jwk,
      },
    ],
  });
  if (!signed.compact) {
    throw new UsageError(
      'RS256_NEEDED',
      'api-catalog.jws (carrier A) is signed with RS256: give an RSA key of 2048 bits or more.',
    );
  }

  const published = [{ jwk: key.jwk }];
  const folder = path.join(out, '.well-known');
  const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const files: Record<string, string | Uint8Array> = {
    'api-catalog': signed.catalogBytes,
    'api-catalog.jws': signed.compact,
    'api-catalog.jws.json': pretty(signed.general),
    'api-catalog.linkset.json': pretty(linkset),
    'did.json': pretty(
      didDocument({ did: issuer, keys: published, catalogUrl: subject }),
    ),
    'jwks.json': pretty(jwks({ did: issuer, keys: published })),
  };
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    await writeFile(path.join(folder, name), content);
  }
  const { statement, signatures } = signed;
  return {
    exitCode: 0,
    json: {
      status: 'signed',
      statement,
      signatures,
      files: Object.keys(files).map(name => path.join(folder, name)),
    },
    text: [
      `${folder}: ${Object.keys(files).join(', ')}`,
      `signed by ${signatures.map(({ kid }) => kid).join(', ')}`,
      `until ${new Date(
        statement.exp * 1000,
      ).toISOString()}; sign again before`,
    ].join('\n'),
  };
}
