// The peer: appends with @event-driven-io/emmett-postgresql, with its default settings, on a database of its own. Told by
// messages what to run ({ writers, ms }); answers how many appends were done and how long it took.
import { STREAM_DOES_NOT_EXIST } from '@event-driven-io/emmett';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';

const [url, payloadText] = process.argv.slice(2);
const store = getPostgreSQLEventStore(url);
await store.schema.migrate();
const data = JSON.parse(payloadText);
const versions = new Map();

const appendOne = async (stream) => {
  const expectedStreamVersion = versions.get(stream) ?? STREAM_DOES_NOT_EXIST;
  const event = { type: 'UserMessageReceived', data };
  const { nextExpectedStreamVersion } = await store.appendToStream(stream, [event], { expectedStreamVersion });
  versions.set(stream, nextExpectedStreamVersion);
};

const run = async ({ writers, ms }) => {
  let appends = 0;
  const started = performance.now();
  const until = started + ms;
  const write = async (writer) => {
    for (; performance.now() < until; appends++) await appendOne(`writers_${writers}-${writer}`);
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  return { appends, ms: performance.now() - started };
};

process.on('message', (message) => {
  if (message === 'stop') {
    void store.close().then(() => process.disconnect());
    return;
  }
  run(message).then(
    (result) => process.send(result),
    (error) => {
      process.stderr.write(`${error.stack}\n`);
      process.exit(1);
    },
  );
});
process.send('ready');
