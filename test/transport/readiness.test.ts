import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from './support/classic-client.js';
import { startTestServer, type TestServer } from './support/test-server.js';

let server: TestServer;
let pool: pg.Pool;
beforeAll(async () => {
  server = await startTestServer();
  await openSession(server.url);
  pool = new pg.Pool({ connectionString: server.databaseUrl, max: 1, options: '-c search_path=citizen' });
});
afterAll(async () => {
  await pool.end();
  await server.drop();
});

const ready = async () => {
  const response = await fetch(`${server.url}/readyz`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
/** As whoever owns the tables and switches the guards off. */
const asOwner = (...statements: string[]) =>
  pool.query(
    `ALTER TABLE events DISABLE TRIGGER USER; ALTER TABLE log_head DISABLE TRIGGER USER; ${statements.join(';')};
     ALTER TABLE events ENABLE TRIGGER USER; ALTER TABLE log_head ENABLE TRIGGER USER`,
  );

describe('GET /readyz', () => {
  it('is ready, with one line for each read model', async () => {
    await expect.poll(ready).toMatchObject({ status: 200, body: { status: 'ready', reasons: [], store: true } });
    // A read model may still be some events behind: that is ready too.
    const transcript = async (): Promise<unknown> => {
      const { projections } = (await ready()).body as { projections: Record<string, unknown>[] };
      return projections.find(({ name }) => name === 'transcript');
    };
    await expect.poll(transcript).toMatchObject({ state: 'running', lagEvents: '0', lagSeconds: 0 });
  });

  it('is not ready while the log refuses appends, says so, and is ready again once a person has mended it', async () => {
    await asOwner(
      `INSERT INTO events SELECT (json_populate_record(e, json_build_object('position', 900, 'stream', 'session-forged',
         'revision', 0, 'event_id', gen_random_uuid()))).* FROM events e WHERE position = 1`,
    );
    expect(await ready()).toMatchObject({
      status: 503,
      body: { status: 'not_ready', reasons: ['log_blocked'], store: false, readModels: true },
    });
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    await asOwner(`DELETE FROM events WHERE position = 900`);
    expect(await ready()).toMatchObject({ status: 200, body: { status: 'ready', store: true } });
  });

  it('is not ready while the log has no head', async () => {
    await asOwner('CREATE TABLE kept_head AS SELECT * FROM log_head', 'DELETE FROM log_head');
    expect(await ready()).toMatchObject({ status: 503, body: { status: 'not_ready', store: false } });
    await asOwner('INSERT INTO log_head SELECT * FROM kept_head', 'DROP TABLE kept_head');
    expect((await ready()).status).toBe(200);
  });

  it('is ready, but degraded, while a read model is paused', async () => {
    const set = (state: string) =>
      pool.query(`UPDATE projections SET state = $1 WHERE name = 'transcript' AND role = 'live'`, [state]);
    await set('paused');
    expect(await ready()).toMatchObject({ status: 200, body: { status: 'degraded', reasons: ['read_model_paused'] } });
    await set('running');
    await expect.poll(ready).toMatchObject({ status: 200, body: { status: 'ready' } });
  });
});
