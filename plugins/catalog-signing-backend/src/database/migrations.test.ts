import { Knex } from 'knex';
import { testDatabases } from '../testing/databases';
import { migrationsDirectory } from './migrate';

const tables = [
  'log_entries',
  'publication_specs',
  'publications',
  'published_catalogs',
  'signing_keys',
];

async function present(knex: Knex) {
  const found = await Promise.all(
    tables.map(async table =>
      (await knex.schema.hasTable(table)) ? table : '',
    ),
  );
  return found.filter(Boolean);
}

describe('migrations', () => {
  const databases = testDatabases();

  it.each(databases.ids)('go up and down and up again on %s', async id => {
    const knex = await databases.empty(id);
    const migrations = { directory: migrationsDirectory() };
    await knex.migrate.latest(migrations);
    expect(await present(knex)).toEqual(tables);
    await knex.migrate.rollback(migrations, true);
    expect(await present(knex)).toEqual([]);
    await knex.migrate.latest(migrations);
    expect(await present(knex)).toEqual(tables);
  });
});
