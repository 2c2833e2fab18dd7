import {
  didDocument,
  keySigner,
  readPrivateKey,
  sha256,
  signCatalog,
  type SignedCatalog,
} from '@agentyard/eat';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const SPEC =
  'openapi: 3.1.0\ninfo: { title: Orders, version: 1.0.0 }\npaths: {}\n';

/** A tool as the tests speak of it. */
export interface PublishedTool {
  name: string;
  description?: string;
  serverUrl: string;
  capabilities?: string[];
}

const publishersKey = readPrivateKey(newKey());
const strangersKey = readPrivateKey(newKey());

type Misdeed = (
  response: ServerResponse,
  signed: SignedCatalog,
  accept: string,
) => unknown;

/**
 * A publisher on loopback that serves what it signed: catalog with carrier A, sidecar S, did.json and
 * the spec. Its misdeeds are set by hand.
 */
export class Publisher {
  readonly #server = createServer((request, response) =>
    this.#answer(request.url ?? '/', request.headers.accept ?? '', response),
  );
  #signed: SignedCatalog | undefined;
  #seq = 0;
  #misdeed: Misdeed | undefined;

  static async start(): Promise<Publisher> {
    const publisher = new Publisher();
    publisher.#server.listen(0, '127.0.0.1');
    await once(publisher.#server, 'listening');
    return publisher;
  }

  get origin() {
    const { port } = this.#server.address() as AddressInfo;
    return `http://localhost:${port}`;
  }

  get url() {
    return `${this.origin}/.well-known/api-catalog`;
  }

  get did() {
    return `did:web:${new URL(this.origin).host.replace(':', '%3A')}`;
  }

  /** Signs and serves a catalog with these tools. */
  async publish(
    tools: PublishedTool[],
    options: {
      issuer?: string;
      issuedAt?: Date;
      seq?: number;
      byStranger?: boolean;
    } = {},
  ): Promise<void> {
    const key = options.byStranger ? strangersKey : publishersKey;
    this.#seq = options.seq ?? this.#seq + 1;
    this.#signed = await signCatalog({
      catalog: {
        version: '1.0',
        metadata: {
          title: 'Tools of Café Orion',
          ...(!options.issuer && { publisher: this.did }),
        },
        tools: tools.map(tool => ({
          name: tool.name,
          description: tool.description ?? '',
          spec_url: `${this.origin}/specs/openapi.yaml`,
          spec_hash: sha256(SPEC),
          'x-mcp-tool': {
            server_url: tool.serverUrl,
            capabilities: tool.capabilities ?? [],
          },
        })),
      },
      issuer: options.issuer ?? this.did,
      subject: this.url,
      issuedAt: options.issuedAt ?? new Date(),
      seq: this.#seq,
      prev: this.#signed?.payloadHash,
      keys: [
        {
          signer: keySigner([key]),
          ref: key.thumbprint,
          alg: key.alg,
          jwk: key.jwk,
        },
      ],
    });
  }

  /** Answers in place of the catalog, to play what a publisher must not do. */
  misbehave(misdeed: Misdeed) {
    this.#misdeed = misdeed;
  }

  async stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(path: string, accept: string, response: ServerResponse) {
    const send = (type: string, body: string | Uint8Array, headers = {}) =>
      response.writeHead(200, { 'content-type': type, ...headers }).end(body);
    switch (path) {
      case '/.well-known/api-catalog': {
        const signed = this.#signed;
        if (!signed) {
          response.writeHead(404).end();
        } else if (this.#misdeed) {
          this.#misdeed(response, signed, accept);
        } else if (accept.includes('application/jose+json')) {
          send('application/jose+json', JSON.stringify(signed.general));
        } else {
          send('application/json', signed.catalogBytes, {
            'x-jws-signature': signed.compact,
          });
        }
        break;
      }
      case '/.well-known/did.json':
        send(
          'application/json',
          JSON.stringify(
            didDocument({
              did: this.did,
              catalogUrl: this.url,
              keys: [{ jwk: publishersKey.jwk }],
            }),
          ),
        );
        break;
      case '/specs/openapi.yaml':
        send('application/yaml', SPEC);
        break;
      default:
        response.writeHead(404).end();
    }
  }
}

function newKey() {
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
}
