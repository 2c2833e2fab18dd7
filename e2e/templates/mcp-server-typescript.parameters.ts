import { JsonObject } from '@backstage/types';

/** A form filled in completely, with a description that has to be escaped wherever it is written. */
export const everything: JsonObject = {
  name: 'orders-mcp',
  description: `Finds items & quotes orders: "safe" <b> \\ for #1 agents' use {{ x }}`,
  owner: 'group:default/commerce',
  system: 'system:default/shop',
  serverUrl: 'https://orders.tools.acme.dev/base',
  image: 'registry.acme.dev/tools/orders-mcp:0.1.0',
  namespace: 'shop',
  port: 8181,
  baseImage: `node:24.20.0-bookworm-slim@sha256:${'b'.repeat(64)}`,
  gitHost: 'local',
  imageDigest: `sha256:${'a'.repeat(64)}`,
};

/** The same with a rollout to the cluster `production`. */
export const withRollout: JsonObject = {
  ...everything,
  cluster: 'production',
  rolloutNow: true,
};

/** The least that the form accepts; what the form fills in by itself stands here too. */
export const least: JsonObject = {
  name: 'abc',
  description: 'Does what it does',
  owner: 'group:default/commerce',
  serverUrl: 'http://localhost:8080',
  image: 'localhost:5000/abc:0.1.0',
  port: 8080,
  baseImage:
    'node:24.20.0-bookworm-slim@sha256:ba849c60be29959425b8734d57b8b4b7d56f98edd9504c9af091d5281095a71e',
  gitHost: 'local',
};
