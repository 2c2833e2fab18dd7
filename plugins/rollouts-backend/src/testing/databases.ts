import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { migrationsDirectory } from '../database/connectDatabase';

/**
 * SQLite, and each PostgreSQL that `BACKSTAGE_TEST_DATABASE_POSTGRES<version>_CONNECTION_STRING` names. Call it once a
 * file, outside of tests.
 */
export function testDatabases() {
  const databases = TestDatabases.create({
    ids: [
      'SQLITE_3',
      'POSTGRES_14',
      'POSTGRES_15',
      'POSTGRES_16',
      'POSTGRES_17',
      'POSTGRES_18',
    ],
    disableDocker: true,
  });
  const ids = databases.eachSupportedId();
  type Id = (typeof ids)[number][0];
  return {
    ids,
    /** A fresh, empty database. */
    empty: (id: Id): Promise<Knex> => databases.init(id),
    /** A fresh database with all migrations. */
    async migrated(id: Id): Promise<Knex> {
      const knex = await databases.init(id);
      await knex.migrate.latest({ directory: migrationsDirectory });
      return knex;
    },
  };
}
