import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runVerify } from '../../src/cli/verify.js';
import { eraseSubject } from '../../src/commands/erasure/erase-subject.js';
import { bodyHash, FIRST_LOG_HASH, FIRST_PREVIOUS_HASH, linkHash, logHashAfter } from '../../src/events/hash-chain.js';
import { readKeyRows } from '../../src/events/postgres/key-rows.js';
import type { RecordedEvent } from '../../src/events/store.js';
import { verifyLog, type NotedHead, type VerifyReport } from '../../src/events/verify.js';
import { systemClock } from '../../src/platform/clock.js';
import type { TestDatabase } from '../support/database.js';
import { append, logDatabase, openLog, said, type ProcessLog } from './support/postgres-log.js';

let database: TestDatabase;
let process_: ProcessLog;

// Twelve events: position p is revision (p - 1) / 3 of one of the three streams, in turn.
const streamOrder = Array.from({ length: 12 }, (_, index) => ['a', 'b', 'c'][index % 3]!);

beforeEach(async () => {
  database = await logDatabase();
  process_ = await openLog(database);
  for (const [index, subject] of streamOrder.entries()) await append(process_.log, subject, said(`message ${index}`));
});
afterEach(async () => {
  await process_.store.close();
  await database.drop();
});

/** What somebody with all rights on the database does, who also takes away the lock against changes. */
const tamper = async (...statements: string[]): Promise<void> => {
  const client = await database.pool.connect();
  try {
    await client.query('ALTER TABLE events DISABLE TRIGGER USER; ALTER TABLE log_head DISABLE TRIGGER USER');
    for (const statement of statements) expect((await client.query(statement)).rowCount).toBeGreaterThan(0);
  } finally {
    client.release();
  }
};
const verify = (expectHead?: NotedHead): Promise<VerifyReport> => verifyLog(process_.store, { expectHead });
const copyOf = (columns: string): string =>
  `INSERT INTO events SELECT (json_populate_record(e, ${columns})).* FROM events e`;

describe('a log in PostgreSQL', () => {
  it('is sound, event by event, with many streams and pages', async () => {
    expect(await verify()).toMatchObject({ ok: true, events: 12, streams: 3, head: { position: 12n } });
  });

  it('stays sound when keys are destroyed', async () => {
    const { head } = await verify();
    await process_.keys.destroy('a', ['content']);
    expect(await verify(head)).toMatchObject({ ok: true, head });
  });

  it('stays sound while others append', async () => {
    const appends = Array.from({ length: 50 }, (_, index) => append(process_.log, `d${index}`, said('more')));
    const reports = await Promise.all([verify(), verify(), verify()]);
    await Promise.all(appends);
    expect(reports.every(({ ok }) => ok)).toBe(true);
    expect(await verify(reports[0].head)).toMatchObject({ ok: true, events: 62 });
  });

  it('does not let itself be changed, even in the role of a replica', async () => {
    const client = await database.pool.connect();
    await client.query('SET session_replication_role = replica');
    await expect(client.query(`UPDATE events SET payload = '{}'`)).rejects.toThrow('append only');
    await expect(client.query('DELETE FROM events')).rejects.toThrow('append only');
    client.release(true);
  });
});

