export interface Config {
  agentyard?: {
    localGit?: {
      /**
       * Folder of the bare Git repositories that the scaffolder action `agentyard:publish:local-git` makes, one
       * `<name>.git` a service. Relative to the backend's working folder. Without it the action refuses to work.
       */
      directory: string;
    };
  };
}
