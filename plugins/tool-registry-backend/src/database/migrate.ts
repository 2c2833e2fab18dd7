import { resolvePackagePath } from '@backstage/backend-plugin-api';
import type { DatabaseService } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';

/** Where the migrations are. */
export const migrationsDirectory = resolvePackagePath(
  '@agentyard/plugin-tool-registry-backend',
  'migrations',
);

/** Connects, and brings the database up to date unless the operator does that. */
export async function connectDatabase(
  database: DatabaseService,
): Promise<Knex> {
  const knex = await database.getClient();
  if (!database.migrations?.skip) {
    await knex.migrate.latest({ directory: migrationsDirectory });
  }
  return knex;
}
