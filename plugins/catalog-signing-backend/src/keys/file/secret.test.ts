import fs from 'node:fs';
import { createMockDirectory } from '@backstage/backend-test-utils';
import { readSecretFile } from './secret';

describe('readSecretFile', () => {
  const disk = createMockDirectory();
  const file = () => disk.resolve('data/keys.secret');

  beforeEach(() => disk.clear());

  it('makes 32 random bytes on first start that only we can read, and keeps them', async () => {
    const first = await readSecretFile(file(), { create: true });
    expect(first).toEqual({ raw: expect.any(Buffer) });
    expect(fs.statSync(file()).size).toBe(32);
    expect(fs.statSync(file()).mode & 0o777).toBe(0o600);
    expect(await readSecretFile(file(), { create: true })).toEqual(first);
  });

  it('makes nothing in production', async () => {
    await expect(
      readSecretFile(file(), { create: false }),
    ).rejects.toMatchObject({ code: 'KEYSTORE_NO_SECRET' });
    expect(fs.existsSync(file())).toBe(false);
  });

  it('refuses a file that others can read', async () => {
    await readSecretFile(file(), { create: true });
    fs.chmodSync(file(), 0o644);
    await expect(
      readSecretFile(file(), { create: true }),
    ).rejects.toMatchObject({ code: 'KEYSTORE_PERMISSIONS' });
  });

  it('refuses a file of another length', async () => {
    disk.setContent({ data: { 'keys.secret': 'too short' } });
    fs.chmodSync(file(), 0o600);
    await expect(
      readSecretFile(file(), { create: true }),
    ).rejects.toMatchObject({ code: 'KEYSTORE_CORRUPT' });
  });
});
