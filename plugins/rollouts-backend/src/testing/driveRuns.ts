import { mockServices } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import knexFactory from 'knex';
import { ClusterDirectory } from '../clusters/ClusterDirectory';
import { serviceAccountAuth } from '../clusters/serviceAccountAuth';
import { DatabaseRunStore } from '../database/DatabaseRunStore';
import { RunEventStore } from '../database/RunEventStore';
import { RunWorker } from '../service/RunWorker';

/**
 * A process of its own that drives runs, for tests that kill it. Takes the database file, the holder's name and the
 * configuration as JSON; says `ready` once it looks for work.
 */
function main([filename, holder, config]: string[]) {
  const knex = knexFactory({
    client: 'better-sqlite3',
    connection: { filename },
    useNullAsDefault: true,
  });
  const logger = mockServices.rootLogger();
  new RunWorker({
    runs: new DatabaseRunStore(knex),
    events: new RunEventStore(knex),
    clusters: new ClusterDirectory({
      config: new ConfigReader(JSON.parse(config)),
      logger,
      auths: [serviceAccountAuth()],
    }),
    logger,
    holder,
    maxConcurrent: 10,
    publish: async () => {},
    onFinished: async () => {},
    pollMs: 100,
    leaseMs: 3_000,
  }).start();
  process.stdout.write('ready\n');
}

main(process.argv.slice(2));
