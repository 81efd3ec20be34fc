// A process of an admin, with the built program: rebuilds, checks or rolls back read models, and tells its parent how far it
// is, who may kill it at any instant.
import { createCodec } from '../../../dist/events/codec.js';
import { eventDefinitions } from '../../../dist/events/catalogue/index.js';
import { createMemoryKeyStore } from '../../../dist/events/memory-key-store.js';
import { createPostgresEventStore } from '../../../dist/events/postgres/event-store.js';
import { createEventLog } from '../../../dist/events/typed-log.js';
import { createPool } from '../../../dist/platform/postgres-pool.js';
import { createProjectionAdmin } from '../../../dist/projections/create-admin.js';

const quiet = () => undefined;
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const asText = (value) => JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? String(part) : part));

const work = async ({ url, command, names, maxLoadPercent }) => {
  const pool = createPool({ address: { url }, schema: 'citizen', max: 10, applicationName: 'admin' });
  const settings = { appendBatchMax: 100, appendTimeoutMs: 10_000, readPageEvents: 200 };
  const store = await createPostgresEventStore({ pool, logger, settings });
  const log = createEventLog({
    store,
    codec: createCodec({ definitions: eventDefinitions, keys: createMemoryKeyStore() }),
  });
  const admin = createProjectionAdmin({ pool, log, settings: { maxRebuilds: 2, rebuildMaxLoadPercent: 100 } });
  const options = { maxLoadPercent, onProgress: ({ phase }) => process.send({ phase }) };
  if (command === 'rebuild') return admin.rebuild(names, options);
  return command === 'verify' ? admin.verify(names[0], options) : admin.rollback(names[0]);
};

process.once('message', (message) => {
  work(message)
    .then((result) => process.send({ result: asText(result) }, () => process.exit(0)))
    .catch((error) => {
      process.stderr.write(`${error.stack}\n`);
      process.exit(1);
    });
});
process.once('disconnect', () => process.exit(0));
