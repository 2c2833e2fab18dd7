import { generateKeyPairSync } from 'node:crypto';
import { Knex } from 'knex';
import { mockServices } from '@backstage/backend-test-utils';
import {
  jwkThumbprint,
  keySigner,
  type Alg,
  type PrivateKey,
  type Signer,
} from '@agentyard/eat';
import { openApi } from '../testing/openApi';
import { testDatabases } from '../testing/databases';
import { CatalogPublisher } from './CatalogPublisher';

jest.setTimeout(60_000);

const config = {
  id: 'portal',
  did: 'did:web:tools.example.org',
  baseUrl: 'https://tools.example.org',
  title: 'Tools',
  defaultRepresentation: 'linkset' as const,
  provider: 'file',
};

function key(alg: Alg): PrivateKey {
  const { privateKey, publicKey } =
    alg === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = {
    ...publicKey.export({ format: 'jwk' }),
    alg,
    use: 'sig',
  } as any;
  return { keyObject: privateKey, alg, jwk, thumbprint: jwkThumbprint(jwk) };
}

const keys = (['RS256', 'RS256', 'ES256', 'ES256'] as Alg[]).map(key);
const orders = [{ path: 'openapi.yaml', content: openApi(['get_order']) }];

const HOUR = 3_600_000;

