import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runVerify } from '../../src/cli/verify.js';
import { createPostgresEventStore } from '../../src/events/postgres/event-store.js';
import { verifyLog } from '../../src/events/verify.js';
import type { TestDatabase } from '../support/database.js';
import { append, logDatabase, openLog, said, type ProcessLog } from './support/postgres-log.js';

let database: TestDatabase;
let process_: ProcessLog;

beforeEach(async () => {
  database = await logDatabase();
  process_ = await openLog(database);
  for (const subject of ['a', 'b', 'a']) await append(process_.log, subject, said('something'));
});
afterEach(async () => {
  await process_.store.close();
  await database.drop();
});

const forgedAt = (position: number): string =>
  `INSERT INTO events SELECT (json_populate_record(e, json_build_object('position', ${position}, 'stream', 'session-forged',
     'revision', 0, 'event_id', gen_random_uuid()))).* FROM events e WHERE position = 1`;
const asOwner = async (...statements: string[]): Promise<void> => {
  await database.pool.query(
    `ALTER TABLE events DISABLE TRIGGER USER; ALTER TABLE log_head DISABLE TRIGGER USER; ${statements.join(';')};
     ALTER TABLE events ENABLE TRIGGER USER; ALTER TABLE log_head ENABLE TRIGGER USER`,
  );
};
const removeForged = `DELETE FROM events WHERE position > (SELECT position FROM log_head)`;

/** What a process that opens the log says in its own log. */
const saidAtStart = async (): Promise<string> => {
  const lines: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  const settings = { appendBatchMax: 100, appendTimeoutMs: 10_000, readPageEvents: 7 };
  const store = await createPostgresEventStore({ pool: database.createPool(), logger, settings });
  await store.close();
  return lines.join('');
};

describe('the database refuses a record that was put in by hand', () => {
  it.each([[4], [5], [0], [900]])('at position %i', async (position) => {
    await expect(database.pool.query(forgedAt(position))).rejects.toThrow('does not end at its head');
    expect(await verifyLog(process_.store)).toMatchObject({ ok: true, events: 3 });
  });

  it('also in the role of a replica', async () => {
    const client = await database.pool.connect();
    await client.query('SET session_replication_role = replica');
    await expect(client.query(forgedAt(4))).rejects.toThrow('does not end at its head');
    client.release(true);
  });

  it('with a head that was moved to it but keeps its hash', async () => {
    const both = `UPDATE log_head SET position = 4; ${forgedAt(4)}`;
    await expect(database.pool.query(both)).rejects.toThrow('does not end at its head');
  });
});

describe.each([[4], [9]])('a record at position %i, behind the head', (position) => {
  beforeEach(() => asOwner(forgedAt(position)));

  it('is named by the check', async () => {
    expect(await verifyLog(process_.store)).toMatchObject({
      ok: false,
      events: 3,
      problem: { kind: 'behind_head', position: BigInt(position), stream: 'session-forged', revision: 0 },
    });
  });

  it('makes the command end with 1', async () => {
    let out = '';
    const output = { out: (text: string) => void (out += text), err: () => undefined };
    expect(await runVerify({ store: process_.store, output, isTty: false })).toBe(1);
    expect(out).toContain('(behind_head)\n     stream session-forged, revision 0');
  });

  it('fails every append with what a person must do', async () => {
    const failed = append(process_.log, 'a', said('more'));
    await expect(failed).rejects.toMatchObject({ code: 'store_unavailable', outcome: 'none' });
    await expect(failed).rejects.toThrow('citizen verify');
  });

  it('is told at the start', async () => {
    expect(await saidAtStart()).toContain('log_blocked');
  });

  it('blocks nothing any more once it is removed', async () => {
    await expect(append(process_.log, 'a', said('more'))).rejects.toThrow();
    await asOwner(removeForged);
    await append(process_.log, 'a', said('more'));
    expect(await verifyLog(process_.store)).toMatchObject({ ok: true, events: 4 });
    expect(await saidAtStart()).toBe('');
  });
});

it('a head that was set back is told from a record put in, by the head noted elsewhere', async () => {
  const { head } = await verifyLog(process_.store);
  await asOwner('UPDATE log_head SET position = 2, log_hash = (SELECT log_hash FROM events WHERE position = 2)');
  expect((await verifyLog(process_.store)).problem).toMatchObject({ kind: 'behind_head', position: 3n });
  expect((await verifyLog(process_.store, { expectHead: head })).problem).toMatchObject({ kind: 'missing' });
});

describe('a log that has lost its head', () => {
  beforeEach(() => asOwner('DELETE FROM log_head'));

  it('cannot be opened, and says so plainly', async () => {
    await expect(saidAtStart()).rejects.toMatchObject({ name: 'StartupError', code: 'log_head_missing' });
  });

  it('takes no append', async () => {
    await expect(append(process_.log, 'a', said('more'))).rejects.toThrow('log_blocked');
  });
});
