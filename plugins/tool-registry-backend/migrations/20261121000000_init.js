// @ts-check

/**
 * Times are RFC 3339 in UTC with milliseconds, so that they sort as text in every database.
 * JSON is kept as text: it is written and read whole, never searched.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('sources', table => {
    table.comment('What the registry reads, and how the last attempt went');
    table.string('id', 255).primary().comment('<provider>.<id>, config: <id>');
    table.string('provider', 64).notNullable().index();
    table.string('type', 16).notNullable();
    table.text('declaration').notNullable().comment('As declared, JSON');
    table.text('verdict').comment('Verdict of the last attempt, JSON');
    table.string('fetched_at', 32).comment('End of the last attempt');
    table.string('succeeded_at', 32).comment('End of the last good attempt');
    table.string('failure_code', 64).comment('Null if the last one was good');
    table.text('failure_message');
    table.integer('failures').notNullable().defaultTo(0).comment('In a row');
    table.string('due_at', 32).notNullable().index().comment('Next attempt');
  });

  await knex.schema.createTable('catalogs', table => {
    table.comment('The accepted snapshot of a catalog source');
    table
      .string('source_id', 255)
      .primary()
      .references('id')
      .inTable('sources')
      .onDelete('CASCADE');
    table.string('digest', 71).notNullable();
    table.bigInteger('seq');
    table.string('verdict_status', 16).notNullable();
    table.text('metadata').notNullable().comment('Of the catalog, JSON');
    table.text('signature').comment('Who signed, JSON');
    table.string('accepted_at', 32).notNullable();
    table.string('confirmed_at', 32).notNullable();
  });

  await knex.schema.createTable('catalog_tools', table => {
    table.comment('The tools of the accepted snapshots');
    table
      .string('source_id', 255)
      .notNullable()
      .references('source_id')
      .inTable('catalogs')
      .onDelete('CASCADE');
    table.string('name', 255).notNullable();
    table.string('digest', 71).notNullable();
    table.text('definition').notNullable().comment('As signed, JSON');
    table.string('server_id', 64).notNullable().index();
    table.text('server_url').notNullable();
    table
      .string('entity_name', 63)
      .notNullable()
      .comment('Given once, kept while the tool is there');
    table
      .string('entity_name_key', 63)
      .notNullable()
      .unique()
      .comment('In lower case');
    table.text('search_text').notNullable().comment('In lower case');
    table.string('first_seen_at', 32).notNullable();
    table.string('changed_at', 32).notNullable();
    table.primary(['source_id', 'name']);
    table.index(['name', 'source_id']);
  });

  await knex.schema.createTable('catalog_tool_capabilities', table => {
    table.string('source_id', 255).notNullable();
    table.string('tool_name', 255).notNullable();
    table.string('capability', 255).notNullable().index();
    table.primary(['source_id', 'tool_name', 'capability']);
    table
      .foreign(['source_id', 'tool_name'])
      .references(['source_id', 'name'])
      .inTable('catalog_tools')
      .onDelete('CASCADE');
  });

  await knex.schema.createTable('catalog_changes', table => {
    table.comment('What each accepted snapshot changed');
    table.bigIncrements('id');
    table
      .string('source_id', 255)
      .notNullable()
      .index()
      .references('source_id')
      .inTable('catalogs')
      .onDelete('CASCADE');
    table.string('at', 32).notNullable();
    table.string('digest', 71).notNullable();
    table.string('previous_digest', 71);
    table.text('tools').notNullable().comment('Changes by tool, JSON');
  });

  await knex.schema.createTable('high_water_marks', table => {
    table.comment(
      'Newest statement of a publisher for a catalog; outlives the source, so that removing and adding it again opens no way back',
    );
    table.string('key', 71).primary().comment('SHA-256 of issuer and URL');
    table.text('issuer').notNullable();
    table.text('url').notNullable();
    table.text('mark').notNullable().comment('JSON');
    table.integer('revision').notNullable();
    table.string('updated_at', 32).notNullable();
  });

  await knex.schema.createTable('servers', table => {
    table.comment(
      'MCP servers that sources or catalogs name, and their health',
    );
    table.string('id', 64).primary().comment('Derived from the URL');
    table.text('url').notNullable();
    table.string('state', 16).notNullable().defaultTo('unknown');
    table.string('since', 32);
    table.string('checked_at', 32);
    table.string('healthy_at', 32).comment('When last healthy');
    table.integer('latency_ms');
    table.string('reason_code', 64);
    table.text('reason_message');
    table.text('description').comment('Dialect and self-description, JSON');
    table.text('live_tools').comment('As last listed, JSON');
    table.string('live_tools_at', 32);
    table.string('due_at', 32).notNullable().index().comment('Next probe');
  });

  await knex.schema.createTable('server_probes', table => {
    table.comment('History of probes, bounded by server');
    table.bigIncrements('id');
    table
      .string('server_id', 64)
      .notNullable()
      .index()
      .references('id')
      .inTable('servers')
      .onDelete('CASCADE');
    table.string('at', 32).notNullable();
    table.string('state', 16).notNullable();
    table.integer('latency_ms');
    table.string('code', 64);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('server_probes');
  await knex.schema.dropTable('servers');
  await knex.schema.dropTable('high_water_marks');
  await knex.schema.dropTable('catalog_changes');
  await knex.schema.dropTable('catalog_tool_capabilities');
  await knex.schema.dropTable('catalog_tools');
  await knex.schema.dropTable('catalogs');
  await knex.schema.dropTable('sources');
};
