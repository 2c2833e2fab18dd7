import path from 'node:path';
import { RootConfigService } from '@backstage/backend-plugin-api';
import { SigningConfigError } from './errors';
import { MIN_SECRET_LENGTH } from './keys/file/secret';

/** A publisher as configured. */
export interface PublisherConfig {
  id: string;
  did: string;
  /** Origin, without a slash at the end. */
  baseUrl: string;
  title: string;
  defaultRepresentation: 'linkset' | 'eat';
  provider: string;
}

/** Where the embedded key store is and what opens it. */
export interface KeyStoreConfig {
  directory: string;
  secret: { passphrase: string } | { file: string };
}

/** The configuration below `agentyard.signing`. */
export interface SigningConfig {
  publishers: PublisherConfig[];
  keyStore?: KeyStoreConfig;
}

/**
 * Reads and checks the configuration.
 *
 * @throws SigningConfigError naming the key and what to do
 */
export function readSigningConfig(root: RootConfigService): SigningConfig {
  const config = root.getOptionalConfig('agentyard.signing');
  const publishers = (config?.getOptionalConfigArray('publishers') ?? []).map(
    (publisher, index): PublisherConfig => {
      const at = `agentyard.signing.publishers[${index}]`;
      const id = publisher.getString('id');
      if (!/^[a-z][a-z0-9-]{0,62}$/.test(id)) {
        throw new SigningConfigError(
          `${at}.id "${id}" must begin with a lower-case letter and contain only lower-case letters, digits and hyphens (at most 63)`,
        );
      }
      const baseUrl = readOrigin(publisher.getString('baseUrl'), at);
      const did = publisher.getString('did');
      // One host speaks for one DID: consumers fetch the DID document from there.
      const expected = `did:web:${encodeURIComponent(new URL(baseUrl).host)}`;
      if (did !== expected) {
        throw new SigningConfigError(
          `${at}.did is "${did}", but documents below ${baseUrl} belong to "${expected}". Change one of the two.`,
        );
      }
      const representation =
        publisher.getOptionalString('defaultRepresentation') ?? 'linkset';
      if (representation !== 'linkset' && representation !== 'eat') {
        throw new SigningConfigError(
          `${at}.defaultRepresentation must be linkset or eat, not "${representation}"`,
        );
      }
      return {
        id,
        did,
        baseUrl,
        title: publisher.getOptionalString('title') ?? id,
        defaultRepresentation: representation,
        provider: publisher.getOptionalString('provider') ?? 'file',
      };
    },
  );
  for (const key of ['id', 'did'] as const) {
    const seen = new Set<string>();
    for (const publisher of publishers) {
      if (seen.has(publisher[key])) {
        throw new SigningConfigError(
          `agentyard.signing.publishers: two have the same ${key} "${publisher[key]}"`,
        );
      }
      seen.add(publisher[key]);
    }
  }
  const needsKeyStore = publishers.some(p => p.provider === 'file');
  const keyStore = config?.getOptionalConfig('keyStore');
  if (needsKeyStore && !keyStore) {
    throw new SigningConfigError(
      'agentyard.signing.keyStore is missing: publishers with the provider "file" need its directory and secret',
    );
  }
  return {
    publishers,
    keyStore: needsKeyStore && keyStore ? readKeyStore(keyStore) : undefined,
  };
}

function readKeyStore(
  config: ReturnType<RootConfigService['getConfig']>,
): KeyStoreConfig {
  const directory = path.resolve(config.getString('directory'));
  const passphrase = config.getOptionalString('secret');
  const file = config.getOptionalString('secretFile');
  if (passphrase !== undefined) {
    if (passphrase.length < MIN_SECRET_LENGTH) {
      throw new SigningConfigError(
        `agentyard.signing.keyStore.secret is shorter than ${MIN_SECRET_LENGTH} characters. Use for example the output of: openssl rand -base64 32`,
      );
    }
    return { directory, secret: { passphrase } };
  }
  if (file === undefined) {
    throw new SigningConfigError(
      'agentyard.signing.keyStore.secret is missing. There is no default: set it, for example from an environment variable with the output of: openssl rand -base64 32',
    );
  }
  return { directory, secret: { file: path.resolve(file) } };
}

function readOrigin(value: string, at: string): string {
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    throw new SigningConfigError(`${at}.baseUrl "${value}" is no URL`);
  }
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    throw new SigningConfigError(
      `${at}.baseUrl "${value}" must begin with https:// (http:// only for localhost)`,
    );
  }
  if (url.href !== `${url.origin}/`) {
    throw new SigningConfigError(
      `${at}.baseUrl "${value}" must be an origin, without path, query or user`,
    );
  }
  return url.origin;
}
