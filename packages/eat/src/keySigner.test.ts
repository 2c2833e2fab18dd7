import { generateKeyPairSync } from 'node:crypto';
import { keySigner, readPrivateKey } from './keySigner';
import { signatureHolds } from './signature';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

describe('readPrivateKey', () => {
  it.each([
    ['PKCS#8', rsa.export({ format: 'pem', type: 'pkcs8' }), 'RS256'],
    ['PKCS#1', rsa.export({ format: 'pem', type: 'pkcs1' }), 'RS256'],
    ['SEC1', ec.export({ format: 'pem', type: 'sec1' }), 'ES256'],
  ])('reads %s', (_, pem, alg) => {
    expect(readPrivateKey(pem as string).alg).toBe(alg);
    expect(readPrivateKey(Buffer.from(pem)).alg).toBe(alg);
  });

  it('reads an encrypted key with its passphrase alone', () => {
    const pem = ec.export({
      format: 'pem',
      type: 'pkcs8',
      cipher: 'aes-256-cbc',
      passphrase: 'open sesame',
    }) as string;
    expect(readPrivateKey(pem, { passphrase: 'open sesame' }).alg).toBe(
      'ES256',
    );
    for (const passphrase of [undefined, 'wrong']) {
      expect(() => readPrivateKey(pem, { passphrase })).toThrow(
        expect.objectContaining({ code: 'KEY_UNREADABLE' }),
      );
    }
  });

  it('shows nothing of a key that it cannot read', () => {
    const pem =
      '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----';
    const read = () => readPrivateKey(pem);
    expect(read).toThrow(expect.objectContaining({ code: 'KEY_UNREADABLE' }));
    expect(read).not.toThrow(/c2VjcmV0/);
  });

  it.each([
    [
      'a small key',
      () => generateKeyPairSync('rsa', { modulusLength: 1024 }),
      'WEAK_KEY',
    ],
    [
      'another curve',
      () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
      'KEY_UNSUPPORTED',
    ],
    [
      'a key for agreement',
      () => generateKeyPairSync('x25519'),
      'KEY_UNSUPPORTED',
    ],
  ] as const)('refuses %s', (_, make, code) => {
    const pem = make().privateKey.export({ format: 'pem', type: 'pkcs8' });
    expect(() => readPrivateKey(pem as string)).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('refuses an algorithm that is not the key’s', () => {
    const pem = ec.export({ format: 'pem', type: 'pkcs8' }) as string;
    expect(() => readPrivateKey(pem, { alg: 'RS256' })).toThrow(
      expect.objectContaining({ code: 'BAD_ALG' }),
    );
  });
});

describe('keySigner', () => {
  const key = readPrivateKey(
    ec.export({ format: 'pem', type: 'pkcs8' }) as string,
  );

  it('signs in JOSE form: r and s, 32 octets each', async () => {
    const signer = keySigner([key]);
    const [{ ref, alg, jwk }] = await signer.listVersions();
    const input = Buffer.from('header.payload');
    const signature = await signer.sign(ref, alg, input, {});
    expect(signature).toHaveLength(64);
    expect(signatureHolds(alg, key.keyObject, input, signature)).toBe(true);
    expect(JSON.stringify(jwk)).not.toContain('"d"');
  });

  it('refuses a key or algorithm that it has not', async () => {
    const signer = keySigner([key]);
    for (const [ref, alg] of [
      ['other', 'ES256'],
      [key.thumbprint, 'RS256'],
    ] as const) {
      await expect(
        signer.sign(ref, alg, Buffer.from('x'), {}),
      ).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' });
    }
  });
});
