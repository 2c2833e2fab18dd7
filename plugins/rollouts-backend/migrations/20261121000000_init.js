// @ts-check

/**
 * Times are RFC 3339 in UTC with milliseconds, so that they sort as text in every database.
 * JSON is kept as text: it is written and read whole, never searched.
 * `target` is `cluster/namespace/name`: what one application owns, and at most one active run works on.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('plans', table => {
    table.comment('What would change; kept until some days after expiry');
    table.string('id', 36).primary();
    table.string('digest', 128).notNullable();
    table.string('kind', 16).notNullable().comment('rollout or rollback');
    table.string('rollback_of', 36).comment('Run that a rollback undoes');
    table.string('cluster', 255).notNullable();
    table.string('namespace', 63).notNullable();
    table.string('name', 63).notNullable();
    table.string('entity_ref', 255).index();
    table.boolean('refused').notNullable();
    table.text('counts').notNullable().comment('Objects by action, JSON');
    table.string('created_by', 255).notNullable();
    table.string('created_at', 32).notNullable().index();
    table.string('expires_at', 32).notNullable().index();
    table
      .text('plan', 'longtext')
      .notNullable()
      .comment('The whole plan, JSON. Holds manifests with their Secrets');
  });

  await knex.schema.createTable('runs', table => {
    table.comment('Plans on their way into clusters, each with its lease');
    table.string('id', 36).primary();
    table
      .string('plan_id', 36)
      .notNullable()
      .unique()
      .references('id')
      .inTable('plans')
      .comment('A plan has one run');
    table.string('plan_digest', 128).notNullable();
    table.string('kind', 16).notNullable();
    table.string('rollback_of', 36);
    table.string('cluster', 255).notNullable();
    table.string('namespace', 63).notNullable();
    table.string('name', 63).notNullable();
    table.string('target', 400).notNullable().index();
    table
      .string('active_target', 400)
      .unique()
      .comment('The target while the run is active, else null');
    table.string('entity_ref', 255).index();
    table.string('state', 32).notNullable().index();
    table.integer('revision').notNullable();
    table.string('previous_release_id', 36);
    table.text('message');
    table.text('evidence', 'longtext').notNullable().comment('JSON');
    table.text('restart_baseline', 'longtext').notNullable().comment('JSON');
    table.text('abort').comment('Wish to stop, JSON');
    table.integer('objects_total').notNullable();
    table.integer('objects_ready').notNullable();
    table.integer('objects_failed').notNullable();
    table.string('created_by', 255).notNullable();
    table.string('created_at', 32).notNullable().index();
    table.string('started_at', 32);
    table.string('finished_at', 32);
    table.string('updated_at', 32).notNullable();
    table.string('notified_at', 32).comment('When its end was told');
    table.string('lease_holder', 128).comment('Who drives, or drove last');
    table.integer('lease_epoch').notNullable().defaultTo(0);
    table.string('lease_expires_at', 32).comment('Null: free');
  });

  await knex.schema.createTable('run_objects', table => {
    table.comment('How far each object of a run is');
    table
      .string('run_id', 36)
      .notNullable()
      .references('id')
      .inTable('runs')
      .onDelete('CASCADE');
    table.string('phase', 16).notNullable().comment('rollout or rollback');
    table.integer('position').notNullable();
    table.text('progress', 'longtext').notNullable().comment('JSON');
    table.primary(['run_id', 'phase', 'position']);
  });

  await knex.schema.createTable('run_journal', table => {
    table.comment('What a driver was about to do, written before it did it');
    table
      .string('run_id', 36)
      .notNullable()
      .references('id')
      .inTable('runs')
      .onDelete('CASCADE');
    table.integer('seq').notNullable();
    table.integer('epoch').notNullable();
    table.string('step', 255).notNullable();
    table.string('phase', 16).notNullable();
    table.string('at', 32).notNullable();
    table.text('message').notNullable();
    table.primary(['run_id', 'seq']);
  });

  await knex.schema.createTable('run_events', table => {
    table.comment('The last lines of the log of each run, for people');
    table
      .string('run_id', 36)
      .notNullable()
      .references('id')
      .inTable('runs')
      .onDelete('CASCADE');
    table.integer('seq').notNullable();
    table.string('at', 32).notNullable();
    table.string('level', 8).notNullable();
    table.text('message').notNullable();
    table.primary(['run_id', 'seq']);
  });

  await knex.schema.createTable('releases', table => {
    table.comment('Sets that proved good: what one can go back to');
    table.string('id', 36).primary();
    table.string('target', 400).notNullable();
    table.integer('revision').notNullable();
    table.string('run_id', 36).notNullable().references('id').inTable('runs');
    table.string('plan_digest', 128).notNullable();
    table.string('created_at', 32).notNullable().index();
    table.integer('object_count').notNullable();
    table.text('images').notNullable().comment('JSON');
    table
      .text('objects', 'longtext')
      .notNullable()
      .comment('The manifests, JSON. Holds Secrets');
    table.unique(['target', 'revision']);
  });

  await knex.schema.createTable('inventory', table => {
    table.comment('Which objects a target owns');
    table.string('target', 400).notNullable();
    table.integer('position').notNullable();
    table.text('ref').notNullable().comment('JSON');
    table.string('uid', 64);
    table.boolean('created').notNullable();
    table.integer('revision').notNullable();
    table.primary(['target', 'position']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const table of [
    'inventory',
    'releases',
    'run_events',
    'run_journal',
    'run_objects',
    'runs',
    'plans',
  ]) {
    await knex.schema.dropTable(table);
  }
};
