import fs from 'node:fs';
import { connect } from './api.mjs';

/** A client made from a kubeconfig of ours, as the tests here use it. */
export function clientOf(kubeconfig) {
  const { clusters, users } = JSON.parse(fs.readFileSync(kubeconfig, 'utf8'));
  const call = connect({
    server: clusters[0].cluster.server,
    authority: Buffer.from(
      clusters[0].cluster['certificate-authority-data'],
      'base64',
    ),
    token: users[0].user.token,
  });
  return async (method, path, body) => {
    const answer = await call(method, path, body);
    if (answer.status >= 400) {
      throw Object.assign(
        new Error(
          `${method} ${path}: ${answer.status} ${answer.body?.message ?? ''}`,
        ),
        {
          status: answer.status,
        },
      );
    }
    return answer.body;
  };
}

/** Asks until the answer is truthy. */
export async function eventually(what, ask, { within = 10_000 } = {}) {
  const deadline = Date.now() + within;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline)
      throw new Error(`waited ${within} ms in vain for ${what}`);
    await new Promise(resolve => setTimeout(resolve, 25));
  }
}

/** A namespace in which pods may be created: its default service account comes a moment later. */
export async function newNamespace(api, prefix) {
  const { metadata } = await api('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { generateName: `${prefix}-` },
  });
  await eventually('the default service account', () =>
    api(
      'GET',
      `/api/v1/namespaces/${metadata.name}/serviceaccounts/default`,
    ).catch(() => false),
  );
  return metadata.name;
}