describe('tampering behind the back of the store is found: ', () => {
  it.each([
    ['payload', `payload = replace(payload, 'evidenceIds', 'evidenceids')`],
    ['type', `type = 'AgentReplied'`],
    ['schema version', 'schema_version = schema_version + 1'],
    ['event id', `event_id = '00000000-0000-7000-8000-000000000000'`],
    ['time it occurred', 'occurred_ms = occurred_ms + 1'],
    ['time it was recorded', 'recorded_ms = recorded_ms + 1'],
    ['actor', `actor_kind = 'officer'`],
    ['id of the actor', `actor_id = 'x'`],
    ['causation id', `causation_id = 'x'`],
    ['correlation id', `correlation_id = 'x'`],
    ['hash', `hash = sha256('x')`],
    ['hash before it', `previous_hash = sha256('x')`],
  ])('a changed %s', async (_, change) => {
    await tamper(`UPDATE events SET ${change} WHERE position = 5`);
    expect(await verify()).toMatchObject({
      ok: false,
      events: 4,
      problem: { kind: 'changed', position: 5n, stream: 'session-b', revision: 1 },
    });
  });

  it('the first of several changes is the one that is named', async () => {
    await tamper(`UPDATE events SET payload = '{}' WHERE position IN (11, 6, 9)`);
    expect((await verify()).problem).toMatchObject({ kind: 'changed', position: 6n, stream: 'session-c', revision: 1 });
  });

  it('a removed event in the middle, with its stream and revision', async () => {
    await tamper('DELETE FROM events WHERE position = 5');
    expect(await verify()).toMatchObject({
      events: 4,
      problem: { kind: 'missing', position: 5n, stream: 'session-b', revision: 1 },
    });
  });

  it.each([[2], [4]])(
    'a change at position %i before a hole, although the store stops at the hole',
    async (position) => {
      await tamper(
        'DELETE FROM events WHERE position = 5',
        `UPDATE events SET payload = '{}' WHERE position = ${position}`,
      );
      expect((await verify()).problem).toMatchObject({ kind: 'changed', position: BigInt(position) });
    },
  );

  it('the first of several holes', async () => {
    await tamper('DELETE FROM events WHERE position IN (5, 6, 9)');
    const { problem } = await verify();
    expect(problem).toMatchObject({ kind: 'missing', position: 5n });
    expect(problem!.what).toContain('positions 5 to 6');
  });

  it('a removed event whose hole was closed by moving all later ones', async () => {
    await tamper(
      'DELETE FROM events WHERE position = 5',
      'UPDATE events SET position = -position WHERE position > 5',
      'UPDATE events SET position = -position - 1 WHERE position < 0',
      'UPDATE log_head SET position = 11',
    );
    expect((await verify()).problem).toMatchObject({
      kind: 'missing',
      position: 5n,
      stream: 'session-b',
      revision: 1,
    });
  });

  it('a removed beginning', async () => {
    await tamper('DELETE FROM events WHERE position <= 2');
    expect((await verify()).problem).toMatchObject({ kind: 'missing', position: 1n });
  });

  it('a removed end', async () => {
    await tamper('DELETE FROM events WHERE position > 10');
    const { problem } = await verify();
    expect(problem).toMatchObject({ kind: 'missing', position: 11n });
    expect(problem!.what).toContain('cut off');
  });

  it('a removed end whose head was moved back too, by the digest noted elsewhere', async () => {
    const { head } = await verify();
    await tamper(
      'DELETE FROM events WHERE position > 10',
      'UPDATE log_head SET position = 10, log_hash = (SELECT log_hash FROM events WHERE position = 10)',
    );
    expect((await verify()).ok).toBe(true);
    expect((await verify(head)).problem).toMatchObject({ kind: 'missing', position: 11n });
  });

  it('a removed end whose head was moved back, but not its hash', async () => {
    await tamper('DELETE FROM events WHERE position > 10', 'UPDATE log_head SET position = 10');
    const { problem } = await verify();
    expect(problem).toMatchObject({ kind: 'unlinked', position: 10n });
    expect(problem!.what).toContain('cut off');
  });

  it('swapped revisions', async () => {
    await tamper(
      'UPDATE events SET revision = 100 WHERE position = 4',
      'UPDATE events SET revision = 1 WHERE position = 7',
      'UPDATE events SET revision = 2 WHERE position = 4',
    );
    expect((await verify()).problem).toMatchObject({ position: 4n, stream: 'session-a', revision: 1, kind: 'missing' });
  });

  it('swapped positions in one stream', async () => {
    await tamper(
      'UPDATE events SET position = 100 WHERE position = 4',
      'UPDATE events SET position = 4 WHERE position = 7',
      'UPDATE events SET position = 7 WHERE position = 100',
    );
    expect((await verify()).problem).toMatchObject({ position: 4n, stream: 'session-a', revision: 1 });
  });

  it.each([
    ['with their links', []],
    [
      'without their links',
      [
        `UPDATE events e SET log_hash = other.log_hash FROM events other
          WHERE e.position IN (4, 5) AND other.position = 9 - e.position`,
      ],
    ],
  ])('swapped positions of two streams, recorded at the same time, %s', async (_, links) => {
    await recordAtOneTime();
    await tamper(
      'UPDATE events SET position = 100 WHERE position = 4',
      'UPDATE events SET position = 4 WHERE position = 5',
      'UPDATE events SET position = 5 WHERE position = 100',
      ...links,
    );
    expect((await verify()).problem).toEqual({
      kind: 'reordered',
      position: 4n,
      stream: 'session-b',
      revision: 1,
      what: 'the event that was recorded here now stands at position 5',
    });
  });

  it('swapped positions far apart in the log', async () => {
    await recordAtOneTime();
    await tamper(
      'UPDATE events SET position = 100 WHERE position = 10',
      'UPDATE events SET position = 10 WHERE position = 12',
      'UPDATE events SET position = 12 WHERE position = 100',
    );
    expect((await verify()).problem).toMatchObject({
      kind: 'reordered',
      position: 10n,
      stream: 'session-c',
      what: 'the event that was recorded here now stands at position 12',
    });
  });

  it('an event moved to another stream', async () => {
    await tamper(`UPDATE events SET stream = 'session-z', revision = 0 WHERE position = 12`);
    expect((await verify()).problem).toMatchObject({
      kind: 'changed',
      position: 12n,
      stream: 'session-z',
      revision: 0,
    });
  });

  it('an inserted event, although its own hash fits', async () => {
    const forged = await forge(12n, 'never said', { id: randomUUID() });
    await tamper(
      copyOf(`json_build_object('position', 13, 'revision', 4, 'event_id', '${forged.id}', 'payload', '${forged.payload}'::text,
        'previous_hash', e.hash, 'hash', '\\x${forged.hash}')`).concat(' WHERE position = 12'),
      'UPDATE log_head SET position = 13',
    );
    expect((await verify()).problem).toMatchObject({ kind: 'unlinked', position: 13n, stream: 'session-c' });
  });

  it('an inserted event in the middle, with all later ones moved', async () => {
    await tamper(
      'UPDATE events SET position = -position WHERE position > 5',
      'UPDATE events SET position = -position + 1 WHERE position < 0',
      copyOf(
        `json_build_object('position', 6, 'revision', 0, 'stream', 'session-x', 'event_id', gen_random_uuid())`,
      ).concat(' WHERE position = 1'),
      'UPDATE log_head SET position = 13',
    );
    expect((await verify()).problem).toMatchObject({ kind: 'changed', position: 6n, stream: 'session-x' });
  });

  it('an inserted event', async () => {
    await tamper(
      copyOf(
        `json_build_object('position', 13, 'revision', 4, 'event_id', gen_random_uuid(), 'previous_hash', e.hash)`,
      ).concat(' WHERE position = 12'),
      'UPDATE log_head SET position = 13',
    );
    expect((await verify()).problem).toMatchObject({
      kind: 'changed',
      position: 13n,
      stream: 'session-c',
      revision: 4,
    });
  });

  it('an event exchanged for another with a hash that fits, by its link to the log', async () => {
    const forged = await forge(5n, 'forged words');
    await tamper(
      `UPDATE events SET payload = '${forged.payload}', hash = '\\x${forged.hash}' WHERE position = ${forged.position}`,
    );
    expect((await verify()).problem).toMatchObject({
      kind: 'unlinked',
      position: 5n,
      stream: 'session-b',
      revision: 1,
    });
  });

  it('the last event of a stream exchanged like that, by the digest noted elsewhere', async () => {
    const { head } = await verify();
    const forged = await forge(12n, 'forged words');
    const exchange = `UPDATE events SET payload = '${forged.payload}', hash = '\\x${forged.hash}' WHERE position = 12`;
    await tamper(exchange);
    expect((await verify()).problem).toMatchObject({ kind: 'unlinked', position: 12n });
    await tamper(
      `UPDATE events SET log_hash = sha256((SELECT log_hash FROM events WHERE position = 11) || hash) WHERE position = 12`,
    );
    expect((await verify()).problem).toMatchObject({ kind: 'unlinked', position: 12n });
    await tamper('UPDATE log_head SET log_hash = (SELECT log_hash FROM events WHERE position = 12)');
    expect((await verify()).ok).toBe(true);
    expect((await verify(head)).problem).toMatchObject({ kind: 'other-log', position: 12n });
  });
});

