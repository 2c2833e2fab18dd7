import { generateKeyPair, KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { jwkThumbprint, type Alg, type PublicJwk } from '@agentyard/eat';

const generate = promisify(generateKeyPair);

/** Public JWK (RFC 7517) of a key, with the algorithm that it is for. */
function publicJwk(key: KeyObject, alg: Alg): PublicJwk {
  const { kty, crv, n, e, x, y } = key.export({ format: 'jwk' });
  const members = { kty, crv, n, e, x, y, alg, use: 'sig' };
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as PublicJwk;
}

/** Makes a key pair in Node's thread pool, so that an RSA key does not hold up requests. RSA keys have 3072 bits. */
export async function generateKey(alg: Alg): Promise<{
  privateKey: KeyObject;
  jwk: PublicJwk;
  /** RFC 7638, SHA-256. */
  thumbprint: string;
}> {
  const { privateKey, publicKey } = await keyPair(alg);
  const jwk = publicJwk(publicKey, alg);
  return { privateKey, jwk, thumbprint: jwkThumbprint(jwk) };
}

function keyPair(alg: Alg) {
  switch (alg) {
    case 'RS256':
    case 'PS256':
      return generate('rsa', { modulusLength: 3072, publicExponent: 65537 });
    case 'ES256':
      return generate('ec', { namedCurve: 'P-256' });
    case 'Ed25519':
      return generate('ed25519');
    default:
      throw new TypeError(`No key can be made for the algorithm ${alg}`);
  }
}
