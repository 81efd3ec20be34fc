import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  appendRequest,
  batchQuery,
  readDecisions,
  type AppendRequest,
} from '../../src/events/postgres/append-batch.js';
import { createKnownLog, type KnownLog } from '../../src/events/postgres/known-log.js';
import { plannedQuery } from '../../src/events/postgres/planned-batch.js';
import { verifyLog } from '../../src/events/verify.js';
import { storeDatabase, type StoreDatabase } from './support/postgres-store.js';

let database: StoreDatabase;
beforeAll(async () => {
  database = await storeDatabase();
});
afterAll(() => database.drop());

const event = () => ({
  id: randomUUID(),
  type: 'T',
  schemaVersion: 1,
  payload: '{}',
  occurredAt: '2026-01-01T00:00:00.000Z',
  actor: { kind: 'system' as const },
});
const request = (stream: string): AppendRequest => appendRequest(stream, [event()], 'any');

/** Lets the database decide, as a process does until it is certain that nobody else writes. */
const decide = async (pool: Pool, known: KnownLog, asked: AppendRequest): Promise<void> => {
  const answered = known.asking();
  answered([asked], readDecisions([asked], (await pool.query<unknown[]>(batchQuery([asked]))).rows));
};

it('A batch that was planned on one that another process forestalled is not written, though its position fits', async () => {
  const { pool } = database;
  const known = createKnownLog();
  await decide(pool, known, request('ours'));
  await decide(pool, known, request('ours'));
  const now = Date.now();
  const [first, second] = [known.plan([request('ours')], now)!, known.plan([request('ours')], now)!];

  const other = await database.openStore();
  const theirs = await other.append('theirs', [event()], { expected: 'any' });
  expect(theirs.position).toBe(first.last);

  expect((await pool.query(plannedQuery(first))).rowCount).toBe(0);
  expect((await pool.query(plannedQuery(second))).rowCount).toBe(0);
  expect(await verifyLog(other, {})).toMatchObject({ ok: true, events: 3 });
});