/** Makes the log anew, as if all of it had been recorded in one millisecond: then times tell nothing about the order. */
const recordAtOneTime = async (): Promise<void> => {
  const streams = new Map<string, Buffer>();
  let logHash: Buffer = Buffer.from(FIRST_LOG_HASH, 'hex');
  const statements: string[] = [];
  for await (const event of process_.store.readAll()) {
    const before = streams.get(event.stream) ?? Buffer.from(FIRST_PREVIOUS_HASH, 'hex');
    const hash = linkHash(before, event.revision, 1_700_000_000_000, bodyHash(event.stream, event));
    streams.set(event.stream, hash);
    logHash = logHashAfter(logHash, hash);
    const hex = [before, hash, logHash].map((bytes) => `'\\x${bytes.toString('hex')}'`);
    statements.push(`UPDATE events SET recorded_ms = 1700000000000, previous_hash = ${hex[0]!}, hash = ${hex[1]!},
      log_hash = ${hex[2]!} WHERE position = ${event.position}`);
  }
  await tamper(...statements, `UPDATE log_head SET log_hash = '\\x${logHash.toString('hex')}'`);
  expect((await verify()).ok).toBe(true);
};

/** An event with other content and the hash that such an event would have there. */
const forge = async (position: bigint, text: string, next?: { id: string }): Promise<RecordedEvent> => {
  for await (const event of process_.store.readAll({ after: position - 1n, limit: 1 })) {
    const after = next && { ...next, revision: event.revision + 1, previousHash: event.hash };
    const changed = { ...event, ...after, payload: JSON.stringify({ text, evidenceIds: [] }) };
    const hash = linkHash(
      Buffer.from(changed.previousHash, 'hex'),
      changed.revision,
      Date.parse(changed.recordedAt),
      bodyHash(changed.stream, changed),
    );
    return { ...changed, hash: hash.toString('hex') };
  }
  throw new Error('There is no such event');
};

