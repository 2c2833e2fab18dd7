import { readFileSync } from 'node:fs';
import https from 'node:https';

/** The API server of a kubeconfig, asked over kept connections. */
export class Api {
  readonly #server: string;
  readonly #token: string;
  readonly #authority: Buffer;
  readonly #userAgent: string;
  readonly #agent: https.Agent;

  constructor(kubeconfig: string, userAgent: string, connections: number) {
    // The control plane writes its kubeconfig as JSON.
    const { clusters, users } = JSON.parse(readFileSync(kubeconfig, 'utf8'));
    this.#server = clusters[0].cluster.server;
    this.#token = users[0].user.token;
    this.#authority = Buffer.from(
      clusters[0].cluster['certificate-authority-data'],
      'base64',
    );
    this.#userAgent = userAgent;
    this.#agent = new https.Agent({
      ca: this.#authority,
      keepAlive: true,
      maxSockets: connections,
    });
  }

  /** @throws Error on any answer from 400 up, except 404 to a DELETE */
  async ask(
    method: string,
    path: string,
    body?: object,
    contentType = 'application/json',
  ): Promise<any> {
    const response = await this.#open(method, path, this.#agent, {
      body: body && JSON.stringify(body),
      contentType,
    });
    let text = '';
    response.setEncoding('utf8');
    for await (const chunk of response) text += chunk;
    const status = response.statusCode ?? 0;
    if (status >= 400)
      throw Object.assign(new Error(`${method} ${path}: ${status} ${text}`), {
        status,
      });
    return JSON.parse(text);
  }

  /** One watch. Answers true once `onEvent` did, false when the server ended it, as it does to slow readers. */
  async watch(
    path: string,
    onEvent: (event: { type: string; object: any }) => boolean,
    onOpen: () => void,
  ): Promise<boolean> {
    const own = new https.Agent({ ca: this.#authority });
    const response = await this.#open('GET', path, own, {});
    onOpen();
    response.setEncoding('utf8');
    let rest = '';
    try {
      for await (const chunk of response) {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop()!;
        for (const line of lines) if (onEvent(JSON.parse(line))) return true;
      }
    } finally {
      response.destroy();
      own.destroy();
    }
    return false;
  }

  close(): void {
    this.#agent.destroy();
  }

  #open(
    method: string,
    path: string,
    agent: https.Agent,
    { body, contentType }: { body?: string; contentType?: string },
  ): Promise<import('node:http').IncomingMessage> {
    return new Promise((resolve, reject) => {
      https
        .request(new URL(path, this.#server), {
          method,
          agent,
          headers: {
            authorization: `Bearer ${this.#token}`,
            'user-agent': this.#userAgent,
            accept: 'application/json',
            ...(body && {
              'content-type': contentType,
              'content-length': Buffer.byteLength(body),
            }),
          },
        })
        .on('error', reject)
        .on('response', resolve)
        .end(body);
    });
  }
}
