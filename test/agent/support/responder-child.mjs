// A process that answers, with the built program, until it comes to a step: there it tells its parent and stands still, to be
// killed. Without a step it answers until it is told to stop. With `model` the language-model assistant answers, over that server.
import { createPostgresLeases } from '../../../dist/agent/postgres-leases.js';
import { startResponder } from '../../../dist/agent/responder.js';
import { createAssistant } from '../../../dist/assistant.js';
import { createAccessKeys } from '../../../dist/commands/access-key.js';
import { createSessionCommands } from '../../../dist/commands/command-handler.js';
import { createPolicies } from '../../../dist/commands/policies/policies.js';
import { createPrepareSubmission } from '../../../dist/commands/session/prepare-submission.js';
import { eventDefinitions } from '../../../dist/events/catalogue/index.js';
import { createCodec } from '../../../dist/events/codec.js';
import { createPostgresEventStore } from '../../../dist/events/postgres/event-store.js';
import { createPostgresKeyStore } from '../../../dist/events/postgres/key-store.js';
import { createEventLog } from '../../../dist/events/typed-log.js';
import { systemClock } from '../../../dist/platform/clock.js';
import { loadConfig } from '../../../dist/platform/config.js';
import { createPool } from '../../../dist/platform/postgres-pool.js';
import { createQueries } from '../../../dist/projections/queries/index.js';

const quiet = () => undefined;
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

const answer = async ({ url, step: deadly, pepper, leaseMs, model }) => {
  const pool = createPool({ address: { url }, schema: 'citizen', max: 4, applicationName: 'responder' });
  const store = await createPostgresEventStore({
    pool,
    logger,
    settings: { appendBatchMax: 100, appendTimeoutMs: 10_000, readPageEvents: 100 },
  });
  const keys = await createPostgresKeyStore({
    pool,
    masterKey: Buffer.alloc(32, 3),
    cacheTtlMs: 5_000,
    cacheMax: 100,
  });
  const codec = createCodec({ definitions: eventDefinitions, keys });
  const log = createEventLog({ store, codec });
  const policy = createPolicies();
  const clock = systemClock;
  const queries = createQueries({ pool, codec, log, abandonedAfterHours: 24 });
  startResponder({
    ...{ log, policy, pepper, clock, logger },
    commands: createSessionCommands({ log, policy, clock }),
    agent: createAssistant({ config: loadConfig(model ?? {}), policy, log, pool, logger }),
    prepareSubmission: createPrepareSubmission({ log, pepper, clock, accessKeys: createAccessKeys({ log2N: 10 }) }),
    lookUp: () => Promise.resolve({ outcome: 'not_found' }),
    pendingTurns: (asked) => queries.pendingTurns(asked),
    leases: createPostgresLeases({ pool, durationMs: leaseMs }),
    settings: { graceMs: 20, pollMs: 50 },
    at: (step) => {
      if (step !== deadly) return undefined;
      process.send('there');
      return new Promise(quiet);
    },
  });
};

process.once('message', (message) => {
  answer(message).catch((error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  });
});
process.once('disconnect', () => process.exit(0));
