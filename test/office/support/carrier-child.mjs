// A process that carries words between citizen and office, with the built program, until it comes to a step: there it tells its
// parent and stands still, to be killed. Without a step it carries until it is told to stop.
import { createComplaintCommands, createSessionCommands } from '../../../dist/commands/command-handler.js';
import { createCaseCourier } from '../../../dist/commands/complaint/case-courier.js';
import { createCaseMessenger } from '../../../dist/commands/complaint/case-messenger.js';
import { createPolicies } from '../../../dist/commands/policies/policies.js';
import { eventDefinitions } from '../../../dist/events/catalogue/index.js';
import { createCodec } from '../../../dist/events/codec.js';
import { createPostgresEventStore } from '../../../dist/events/postgres/event-store.js';
import { createPostgresKeyStore } from '../../../dist/events/postgres/key-store.js';
import { createReactorCheckpoints } from '../../../dist/events/postgres/reactor-checkpoints.js';
import { createEventLog } from '../../../dist/events/typed-log.js';
import { systemClock } from '../../../dist/platform/clock.js';
import { createPool } from '../../../dist/platform/postgres-pool.js';

const quiet = () => undefined;
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/** `only`: the reactor to run; `step`: `before_append`, `appended` or `before_checkpoint`. */
const carry = async ({ url, only, step }) => {
  const stand = (here) => {
    if (here !== step) return undefined;
    process.send('there');
    return new Promise(quiet);
  };
  const pool = createPool({ address: { url }, schema: 'citizen', max: 4, applicationName: 'carrier' });
  const store = await createPostgresEventStore({
    pool,
    logger,
    settings: { appendBatchMax: 100, appendTimeoutMs: 10_000, readPageEvents: 100 },
  });
  const keys = await createPostgresKeyStore({ pool, masterKey: Buffer.alloc(32, 3), cacheTtlMs: 5_000, cacheMax: 100 });
  const plain = createEventLog({ store, codec: createCodec({ definitions: eventDefinitions, keys }) });
  const log = {
    ...plain,
    append: async (...given) => {
      await stand('before_append');
      const result = await plain.append(...given);
      await stand('appended');
      return result;
    },
  };
  const saved = createReactorCheckpoints({ pool, logId: plain.logId });
  const checkpoints = {
    load: saved.load,
    save: async (...given) => {
      await stand('before_checkpoint');
      return saved.save(...given);
    },
  };
  const policy = createPolicies();
  const given = { log, policy, clock: systemClock };
  const cases = createComplaintCommands(given);
  const sessions = createSessionCommands(given);
  const reactors = { messenger: createCaseMessenger, courier: createCaseCourier };
  await reactors[only]({ log, checkpoints, policy, cases, sessions, onError: quiet }).run(new AbortController().signal);
};

process.once('message', (message) => {
  carry(message).catch((error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  });
});
process.once('disconnect', () => process.exit(0));
