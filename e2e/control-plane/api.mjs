import https from 'node:https';

/**
 * A minimal client of one API server for what `up` needs; tests bring their own.
 * @returns {(method: string, path: string, body?: object) => Promise<{status: number, body: any}>}
 */
export function connect({ server, authority, token }) {
  const agent = new https.Agent({ ca: authority, keepAlive: false });
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const request = https.request(new URL(path, server), {
        method,
        agent,
        timeout: 5_000,
        headers: {
          authorization: `Bearer ${token}`,
          'user-agent': 'agentyard-control-plane',
          accept: 'application/json',
          ...(body && { 'content-type': 'application/json' }),
        },
      });
      request.on('error', reject);
      request.on('timeout', () =>
        request.destroy(new Error('no answer within 5 s')),
      );
      request.on('response', response => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', chunk => {
          text += chunk;
        });
        response.on('error', reject);
        response.on('end', () => {
          let value = text;
          try {
            value = JSON.parse(text);
          } catch {
            // /readyz answers plain text.
          }
          resolve({ status: response.statusCode, body: value });
        });
      });
      request.end(body && JSON.stringify(body));
    });
}
