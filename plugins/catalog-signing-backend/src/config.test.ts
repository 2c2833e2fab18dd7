import { mockServices } from '@backstage/backend-test-utils';
import { readSigningConfig } from './config';

const portal = {
  id: 'portal',
  did: 'did:web:tools.example.org',
  baseUrl: 'https://tools.example.org',
};
const keyStore = { directory: '/keys', secret: 'correct horse battery' };

const read = (signing: object) =>
  readSigningConfig(
    mockServices.rootConfig({ data: { agentyard: { signing } } } as any),
  );

describe('readSigningConfig', () => {
  it('fills in what is not given', () => {
    expect(read({ keyStore, publishers: [portal] })).toEqual({
      publishers: [
        {
          ...portal,
          title: 'portal',
          defaultRepresentation: 'linkset',
          provider: 'file',
        },
      ],
      keyStore: {
        directory: '/keys',
        secret: { passphrase: 'correct horse battery' },
      },
    });
  });

  it('is empty without configuration', () => {
    expect(readSigningConfig(mockServices.rootConfig({ data: {} }))).toEqual({
      publishers: [],
    });
  });

  it('takes the port into the DID, as did:web writes it', () => {
    const local = {
      did: 'did:web:localhost%3A7007',
      baseUrl: 'http://localhost:7007',
    };
    const { publishers } = read({
      keyStore,
      publishers: [{ ...portal, ...local }],
    });
    expect(publishers).toMatchObject([local]);
  });

  it('needs no key store where keys are elsewhere', () => {
    const vault = { ...portal, provider: 'vault' };
    expect(read({ publishers: [vault] }).keyStore).toBeUndefined();
  });

  it.each([
    ['a missing key store', { publishers: [portal] }, 'keyStore is missing'],
    [
      'a missing secret',
      { keyStore: { directory: '/keys' }, publishers: [portal] },
      'There is no default',
    ],
    [
      'a short secret',
      {
        keyStore: { directory: '/keys', secret: 'short' },
        publishers: [portal],
      },
      'shorter than 16',
    ],
    [
      'a DID of another host',
      { keyStore, publishers: [{ ...portal, did: 'did:web:other.example' }] },
      '"did:web:tools.example.org"',
    ],
    [
      'plain http on a public host',
      {
        keyStore,
        publishers: [{ ...portal, baseUrl: 'http://tools.example.org' }],
      },
      'must begin with https://',
    ],
    [
      'a base URL with a path',
      {
        keyStore,
        publishers: [{ ...portal, baseUrl: 'https://tools.example.org/a' }],
      },
      'must be an origin',
    ],
    [
      'a bad id',
      { keyStore, publishers: [{ ...portal, id: '../portal' }] },
      'publishers[0].id',
    ],
    [
      'two publishers of one id',
      { keyStore, publishers: [portal, portal] },
      'the same id',
    ],
    [
      'an unknown representation',
      { keyStore, publishers: [{ ...portal, defaultRepresentation: 'html' }] },
      'linkset or eat',
    ],
  ])('refuses %s and names it', (_, signing, message) => {
    expect(() => read(signing)).toThrow(message);
    expect(() => read(signing)).toThrow(
      expect.objectContaining({ name: 'SigningConfigError' }),
    );
  });

  it('never repeats the secret in an error', () => {
    const bad = { keyStore: { directory: '/keys', secret: 'hunter2' } };
    expect(() => read({ ...bad, publishers: [portal] })).toThrow(
      expect.objectContaining({
        message: expect.not.stringContaining('hunter2'),
      }),
    );
  });
});
