import { testDatabases } from '../testing/databases';
import { migrationsDirectory } from './connectDatabase';

jest.setTimeout(60_000);

describe('migrations', () => {
  const databases = testDatabases();

  it.each(databases.ids)('go up, down and up again on %s', async id => {
    const knex = await databases.empty(id);
    const migrate = { directory: migrationsDirectory };

    await knex.migrate.latest(migrate);
    for (const table of ['plans', 'runs', 'releases', 'inventory']) {
      expect(await knex.schema.hasTable(table)).toBe(true);
    }

    await knex.migrate.rollback(migrate, true);
    for (const table of ['plans', 'runs', 'releases', 'inventory']) {
      expect(await knex.schema.hasTable(table)).toBe(false);
    }

    await knex.migrate.latest(migrate);
    expect(await knex('runs').select()).toEqual([]);
  });
});
