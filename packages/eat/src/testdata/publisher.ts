import { generateKeyPairSync } from 'node:crypto';
import { readPrivateKey } from '../keySigner';
import type { PrivateKey } from '../keySigner';
import { keySigner } from '../keySigner';
import { encodeBase64url } from '../base64url';
import { didDocument } from '../didDocument';
import type { PublishedKey } from '../didDocument';
import { staticDidResolver } from '../didResolver';
import type { Alg } from '../algorithms';
import { signCatalog } from '../signCatalog';
import type { SignedCatalog, SigningKey, SignOptions } from '../signCatalog';
import { STRICT_TYP } from '../statement';
import type { JsonObject } from '../strictJson';

export const DID = 'did:web:tools.example.org';
export const URL_OF_CATALOG =
  'https://tools.example.org/.well-known/api-catalog';
export const NOW = new Date('2026-09-01T12:00:00Z');

/** A fresh private key. */
export function newKey(alg: Alg): PrivateKey {
  const pair = {
    RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    PS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    Ed25519: () => generateKeyPairSync('ed25519'),
  }[alg]();
  return readPrivateKey(
    pair.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
    { alg },
  );
}

export function kidOf(key: PrivateKey, did = DID): string {
  return `${did}#${key.thumbprint}`;
}

export function signingKey(key: PrivateKey): SigningKey {
  return {
    signer: keySigner([key]),
    ref: key.thumbprint,
    alg: key.alg,
    jwk: key.jwk,
  };
}

/** A catalog of two tools, valid in strict. */
export function sampleCatalog(): JsonObject {
  return {
    version: '1.0',
    metadata: { title: 'Sample', publisher: DID },
    tools: ['add', 'echo'].map(name => ({
      name,
      description: `The tool ${name}`,
      version: '1.0.0',
      spec_url: `https://tools.example.org/specs/${name}.json`,
      spec_hash: `sha256:${'a'.repeat(64)}`,
      'x-mcp-tool': { server_url: 'https://mcp.example.org/mcp' },
    })),
  };
}

export function signSample(
  keys: PrivateKey[],
  options: Partial<SignOptions> = {},
): Promise<SignedCatalog> {
  return signCatalog({
    catalog: sampleCatalog(),
    issuer: DID,
    subject: URL_OF_CATALOG,
    issuedAt: NOW,
    seq: 1,
    keys: keys.map(signingKey),
    ...options,
  });
}

/** A compact JWS with any header and payload, honestly signed: what an attacker with a key of their own can make. */
export async function forge(
  key: PrivateKey,
  header: object | string,
  payload: object | string,
): Promise<string> {
  const text = (part: object | string) =>
    typeof part === 'string' ? part : JSON.stringify(part);
  const input = `${encodeBase64url(text(header))}.${encodeBase64url(
    text(payload),
  )}`;
  const signature = await keySigner([key]).sign(
    key.thumbprint,
    key.alg,
    Buffer.from(input),
    {},
  );
  return `${input}.${encodeBase64url(signature)}`;
}

/** A sidecar of compact tokens with one payload. */
export function sidecarOf(...tokens: string[]): Buffer {
  return Buffer.from(
    JSON.stringify({
      payload: tokens[0].split('.')[1],
      signatures: tokens.map(token => {
        const [header, , signature] = token.split('.');
        return { protected: header, signature };
      }),
    }),
  );
}

export function strictHeader(key: PrivateKey): {
  alg: string;
  kid: string;
  typ: string;
} {
  return { alg: key.alg, kid: kidOf(key), typ: STRICT_TYP };
}

export function documentOf(...keys: PublishedKey[]): JsonObject {
  return didDocument({ did: DID, keys, catalogUrl: URL_OF_CATALOG });
}

export function resolverOf(document: JsonObject) {
  return staticDidResolver({ [DID]: JSON.stringify(document) });
}

export function bytesOf(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
