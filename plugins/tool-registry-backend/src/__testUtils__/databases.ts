import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { migrationsDirectory } from '../database/migrate';

/**
 * SQLite, and each PostgreSQL that `BACKSTAGE_TEST_DATABASE_POSTGRES<version>_CONNECTION_STRING`
 * names. Call it once a file, outside of tests.
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
  return {
    ids: databases.eachSupportedId(),
    /** A fresh database with all migrations. */
    async migrated(
      id: ReturnType<typeof databases.eachSupportedId>[number][0],
    ): Promise<Knex> {
      const knex = await databases.init(id);
      await knex.migrate.latest({ directory: migrationsDirectory });
      return knex;
    },
    /** A fresh, empty database. */
    empty: (id: ReturnType<typeof databases.eachSupportedId>[number][0]) =>
      databases.init(id),
  };
}
