import { constants, createPublicKey, verify } from 'node:crypto';
import fs from 'node:fs';
import { createMockDirectory } from '@backstage/backend-test-utils';
import type { Alg } from '@agentyard/eat';
import { FileSigner } from './FileSigner';
import { KeyStoreSecret } from './sealedKeys';

const publisher = (algs: Alg[]) => ({
  id: 'orders',
  did: 'did:web:tools.example.org',
  algs,
});
const { RSA_PKCS1_PSS_PADDING } = constants;

const raw: KeyStoreSecret = { raw: Buffer.alloc(32, 7) };
const passphrase: KeyStoreSecret = {
  passphrase: 'correct horse battery staple',
};

// RSA and scrypt are slow on a busy machine.
jest.setTimeout(60_000);

describe('FileSigner', () => {
  const disk = createMockDirectory();
  const directory = () => disk.resolve('keys');
  const file = () => disk.resolve('keys/orders.keys.json');
  // ES256 keys are made in no time; RSA where it matters.
  const open = (secret: KeyStoreSecret = raw, algs: Alg[] = ['ES256']) =>
    FileSigner.open({
      directory: directory(),
      secret,
      publisher: publisher(algs),
    });

  beforeEach(() => disk.clear());

  it('makes an active and a standby key of each algorithm, once', async () => {
    const both: Alg[] = ['ES256', 'RS256'];
    const first = await (await open(raw, both)).listVersions();
    expect(first.map(v => v.alg).sort()).toEqual([
      'ES256',
      'ES256',
      'RS256',
      'RS256',
    ]);
    expect(new Set(first.map(v => v.ref)).size).toBe(4);
    expect(await (await open(raw, both)).listVersions()).toEqual(first);
  });

  it('makes RSA keys of 3072 bits with the usual exponent', async () => {
    const signer = await open(raw, ['RS256']);
    const [rsa] = await signer.listVersions();
    expect(createPublicKey({ key: rsa.jwk, format: 'jwk' })).toMatchObject({
      asymmetricKeyDetails: { modulusLength: 3072, publicExponent: 65537n },
    });
  });

  it('signs so that the public key verifies, also after opening anew', async () => {
    const input = Buffer.from('eyJhbGciOiJSUzI1NiJ9.e30');
    const algs: Alg[] = ['ES256', 'RS256', 'PS256', 'Ed25519'];
    await open(passphrase, algs);
    const signer = await open(passphrase, algs);
    for (const { ref, alg, jwk } of await signer.listVersions()) {
      const signature = await signer.sign(ref, alg, input, {});
      const key = createPublicKey({ key: jwk, format: 'jwk' });
      const how = {
        ES256: { key, dsaEncoding: 'ieee-p1363' as const },
        PS256: { key, padding: RSA_PKCS1_PSS_PADDING, saltLength: 32 },
        RS256: { key },
        Ed25519: { key },
      }[alg];
      const digest = alg === 'Ed25519' ? null : 'sha256';
      expect(verify(digest, input, how, signature)).toBe(true);
    }
  });

  it('refuses a key it does not have, and the wrong algorithm for one it has', async () => {
    const signer = await open();
    const [{ ref, alg }] = await signer.listVersions();
    const other = alg === 'ES256' ? 'RS256' : 'ES256';
    await expect(
      signer.sign('none', alg, Buffer.from('x'), {}),
    ).rejects.toThrow();
    await expect(
      signer.sign(ref, other, Buffer.from('x'), {}),
    ).rejects.toThrow();
  });

  it('leaves no private key readable on the disk', async () => {
    await open(passphrase);
    const content = fs.readFileSync(file(), 'utf8');
    expect(content).not.toContain('PRIVATE KEY');
    const { keys, kdf } = JSON.parse(content);
    expect(kdf).toMatchObject({ name: 'scrypt', N: 131072, r: 8, p: 1 });
    for (const key of keys) {
      expect(Object.keys(key.jwk)).not.toContain('d');
      // PKCS#8 in DER begins with a sequence.
      expect(Buffer.from(key.ciphertext, 'base64url')).not.toHaveLength(0);
      expect(key.iv).toMatch(/^[\w-]{16}$/);
    }
    expect(new Set(keys.map((key: any) => key.iv)).size).toBe(2);
  });

  it('lets nobody else at file and folder', async () => {
    await open();
    expect(fs.statSync(file()).mode & 0o777).toBe(0o600);
    expect(fs.statSync(directory()).mode & 0o777).toBe(0o700);
    expect(fs.readdirSync(directory())).toEqual(['orders.keys.json']);
  });

  it.each([0o644, 0o640, 0o604])(
    'refuses a file of mode %o and says how to mend it',
    async mode => {
      await open();
      fs.chmodSync(file(), mode);
      await expect(open()).rejects.toMatchObject({
        code: 'KEYSTORE_PERMISSIONS',
        message: expect.stringContaining('chmod go-rwx'),
      });
    },
  );

  it('refuses a folder that others can enter', async () => {
    fs.mkdirSync(directory(), { mode: 0o755 });
    fs.chmodSync(directory(), 0o755);
    await expect(open()).rejects.toMatchObject({
      code: 'KEYSTORE_PERMISSIONS',
    });
  });

  it('refuses another secret, and leaves the file as it was', async () => {
    await open(passphrase);
    const before = fs.readFileSync(file());
    await expect(
      open({ passphrase: 'another passphrase' }),
    ).rejects.toMatchObject({ code: 'KEYSTORE_WRONG_SECRET' });
    await expect(open({ raw: Buffer.alloc(32, 1) })).rejects.toMatchObject({
      code: 'KEYSTORE_WRONG_SECRET',
    });
    expect(fs.readFileSync(file())).toEqual(before);
  });

  it.each([
    ['ciphertext', 'A'],
    ['kid', undefined],
    ['alg', 'PS256'],
    ['version', 99],
  ])('notices an altered %s', async (member, value) => {
    await open();
    const content = JSON.parse(fs.readFileSync(file(), 'utf8'));
    const [key] = content.keys;
    key[member] = value ?? `${key.kid}x`;
    fs.writeFileSync(file(), JSON.stringify(content));
    await expect(open()).rejects.toMatchObject({
      code: 'KEYSTORE_WRONG_SECRET',
    });
  });

  it.each(['', 'no json', '{}', '{"format":"agentyard-keys/9"}'])(
    'refuses a file that holds %j instead of overwriting it',
    async content => {
      fs.mkdirSync(directory(), { mode: 0o700 });
      fs.writeFileSync(file(), content, { mode: 0o600 });
      await expect(open()).rejects.toMatchObject({ code: 'KEYSTORE_CORRUPT' });
      expect(fs.readFileSync(file(), 'utf8')).toBe(content);
    },
  );

  it('makes the keys once when two processes start together', async () => {
    const [one, two] = await Promise.all([open(), open()]);
    expect(await one.listVersions()).toEqual(await two.listVersions());
  });

  it('does not hold up the event loop while it makes keys', async () => {
    const start = performance.now();
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 5);
    await open(passphrase, ['RS256']);
    clearInterval(timer);
    // scrypt and RSA on the main thread would let hardly one tick of a hundred through.
    const possible = (performance.now() - start) / 5;
    expect(ticks / possible).toBeGreaterThan(0.1);
  });
});
