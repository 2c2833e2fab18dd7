// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('signing_keys', table => {
    table.comment('Public part and state of each signing key');
    table.string('publisher_id', 64).notNullable();
    table.string('kid', 512).notNullable().comment('DID and thumbprint');
    table.string('provider', 32).notNullable();
    table.string('ref', 512).notNullable().comment('Name at the provider');
    table.string('alg', 16).notNullable();
    table.text('jwk').notNullable().comment('Public JWK, JSON');
    table.string('state', 16).notNullable();
    table.string('created_at', 32).notNullable().comment('RFC 3339');
    table.primary(['publisher_id', 'kid']);
  });

  await knex.schema.createTable('publications', table => {
    table.comment('Named sets of OpenAPI documents');
    table.string('publisher_id', 64).notNullable();
    table.string('name', 40).notNullable();
    table.string('origin', 16).notNullable().comment('api or source');
    table.string('content_hash', 71).notNullable();
    table.text('tools').notNullable().comment('Names of its tools, JSON');
    table.string('updated_at', 32).notNullable().comment('RFC 3339');
    table.primary(['publisher_id', 'name']);
  });

  await knex.schema.createTable('publication_specs', table => {
    table.comment('The documents of publications');
    table.string('publisher_id', 64).notNullable();
    table.string('publication', 40).notNullable();
    table.string('path', 256).notNullable();
    table.text('content', 'longtext').notNullable();
    table.primary(['publisher_id', 'publication', 'path']);
    table
      .foreign(['publisher_id', 'publication'])
      .references(['publisher_id', 'name'])
      .inTable('publications')
      .onDelete('CASCADE');
  });

  await knex.schema.createTable('published_catalogs', table => {
    table.comment('What is being served, one row a publisher');
    table.string('publisher_id', 64).primary().notNullable();
    table.bigInteger('seq').notNullable();
    table.string('payload_hash', 71).notNullable();
    table.string('content_hash', 71).notNullable();
    table.bigInteger('iat').notNullable().comment('Seconds');
    table.bigInteger('exp').notNullable().comment('Seconds');
    table
      .text('documents', 'longtext')
      .notNullable()
      .comment('The rendered documents, JSON');
  });

  await knex.schema.createTable('log_entries', table => {
    table.comment('Append-only; each entry contains the hash of the last');
    table.string('publisher_id', 64).notNullable();
    table.bigInteger('position').notNullable();
    table.string('at', 32).notNullable().comment('RFC 3339');
    table.string('kind', 16).notNullable();
    table.text('body').notNullable().comment('JSON');
    table.string('prev', 71).nullable();
    table.string('hash', 71).notNullable();
    table.primary(['publisher_id', 'position']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('log_entries');
  await knex.schema.dropTable('published_catalogs');
  await knex.schema.dropTable('publication_specs');
  await knex.schema.dropTable('publications');
  await knex.schema.dropTable('signing_keys');
};
