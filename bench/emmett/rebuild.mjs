// The peer of bench/rebuild.ts: @event-driven-io/emmett-postgresql rebuilds one projection (a status for each stream, the
// shape that its own samples have) from the same events, on a database of its own, with its default settings. Told by
// messages: { stream, events } to append, 'rebuild' to do so; answers how many events the documents count, how long it took
// and the most memory that this process has held.
import {
  getPostgreSQLEventStore,
  pongoSingleStreamProjection,
  rebuildPostgreSQLProjections,
} from '@event-driven-io/emmett-postgresql';
import pg from 'pg';

const [url, types] = process.argv.slice(2);
const store = getPostgreSQLEventStore(url);
await store.schema.migrate();

const projection = pongoSingleStreamProjection({
  collectionName: 'status',
  canHandle: JSON.parse(types),
  evolve: (status, { type }) => ({ count: (status?.count ?? 0) + 1, last: type }),
});

// Nothing is left of the one before: a rebuild of Emmett may find its own checkpoint and have nothing to do.
const forget = async () => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('DROP TABLE IF EXISTS status; TRUNCATE emt_processors');
  await client.end();
};
const counted = async () => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(`SELECT sum((data->>'count')::int)::int AS events FROM status`);
  await client.end();
  return rows[0].events;
};

const rebuild = async () => {
  await forget();
  const consumer = rebuildPostgreSQLProjections({ connectionString: url, projections: [projection] });
  const started = performance.now();
  await consumer.start();
  const ms = performance.now() - started;
  await consumer.close();
  return { ms, events: await counted(), peakBytes: process.resourceUsage().maxRSS * 1024 };
};

const handle = async (message) => {
  if (message === 'rebuild') return rebuild();
  await store.appendToStream(message.stream, message.events);
  return 'appended';
};

process.on('message', (message) => {
  if (message === 'stop') {
    void store.close().then(() => process.disconnect());
    return;
  }
  handle(message).then(
    (result) => process.send(result),
    (error) => {
      process.stderr.write(`${error.stack}\n`);
      process.exit(1);
    },
  );
});
process.send('ready');
