export interface Config {
  agentyard?: {
    signing?: {
      /** The embedded key store: encrypted files. Needed when a publisher uses the provider `file` (the default). */
      keyStore?: {
        /**
         * Folder of the encrypted keys, made on first start with mode 0700. Relative to the backend's working folder.
         */
        directory: string;
        /**
         * Passphrase from which the key-encryption key is made; at least 16 characters. There is no default.
         * @visibility secret
         */
        secret?: string;
        /**
         * Instead of `secret`: a file with 32 random bytes. In development it is made on first start; in production
         * (`NODE_ENV=production`) it must exist.
         */
        secretFile?: string;
      };
      /**
       * Identities for which this portal signs catalogs. The first one is served at the backend's root.
       */
      publishers?: Array<{
        /** Name in addresses of the API: lower-case letters, digits and hyphens. */
        id: string;
        /** `did:web:` and the host of `baseUrl`; a port's colon is written `%3A`. */
        did: string;
        /** Public origin of the backend, such as `https://tools.example.org`. */
        baseUrl: string;
        title?: string;
        /**
         * Answer to clients that accept anything: `linkset` (RFC 9727, the default) or `eat` (the catalog itself).
         */
        defaultRepresentation?: 'linkset' | 'eat';
        /** Key store that holds the publisher's keys. Default: `file`. */
        provider?: string;
      }>;
    };
  };
}