it('the command ends with 0 for a sound log and 1 for a bad one', async () => {
  const written = { out: '', err: '' };
  const output = {
    out: (text: string) => void (written.out += text),
    err: (text: string) => void (written.err += text),
  };
  expect(await runVerify({ store: process_.store, output, isTty: false })).toBe(0);
  expect(written.out).toContain('12 events in 3 streams');
  await tamper(`UPDATE events SET payload = '{}' WHERE position = 5`);
  expect(await runVerify({ store: process_.store, output, isTty: false })).toBe(1);
  expect(written.out).toContain('position 5 (changed)');
});

describe('keys of persons', () => {
  const withKeys = async (json = false) => {
    let out = '';
    const output = { out: (text: string) => void (out += text), err: () => undefined };
    const keys = () => readKeyRows(database.pool);
    const code = await runVerify({ store: process_.store, keys, output, isTty: false, json });
    return { code, out };
  };
  const eraseA = () =>
    eraseSubject(
      { log: process_.log, keys: process_.keys, forgetFiles: () => Promise.resolve(0), clock: systemClock },
      { subject: 'a', classes: ['content'], reason: 'retention', actor: { kind: 'system' } },
    );

  it('are counted when all are there, and when one was destroyed as recorded', async () => {
    expect(await withKeys()).toEqual({ code: 0, out: expect.stringContaining('OK   3 keys of persons') as string });
    expect(await eraseA()).toMatchObject({ ok: true });
    expect(await withKeys()).toMatchObject({ code: 0 });
  });

  it('are missed when somebody who owns the table removed one', async () => {
    await database.pool.query(
      `ALTER TABLE subject_keys DISABLE TRIGGER USER; DELETE FROM subject_keys WHERE subject = 'b'`,
    );
    const { code, out } = await withKeys();
    expect(code).toBe(1);
    expect(out).toContain('BAD  1 key of persons gone without a record, of 3');
    expect(out).toContain('the content key of session b is not there');
  });

  it('are missed when one was destroyed and no erasure is recorded', async () => {
    await database.pool.query(
      `UPDATE subject_keys SET wrapped = NULL, destroyed_at = now() WHERE subject = 'c' AND class = 'content'`,
    );
    const { code, out } = await withKeys(true);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      problem: null,
      keys: { needed: 3, problems: 1, first: { kind: 'destroyed', subject: 'c', personalClass: 'content' } },
    });
  });
});
