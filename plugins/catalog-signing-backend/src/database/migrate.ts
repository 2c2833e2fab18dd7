import {
  DatabaseService,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { Knex } from 'knex';

/** Folder of the migrations, up and down. */
export const migrationsDirectory = () =>
  resolvePackagePath('@agentyard/plugin-catalog-signing-backend', 'migrations');

/** Opens the plugin's database and brings it to the present shape. */
export async function openDatabase(database: DatabaseService): Promise<Knex> {
  const knex = await database.getClient();
  if (!database.migrations?.skip) {
    await knex.migrate.latest({ directory: migrationsDirectory() });
  }
  return knex;
}
