import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keyStoreMigrations } from '../../src/events/postgres/key-store-migrations.js';
import { createPostgresKeyStore, type PostgresKeyStore } from '../../src/events/postgres/key-store.js';
import { migrate } from '../../src/platform/migrate.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

const masterKey = Buffer.alloc(32, 5);
const TTL_MS = 5_000;
let database: TestDatabase;
let clockMs = 0;
let subjects = 0;
let queries = 0;

/** A key store as one process has it: with a pool and a cache of its own. */
const processKeyStore = (): Promise<PostgresKeyStore> =>
  createPostgresKeyStore({
    pool: database.createPool(),
    masterKey,
    cacheTtlMs: TTL_MS,
    cacheMax: 1_000,
    nowMs: () => clockMs,
  });
const newSubject = (): string => `subject-${++subjects}`;

beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database.pool, 'citizen', keyStoreMigrations);
});
afterAll(() => database.drop());

let keys: PostgresKeyStore;
beforeEach(async () => {
  keys = await processKeyStore();
});

describe('keys', () => {
  it('are 32 bytes, the same each time, and others for another subject or class', async () => {
    const [one, two] = [newSubject(), newSubject()];
    const key = await keys.keyForSealing(one, 'content');
    expect(key).toHaveLength(32);
    expect(await keys.keyForSealing(one, 'content')).toEqual(key);
    expect(await keys.keyForOpening(one, 'content')).toEqual(key);
    expect(await keys.keyForSealing(one, 'identity')).not.toEqual(key);
    expect(await keys.keyForSealing(two, 'content')).not.toEqual(key);
  });

  it('are kept wrapped only', async () => {
    const subject = newSubject();
    const key = await keys.keyForSealing(subject, 'content');
    const { rows } = await database.pool.query<{ wrapped: Buffer }>(
      'SELECT wrapped FROM subject_keys WHERE subject = $1',
      [subject],
    );
    expect(rows[0]!.wrapped.includes(key)).toBe(false);
  });

  it('read as erased when there never was one, and none is made by opening', async () => {
    const subject = newSubject();
    expect(await keys.keyForOpening(subject, 'content')).toBe('erased');
    const { rows } = await database.pool.query('SELECT FROM subject_keys WHERE subject = $1', [subject]);
    expect(rows).toHaveLength(0);
  });

  it('made by many processes at once are one and the same', async () => {
    const processes = await Promise.all(Array.from({ length: 5 }, processKeyStore));
    const wanted = Array.from({ length: 20 }, newSubject);
    const made = await Promise.all(
      processes.map((each, index) =>
        Promise.all(
          (index % 2 === 0 ? wanted : wanted.toReversed()).map((subject) => each.keyForSealing(subject, 'content')),
        ),
      ),
    );
    const hex = made.map((list, index) =>
      (index % 2 === 0 ? list : list.toReversed()).map((key) => key.toString('hex')),
    );
    expect(hex.every((list) => list.join() === hex[0]!.join())).toBe(true);
    expect(new Set(hex[0])).toHaveProperty('size', 20);
  });

  it('that were changed in the database are an error, not erased', async () => {
    const [one, two] = [newSubject(), newSubject()];
    await keys.keyForSealing(one, 'content');
    await keys.keyForSealing(two, 'content');
    await database.pool.query(
      'UPDATE subject_keys SET wrapped = (SELECT wrapped FROM subject_keys WHERE subject = $1) WHERE subject = $2',
      [one, two],
    );
    await expect((await processKeyStore()).keyForOpening(two, 'content')).rejects.toMatchObject({
      code: 'key_corrupt',
    });
  });
});

describe('look-ups at the same time', () => {
  it('of many subjects share a query, and later ones need none', async () => {
    const wanted = Array.from({ length: 500 }, newSubject);
    await Promise.all(wanted.map((subject) => keys.keyForSealing(subject, 'content')));
    const pool = database.createPool();
    pool.on('acquire', () => queries++);
    const cold = await createPostgresKeyStore({ pool, masterKey, cacheTtlMs: TTL_MS, cacheMax: 1_000, nowMs: () => 0 });
    queries = 0;
    await Promise.all(wanted.map((subject) => cold.keyForOpening(subject, 'content')));
    expect(queries).toBe(1);
    await Promise.all(wanted.map((subject) => cold.keyForSealing(subject, 'content')));
    expect(queries).toBe(1);
  });

  it('preload reads the keys of many subjects with one query', async () => {
    const wanted = Array.from({ length: 50 }, newSubject);
    await Promise.all(wanted.map((subject) => keys.keyForSealing(subject, 'content')));
    const pool = database.createPool();
    pool.on('acquire', () => queries++);
    const cold = await createPostgresKeyStore({ pool, masterKey, cacheTtlMs: TTL_MS, cacheMax: 1_000, nowMs: () => 0 });
    queries = 0;
    await cold.preload(wanted);
    await Promise.all(wanted.map((subject) => cold.keyForOpening(subject, 'content')));
    expect(queries).toBe(1);
  });

  it('all fail when the database cannot be asked, and work again when it can', async () => {
    const subject = newSubject();
    await database.pool.query('ALTER TABLE subject_keys RENAME TO subject_keys_away');
    const failed = await Promise.allSettled([
      keys.keyForSealing(subject, 'content'),
      keys.keyForOpening(subject, 'content'),
    ]);
    await database.pool.query('ALTER TABLE subject_keys_away RENAME TO subject_keys');
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await keys.keyForSealing(subject, 'content')).toHaveLength(32);
  });
});

