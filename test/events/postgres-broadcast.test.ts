import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Broadcast } from '../../src/events/broadcast.js';
import { createPostgresBroadcast } from '../../src/events/postgres/broadcast.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

const LOG = '00000000-0000-4000-8000-000000000001';
let database: TestDatabase;
const members: Broadcast[] = [];

/** A member that has heard `ready` words of itself being there. */
const join = (key = 1, logId = LOG) => {
  const heard: string[] = [];
  const member = createPostgresBroadcast({
    ...{ pool: database.pool, logId, key: Buffer.alloc(32, key) },
    debug: () => undefined,
  });
  member.hear((word) => heard.push(word));
  members.push(member);
  return { ...member, heard };
};
/** Words are lost until the others listen: says it again until they have heard. */
const isHeard = async (from: Broadcast, word: string, by: { readonly heard: readonly string[] }): Promise<void> => {
  await expect
    .poll(
      () => {
        from.tell(word);
        return by.heard.includes(word);
      },
      { timeout: 60_000 },
    )
    .toBe(true);
};

beforeEach(async () => {
  database = await freshDatabase();
});
afterEach(async () => {
  await Promise.all(members.splice(0).map((member) => member.stop()));
  await database.drop();
});

describe('Words of the moment over PostgreSQL', () => {
  it('are heard by every other process, and not by the one that says them', async () => {
    const [a, b, c] = [join(), join(), join()];
    await isHeard(a, 'ready', b);
    await isHeard(a, 'ready', c);
    expect(a.heard).toEqual([]);
  });

  it('come in order and whole, however many they are', async () => {
    const [a, b] = [join(), join()];
    await isHeard(a, 'ready', b);
    const words = Array.from({ length: 500 }, (_, n) => `${n} ${'ŋ😀"'.repeat(n % 200)}`);
    for (const word of words) a.tell(word);
    await expect.poll(() => b.heard.at(-1), { timeout: 60_000 }).toBe(words.at(-1));
    expect(b.heard.filter((word) => word !== 'ready')).toEqual(words);
  });

  it('are sealed on their way', async () => {
    const listener = new pg.Client({ connectionString: database.url });
    await listener.connect();
    const payloads: string[] = [];
    listener.on('notification', ({ payload }) => payloads.push(payload ?? ''));
    await listener.query(`LISTEN moment_${LOG.replaceAll('-', '')}`);
    const a = join();
    a.tell('the clinic took a bribe');
    await expect.poll(() => payloads.length, { timeout: 60_000 }).toBe(1);
    await listener.end();
    expect(payloads[0]).toMatch(/^[A-Za-z0-9+/=]+$/);
    expect(Buffer.from(payloads[0] ?? '', 'base64').toString('latin1')).not.toContain('clinic');
  });

  it('of another key, or of another log, are not heard', async () => {
    const [a, b] = [join(), join()];
    const strangers = [join(2), join(1, '00000000-0000-4000-8000-000000000002')];
    for (const stranger of strangers) stranger.tell('let me in');
    await isHeard(a, 'ready', b);
    for (const stranger of strangers) stranger.tell('let me in');
    await isHeard(a, 'still here', b);
    expect(b.heard).not.toContain('let me in');
  });

  it('are heard again after the connection was lost', async () => {
    const [a, b] = [join(), join()];
    await isHeard(a, 'ready', b);
    await database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE '% moment'`,
    );
    await isHeard(a, 'back', b);
  });
});
