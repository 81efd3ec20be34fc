import { afterEach, beforeEach, expect, it } from 'vitest';
import { transcript } from '../../src/projections/read-models/transcript.js';
import type { RunningProjections } from '../../src/projections/start.js';
import type { TestDatabase } from '../support/database.js';
import { createMemoryLog } from '../support/memory-log.js';
import { projectionDatabase, start } from '../support/projection-database.js';
import { createStory, sealed } from '../support/projection-events.js';

const started = { language: 'en', channel: 'web', policyVersion: '1', taxonomyVersion: '1' } as const;

let database: TestDatabase;
let running: RunningProjections;
beforeEach(async () => {
  database = await projectionDatabase();
  // The database itself watches, for a reader might look away, and takes its time, so that checkpoints come due meanwhile.
  await database.pool.query(`
    CREATE TABLE went_back (position bigint, after bigint);
    CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_sleep(0.02);
      IF NEW.position < OLD.position THEN INSERT INTO went_back VALUES (NEW.position, OLD.position); END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER watch BEFORE UPDATE ON projections FOR EACH ROW EXECUTE FUNCTION watch();`);
});
afterEach(async () => {
  await running.stop();
  await database.drop();
});

it('a checkpoint never goes back behind rows that were written while it waited', async () => {
  const log = createMemoryLog();
  running = await start(database.pool, log, [transcript], { checkpointMs: 10 });
  const story = createStory();
  for (let n = 0; n < 30; n += 1) {
    // Passes by, so that a checkpoint is due; and then rows, which are being written when its time comes.
    story.add(`session-s${n}`, 'SessionStarted', started);
    story.add(`session-s${n}`, 'UserMessageReceived', { text: sealed('x'), evidenceIds: [] });
    const [passing, message] = story.events.slice(-2);
    log.publish([passing!]);
    await running.waitFor(passing!.meta.position, { timeoutMs: 20_000 });
    log.publish([message!]);
  }
  expect(await running.waitFor(60n, { timeoutMs: 20_000 })).toBe('reached');
  expect((await database.pool.query('SELECT * FROM went_back')).rows).toEqual([]);
});
