import { testDatabases } from '../__testUtils__/databases';
import { migrationsDirectory } from './migrate';

jest.setTimeout(60_000);

const databases = testDatabases();

describe.each(databases.ids)('the migrations on %s', id => {
  it('go up, down without a trace, and up again', async () => {
    const knex = await databases.empty(id);

    await knex.migrate.latest({ directory: migrationsDirectory });
    await knex.migrate.rollback({ directory: migrationsDirectory }, true);
    for (const table of [
      'sources',
      'catalogs',
      'catalog_tools',
      'catalog_tool_capabilities',
      'catalog_changes',
      'high_water_marks',
      'servers',
      'server_probes',
    ]) {
      expect([table, await knex.schema.hasTable(table)]).toEqual([
        table,
        false,
      ]);
    }
    await knex.migrate.latest({ directory: migrationsDirectory });

    expect(await knex.schema.hasTable('sources')).toBe(true);
  });
});
