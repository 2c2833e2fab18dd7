import { didWebOf, parseDidWeb } from './didWeb';

describe('parseDidWeb', () => {
  it('finds the document of a root domain', () => {
    expect(parseDidWeb('did:web:tools.example.org')).toEqual({
      did: 'did:web:tools.example.org',
      host: 'tools.example.org',
      path: '/',
      documentUrl: 'https://tools.example.org/.well-known/did.json',
    });
  });

  it('takes A-labels', () => {
    expect(parseDidWeb('did:web:xn--bcher-kva.example').host).toBe(
      'xn--bcher-kva.example',
    );
  });

  it.each([
    [
      'a path',
      'did:web:h.example:a:b',
      'https://h.example/a/b/did.json',
      '/a/b/',
    ],
    [
      'a port',
      'did:web:h.example%3A8443',
      'https://h.example:8443/.well-known/did.json',
      '/',
    ],
  ])(
    'takes %s in eat-compat alone, if the policy names it',
    (_, did, documentUrl, path) => {
      expect(
        parseDidWeb(did, { profile: 'eat-compat', allowListed: true }),
      ).toMatchObject({ documentUrl, path });
      expect(() => parseDidWeb(did, { allowListed: true })).toThrow(
        expect.objectContaining({ code: 'DID_INVALID' }),
      );
      expect(() => parseDidWeb(did, { profile: 'eat-compat' })).toThrow(
        expect.objectContaining({ code: 'DID_INVALID' }),
      );
    },
  );

  describe('of this machine', () => {
    const did = 'did:web:localhost%3A7007';

    it('is resolved over http if the policy names it and allows loopback', () => {
      expect(
        parseDidWeb(did, { allowListed: true, allowLoopback: true })
          .documentUrl,
      ).toBe('http://localhost:7007/.well-known/did.json');
    });

    it.each([
      ['without allowLoopback', did, { allowListed: true }],
      ['without being named', did, { allowLoopback: true }],
      ['with a path', `${did}:a`, { allowListed: true, allowLoopback: true }],
      [
        'as an address',
        'did:web:127.0.0.1%3A7007',
        { allowListed: true, allowLoopback: true },
      ],
    ])('is refused %s', (_, name, options) => {
      expect(() => parseDidWeb(name, options)).toThrow(
        expect.objectContaining({ code: 'DID_INVALID' }),
      );
    });
  });

  it.each([
    'example.com%2Fevil',
    'x%3Fx%3D',
    'x%23',
    'user%40127.0.0.1',
    '127.0.0.1',
    '169.254.169.254',
    'localhost',
    '%5B%3A%3A1%5D',
    '2130706433',
    '0x7f.1',
    'example.com:..:..:x',
    'example.com:.well-known',
    'example.com:a%2Fb',
    'example.com:',
    'Example.com',
    'example.com.',
    'example..com',
    'exämple.com',
    'printer.local',
    'a.localhost',
    'example.com%3A0',
    'example.com%3A99999',
    'example.com%3a8443',
    'example.com#x',
    'example.com/x',
    '',
  ])('refuses the hostile %p whatever the policy', name => {
    expect(() =>
      parseDidWeb(`did:web:${name}`, {
        profile: 'eat-compat',
        allowListed: true,
      }),
    ).toThrow(expect.objectContaining({ code: 'DID_INVALID' }));
  });
});

describe('didWebOf', () => {
  it('names the host and port of a URL', () => {
    expect(didWebOf('https://tools.example.org/x')).toBe(
      'did:web:tools.example.org',
    );
    expect(didWebOf('http://localhost:7007/x')).toBe(
      'did:web:localhost%3A7007',
    );
  });
});
