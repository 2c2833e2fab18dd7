import type { HumanDuration } from '@backstage/types';

export interface Config {
  agentyard?: {
    /** Rules for addresses that strangers wrote. Absent: https to public addresses on port 443. */
    fetch?: {
      /**
       * Development only: loopback addresses are allowed, there also with http and on any port.
       * @default false
       */
      allowLoopback?: boolean;
      /**
       * Ports that may be asked on public addresses.
       * @default [443]
       */
      allowedPorts?: number[];
      /** If given, only these hosts may be asked: `example.org`, `example.org:8443`, `*.example.org`. */
      allowedHosts?: string[];
    };
    registry?: {
      /** What the registry reads, by id (letters, digits, hyphens and underscores). */
      sources?: {
        [id: string]:
          | {
              /** A signed tool catalog. */
              type: 'eat-catalog';
              /** Where the catalog is; shown in the portal, so it must hold no secret. */
              url: string;
              /** DID of the expected publisher. Absent: `did:web:` of the URL's host. */
              publisher?: string;
              /**
               * Rules of verification.
               * @default strict
               */
              profile?: 'strict' | 'eat-compat';
              /**
               * `enforce` lets only verified catalogs in, `audit` every readable one.
               * @default enforce
               */
              mode?: 'enforce' | 'audit';
              /** Entity ref of the group or user that owns its tools. */
              owner?: string;
              schedule?: {
                /**
                 * Time between two attempts, at least 10 seconds.
                 * @default 5 minutes
                 */
                frequency?: HumanDuration | string;
              };
            }
          | {
              /** One MCP server. */
              type: 'mcp-server';
              /** Its endpoint; shown in the portal, so it must hold no secret. */
              url: string;
              /** Entity ref of the group or user that owns it. */
              owner?: string;
              schedule?: {
                /**
                 * Time between two probes, at least 10 seconds.
                 * @default 1 minute
                 */
                frequency?: HumanDuration | string;
              };
            };
      };
      /** Sources that stand in the catalog as hand-written entities. */
      entitySources?: {
        /**
         * Whether they are followed.
         * @default true
         */
        enabled?: boolean;
        /**
         * Rules of verification for their catalogs.
         * @default strict
         */
        profile?: 'strict' | 'eat-compat';
        /**
         * What the verdict on their catalogs decides.
         * @default enforce
         */
        mode?: 'enforce' | 'audit';
      };
      probe?: {
        /**
         * Time between two probes of servers that only catalogs name.
         * @default 1 minute
         */
        frequency?: HumanDuration | string;
      };
    };
  };
}
