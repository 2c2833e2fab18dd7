export interface Config {
  agentyard?: {
    /** The demo world of development: a real MCP server on loopback and a signed catalog of its tools. */
    demo?: {
      /** Whether it starts with the portal; off by default. */
      enabled?: boolean;
      /** Port on loopback for the demo's MCP server; 7008 by default. */
      port?: number;
    };
  };
}
