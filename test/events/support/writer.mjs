// A process that appends. It is told where and what by one message, carries it out with the built event store, and reports
// each accepted append. All chance is in the plan that it is given.
import { createPostgresEventStore } from '../../../dist/events/postgres/event-store.js';
import { createPool } from '../../../dist/platform/postgres-pool.js';

/** @type {(message: { url: string, lanes: { stream: string, ids: string[], expected: string | number, pauseMs: number }[][] }) => Promise<void>} */
const carryOut = async ({ url, lanes }) => {
  const pool = createPool({ address: { url }, schema: 'citizen', max: 3, applicationName: 'writer' });
  const quiet = () => undefined;
  const store = await createPostgresEventStore({
    pool,
    logger: { debug: quiet, warn: quiet, error: quiet },
    settings: { appendBatchMax: 20, appendTimeoutMs: 30_000, readPageEvents: 100 },
  });
  const accepted = [];
  const refused = [];
  const appendAll = async (lane) => {
    for (const { stream, ids, expected, pauseMs } of lane) {
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      const events = ids.map((id) => ({
        id,
        type: 'Written',
        schemaVersion: 1,
        payload: '{}',
        occurredAt: '2026-01-01T00:00:00.000Z',
        actor: { kind: 'system' },
      }));
      try {
        const { revision, position } = await store.append(stream, events, { expected });
        accepted.push({ stream, ids, revision, position: String(position) });
      } catch (error) {
        refused.push({ ids, code: error.code ?? String(error) });
      }
    }
  };
  await Promise.all(lanes.map(appendAll));
  await store.close();
  await pool.end();
  process.send({ accepted, refused }, () => process.disconnect());
};

process.once('message', (message) => {
  carryOut(message).catch((error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  });
});