describe('CatalogPublisher', () => {
  const databases = testDatabases();

  describe.each(databases.ids)('on %s', id => {
    let knex: Knex;
    let clock: number;
    let signer: Signer;

    /** A replica of the portal. */
    function replica(options: { signer?: () => Promise<Signer> } = {}) {
      return new CatalogPublisher({
        config,
        knex,
        logger: mockServices.logger.mock(),
        openSigner: options.signer ?? (async () => signer),
        now: () => new Date(clock),
      });
    }

    beforeEach(async () => {
      knex = await databases.migrated(id);
      clock = Date.parse('2026-09-01T08:00:00Z');
      signer = keySigner(keys);
    });

    it('signs the first statement, over nothing, so that there is something to verify', async () => {
      const publisher = replica();
      expect(publisher.describe().status).toBe('unpublished');
      await publisher.renew();
      expect(publisher.describe()).toMatchObject({
        status: 'published',
        problems: [],
        statement: { seq: 1, tools: 0 },
      });
    });

    it('signs anew at half of the life, and not before', async () => {
      const publisher = replica();
      await publisher.put('orders', orders, 'api');
      const catalog = publisher.served!.eat.body;

      clock += 12 * HOUR - 1000;
      await publisher.renew();
      expect(publisher.describe().statement).toMatchObject({ seq: 1 });

      clock += 1000;
      await publisher.renew();
      expect(publisher.describe().statement).toMatchObject({
        seq: 2,
        iat: clock / 1000,
        exp: clock / 1000 + 86_400,
      });
      // The content is the same, and so are its bytes.
      expect(publisher.served!.eat.body).toEqual(catalog);
    });

    it('refuses a server on plain http, since the publisher is public', async () => {
      const content = openApi(['get_order'], 'http://localhost:3001/mcp');
      const publisher = replica();
      await expect(
        publisher.put('orders', [{ path: 'openapi.yaml', content }], 'api'),
      ).rejects.toMatchObject({
        code: 'INSECURE_URL',
        problems: [{ pointer: '/tools/0/x-mcp-tool/server_url' }],
      });
    });

    it('chains statements by the hash of the one before', async () => {
      const publisher = replica();
      const claims = () =>
        JSON.parse(
          Buffer.from(
            publisher.served!.eat.signature!.split('.')[1],
            'base64url',
          ).toString(),
        );
      await publisher.renew();
      expect(claims()).not.toHaveProperty('prev');
      const { body } = (await publisher.log({ limit: 1 }))[0];
      clock += 13 * HOUR;
      await publisher.renew();
      expect(claims().prev).toBe(body.payloadHash);
    });

    it('keeps serving the last statement while the signer is away, and says so until it is back', async () => {
      let away = false;
      const flaky: Signer = {
        ...signer,
        provider: 'file',
        capabilities: () => signer.capabilities(),
        listVersions: () => signer.listVersions(),
        health: () => signer.health(),
        sign: async (...args) => {
          if (away) throw new Error('connect ECONNREFUSED');
          return signer.sign(...args);
        },
      };
      const publisher = replica({ signer: async () => flaky });
      await publisher.put('orders', orders, 'api');
      const before = publisher.served;

      away = true;
      clock += 13 * HOUR;
      await publisher.renew();
      expect(publisher.describe()).toMatchObject({
        status: 'refused',
        problems: [{ code: 'SIGNER_FAILED' }],
        statement: { seq: 1 },
      });
      expect(publisher.served).toBe(before);
      await expect(
        publisher.put(
          'more',
          [{ ...orders[0], content: openApi(['a']) }],
          'api',
        ),
      ).rejects.toMatchObject({ code: 'SIGNER_FAILED' });
      expect((await publisher.detail()).publications).toHaveLength(1);

      clock += 12 * HOUR;
      expect(publisher.describe().status).toBe('expired');

      away = false;
      await publisher.renew();
      expect(publisher.describe()).toMatchObject({
        status: 'published',
        problems: [],
        statement: { seq: 2 },
      });
    });

    it('opens the key store again after it failed', async () => {
      let attempts = 0;
      const publisher = replica({
        signer: async () => {
          attempts += 1;
          if (attempts === 1) throw new Error('The vault is sealed');
          return signer;
        },
      });
      await publisher.renew();
      expect(publisher.describe()).toMatchObject({
        status: 'refused',
        problems: [{ message: expect.stringContaining('The vault is sealed') }],
      });
      await publisher.renew();
      expect(publisher.describe().status).toBe('published');
    });

    it('publishes nothing that does not verify', async () => {
      const lying: Signer = {
        provider: 'file',
        capabilities: () => signer.capabilities(),
        listVersions: () => signer.listVersions(),
        health: () => signer.health(),
        sign: async (ref, alg, input, options) => {
          const signature = await signer.sign(ref, alg, input, options);
          signature[10] += 1;
          return signature;
        },
      };
      const publisher = replica({ signer: async () => lying });
      await expect(
        publisher.put('orders', orders, 'api'),
      ).rejects.toMatchObject({ code: 'SELF_VERIFICATION_FAILED' });
      expect(publisher.served).toBeUndefined();
      expect(await knex('published_catalogs')).toEqual([]);
      expect(await knex('publications')).toEqual([]);
    });

    it('puts a standby in the place of a key that the store has lost, and keeps the old one published', async () => {
      const first = replica();
      await first.renew();
      const active = first.describe().statement!.kid;

      const rest = keys.filter(
        ({ thumbprint }) => !active.endsWith(thumbprint),
      );
      clock += HOUR;
      const second = replica({ signer: async () => keySigner(rest) });
      await second.renew();
      clock += 12 * HOUR;
      await second.renew();
      const { keys: states, statement } = await second.detail();
      expect(statement!.kid).not.toBe(active);
      expect(states).toContainEqual(
        expect.objectContaining({ kid: active, state: 'retiring' }),
      );
      expect(states).toContainEqual(
        expect.objectContaining({ kid: statement!.kid, state: 'active' }),
      );
      expect(second.served!.did.body.toString()).toContain(active);
    });

    it('lets two replicas start at once, and signs one first statement', async () => {
      const replicas = [replica(), replica()];
      await Promise.all(replicas.map(publisher => publisher.renew()));
      for (const publisher of replicas) {
        expect(publisher.describe()).toMatchObject({
          status: 'published',
          problems: [],
          statement: { seq: 1 },
        });
      }
      const { keys: states } = await replicas[0].detail();
      expect(states.map(({ alg, state }) => `${alg} ${state}`).sort()).toEqual([
        'ES256 active',
        'ES256 published',
        'RS256 active',
        'RS256 published',
      ]);
    });

    it('lets two replicas publish at once without losing anything', async () => {
      const [one, two] = [replica(), replica()];
      await one.renew();
      await two.load();
      const advance = setInterval(() => {
        clock += 1000;
      }, 20);
      await Promise.all([
        one.put('orders', orders, 'api'),
        two.put(
          'billing',
          [{ path: 'openapi.yaml', content: openApi(['pay']) }],
          'api',
        ),
      ]);
      clearInterval(advance);
      await one.follow();
      await two.follow();
      for (const publisher of [one, two]) {
        const { publications, statement } = await publisher.detail();
        expect(publications.map(({ name }) => name)).toEqual([
          'billing',
          'orders',
        ]);
        expect(statement).toMatchObject({ seq: 3, tools: 2 });
      }
      expect(one.served!.eat.etag).toBe(two.served!.eat.etag);
      const log = await one.log({ limit: 100 });
      expect(
        log.filter(({ kind }) => kind === 'statement').map(e => e.body.seq),
      ).toEqual([3, 2, 1]);
    });

    it('serves at once after a restart, with no new statement', async () => {
      const first = replica();
      await first.put('orders', orders, 'api');
      const second = replica();
      await second.load();
      expect(second.served!.eat).toEqual(first.served!.eat);
      expect([...second.served!.specs.keys()]).toEqual(['orders/openapi.yaml']);
      await second.renew();
      expect(second.describe().statement).toEqual(first.describe().statement);
    });

    it('takes out what sources that are no more have brought', async () => {
      const publisher = replica();
      await publisher.putFromSource('demo', async () => orders);
      clock += 1000;
      await publisher.put(
        'mine',
        [{ path: 'openapi.yaml', content: openApi(['mine']) }],
        'api',
      );
      clock += 1000;
      await publisher.dropSources(['other']);
      const { publications } = await publisher.detail();
      expect(publications.map(({ name }) => name)).toEqual(['mine']);
    });

    it('refuses to sign while its clock is behind the last statement', async () => {
      const publisher = replica();
      await publisher.renew();
      clock -= HOUR;
      await expect(
        publisher.put('orders', orders, 'api'),
      ).rejects.toMatchObject({ code: 'CLOCK_BEHIND' });
    });
  });
});