describe('a destroyed key', () => {
  it('reads as erased, seals nothing more, and leaves the other classes', async () => {
    const subject = newSubject();
    await keys.keyForSealing(subject, 'content');
    const identity = await keys.keyForSealing(subject, 'identity');
    expect(await keys.destroy(subject, ['content', 'evidence'])).toBe(1);
    expect(await keys.keyForOpening(subject, 'content')).toBe('erased');
    await expect(keys.keyForSealing(subject, 'content')).rejects.toMatchObject({ code: 'subject_erased' });
    expect(await keys.keyForOpening(subject, 'identity')).toEqual(identity);
  });

  it('is never made anew, also when the subject had none of that class', async () => {
    const subject = newSubject();
    expect(await keys.destroy(subject, ['identity'])).toBe(0);
    await expect((await processKeyStore()).keyForSealing(subject, 'identity')).rejects.toMatchObject({
      code: 'subject_erased',
    });
  });

  it('can be destroyed again', async () => {
    const subject = newSubject();
    await keys.keyForSealing(subject, 'content');
    await keys.destroy(subject, ['content']);
    expect(await keys.destroy(subject, ['content'])).toBe(0);
  });

  it('takes the keys of single events with it, and not those of a subject with a similar name', async () => {
    const subject = newSubject();
    await keys.keyForSealing(`${subject}.event-1`, 'handover');
    await keys.keyForSealing(`${subject}.event-2`, 'handover');
    const other = await keys.keyForSealing(`${subject}0.event-1`, 'handover');
    expect(await keys.destroy(subject, ['handover'])).toBe(2);
    expect(await keys.keyForOpening(`${subject}.event-1`, 'handover')).toBe('erased');
    expect(await keys.keyForOpening(`${subject}0.event-1`, 'handover')).toEqual(other);
    await expect(keys.keyForSealing(`${subject}.event-3`, 'handover')).rejects.toMatchObject({
      code: 'subject_erased',
    });
  });

  it('is forgotten by other processes when the time to live of their caches has passed', async () => {
    const subject = newSubject();
    const other = await processKeyStore();
    const key = await keys.keyForSealing(subject, 'content');
    expect(await other.keyForOpening(subject, 'content')).toEqual(key);
    await keys.destroy(subject, ['content']);
    clockMs += TTL_MS;
    expect(await other.keyForOpening(subject, 'content')).toBe('erased');
    await expect(other.keyForSealing(subject, 'content')).rejects.toMatchObject({ code: 'subject_erased' });
  });

  it('leaves nothing of the key in its row, and the row can be neither revived nor removed', async () => {
    const subject = newSubject();
    await keys.keyForSealing(subject, 'content');
    await keys.destroy(subject, ['content']);
    const { rows } = await database.pool.query('SELECT wrapped, destroyed_at FROM subject_keys WHERE subject = $1', [
      subject,
    ]);
    expect(rows).toEqual([{ wrapped: null, destroyed_at: expect.any(Date) as Date }]);
    const revive = `UPDATE subject_keys SET wrapped = '\\x00', destroyed_at = NULL WHERE subject = $1`;
    await expect(database.pool.query(revive, [subject])).rejects.toThrow('stays destroyed');
    await expect(database.pool.query('DELETE FROM subject_keys WHERE subject = $1', [subject])).rejects.toThrow(
      'never removed',
    );
  });

  it('is the only way to be rid of a key: rows are never removed, also not in the role of a replica', async () => {
    const subject = newSubject();
    await keys.keyForSealing(subject, 'content');
    const client = await database.pool.connect();
    try {
      await client.query('SET session_replication_role = replica');
      await expect(client.query('DELETE FROM subject_keys WHERE subject = $1', [subject])).rejects.toThrow(
        'never removed',
      );
      await expect(client.query('TRUNCATE subject_keys')).rejects.toThrow('never removed');
    } finally {
      client.release(true);
    }
  });
});

describe('destroying by age', () => {
  it('takes keys of that class made before that time, and no others', async () => {
    const subject = newSubject();
    await keys.keyForSealing(`${subject}.old`, 'handover');
    await keys.keyForSealing(subject, 'content');
    await database.pool.query(`UPDATE subject_keys SET created_at = '2020-01-01' WHERE starts_with(subject, $1)`, [
      subject,
    ]);
    const young = await keys.keyForSealing(`${subject}.young`, 'handover');
    expect(await keys.destroyOlderThan('handover', new Date('2020-01-02'))).toBe(1);
    expect(await keys.keyForOpening(`${subject}.old`, 'handover')).toBe('erased');
    expect(await keys.keyForOpening(`${subject}.young`, 'handover')).toEqual(young);
    expect(await keys.keyForOpening(subject, 'content')).toBeInstanceOf(Buffer);
  });

  it('does not keep a subject from getting a later one', async () => {
    const subject = newSubject();
    await keys.keyForSealing(`${subject}.first`, 'handover');
    await keys.destroyOlderThan('handover', new Date('2100-01-01'));
    expect(await keys.keyForSealing(`${subject}.second`, 'handover')).toHaveLength(32);
  });
});

describe('the master key', () => {
  it('must be the one that the database was made with', async () => {
    const wrong = { pool: database.pool, masterKey: Buffer.alloc(32, 6), cacheTtlMs: TTL_MS, cacheMax: 10 };
    await expect(createPostgresKeyStore(wrong)).rejects.toMatchObject({
      name: 'StartupError',
      code: 'wrong_master_key',
      message: expect.stringContaining('MASTER_KEY') as string,
    });
  });

  it('must have 32 bytes', async () => {
    const short = { pool: database.pool, masterKey: Buffer.alloc(16), cacheTtlMs: TTL_MS, cacheMax: 10 };
    await expect(createPostgresKeyStore(short)).rejects.toMatchObject({ code: 'bad_master_key' });
  });
});
