import { describe, expect, it } from 'vitest';
import { shortHash } from '../../src/platform/short-hash.js';
import { liveRows } from '../support/projection-database.js';
import { createStory, sealed } from '../support/projection-events.js';
import { foldInBatches } from '../support/projection-harness.js';
import { patience, useContext } from './support/context.js';
import { adminOf, allTables, counter, talk } from './support/counter.js';

describe('the check of a read model', () => {
  const context = useContext();
  const admin = () => adminOf(context.database.createPool({ max: 6 }), context.log);
  const broken = async (sql: string) => {
    const { table } = (await context.status())!;
    await context.database.pool.query(sql.replace('$table', table));
    return admin().verify('counter');
  };
  const filled = async (messages: number) => {
    context.log.publish(talk(messages));
    const runner = await context.run([counter]);
    await runner.waitFor(BigInt(messages), patience);
    return runner;
  };

  it('finds no difference between what is live and what the log says', async () => {
    await filled(50);
    expect(await admin().verify('counter')).toEqual({ outcome: 'same', position: 50n, rows: 5 });
  });

  it('leaves nothing behind, and the live copy as it was', async () => {
    await filled(50);
    const before = await allTables(context.database.pool);
    await admin().verify('counter');
    expect(await allTables(context.database.pool)).toEqual(before);
    expect(await context.status('verifying')).toBeUndefined();
  });

  it('names the first row that was changed, and the event that made it', async () => {
    await filled(50);
    const found = await broken(`UPDATE $table SET count = 99 WHERE session_id IN ('s3', 's1')`);
    expect(found).toEqual({
      outcome: 'different',
      position: 50n,
      rows: 5,
      count: 2,
      first: {
        kind: 'changed',
        key: { session_id: `session:${shortHash('s1')}` },
        columns: ['count'],
        live: { count: '99' },
        rebuilt: { count: '10' },
        event: { position: 46n, type: 'UserMessageReceived', id: talk(50)[45]!.meta.id },
      },
    });
  });

  it('names a row that is missing', async () => {
    await filled(50);
    expect(await broken(`DELETE FROM $table WHERE session_id = 's4'`)).toMatchObject({
      outcome: 'different',
      count: 1,
      first: {
        kind: 'missing_live',
        key: { session_id: `session:${shortHash('s4')}` },
        live: null,
        event: { position: 49n },
      },
    });
  });

  it('names a row that is too many, which no event made', async () => {
    await filled(50);
    const found = await broken(`INSERT INTO $table (session_id, count) VALUES ('nobody', 1)`);
    expect(found).toMatchObject({
      count: 1,
      first: { kind: 'extra_live', key: { session_id: `session:${shortHash('nobody')}` }, rebuilt: null, event: null },
    });
  });

  it('names the event that should have removed a row', async () => {
    const story = createStory();
    story.add('session-a', 'UserMessageReceived', { text: sealed('x'), evidenceIds: [] });
    story.add('session-a', 'LanguageChanged', { language: 'kri' });
    context.log.publish(story.events);
    await (await context.run([counter])).waitFor(2n, patience);
    expect(await broken(`INSERT INTO $table (session_id, count) VALUES ('a', 1)`)).toMatchObject({
      first: { kind: 'extra_live', event: { position: 2n, type: 'LanguageChanged' } },
    });
  });

  it('shows sealed values only as hashes, by which they can be told apart', async () => {
    await filled(5);
    const found = await broken(`UPDATE $table SET last = 'sealed:v1:content:s1:another' WHERE session_id = 's1'`);
    const text = JSON.stringify(found, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    expect(text).not.toContain('sealed:v1');
    expect(found).toMatchObject({ first: { columns: ['last'] } });
    const { live, rebuilt } = (found as unknown as { first: Record<'live' | 'rebuilt', { last: string }> }).first;
    expect(live.last).toMatch(/^sealed:[0-9a-f]{8}$/);
    expect(rebuilt.last).not.toBe(live.last);
  });

  it('compares at one position while events go on coming', async () => {
    const events = talk(3000);
    context.log.publish(events.slice(0, 500));
    const runner = await context.run([counter]);
    await runner.waitFor(500n, patience);
    const state = { over: false, at: 500 };
    const feeding = (async () => {
      for (; !state.over && state.at < 3000; state.at += 5) {
        context.log.publish(events.slice(state.at, state.at + 5));
        await runner.waitFor(BigInt(state.at + 5), patience);
      }
    })();
    const results = [await admin().verify('counter'), await admin().verify('counter')];
    state.over = true;
    await feeding;
    expect(results.map(({ outcome }) => outcome)).toEqual(['same', 'same']);
    const positions = results.map((result) => ('position' in result ? result.position : 0n));
    expect(positions[1]).toBeGreaterThan(positions[0]!);
    const fed = events.slice(0, state.at);
    expect(await liveRows(context.database.pool, counter)).toEqual(await foldInBatches(counter, fed, [5000]));
  });

  it('works on a projection that stands failed, at the position where it stands', async () => {
    context.log.publish(talk(20, [7]));
    await context.run([counter]);
    await expect.poll(async () => (await context.status())?.state).toBe('failed');
    expect(await admin().verify('counter')).toMatchObject({ outcome: 'same', position: 6n });
  });

  it('goes on with what an interrupted check has built', async () => {
    await filled(3000);
    const stop = new AbortController();
    const first = admin().verify('counter', {
      maxLoadPercent: 50,
      signal: stop.signal,
      onProgress: ({ position }) => {
        if (position >= 1000n) stop.abort(new Error('interrupted'));
      },
    });
    await expect(first).rejects.toThrow('interrupted');
    const seen: bigint[] = [];
    const onProgress = ({ phase, position }: { phase: string; position: bigint }) => {
      if (phase === 'load') seen.push(position);
    };
    expect(await admin().verify('counter', { onProgress })).toMatchObject({ outcome: 'same', position: 3000n });
    expect(seen[0]).toBeGreaterThan(1000n);
  });

  it('is called off from another process', async () => {
    await filled(3000);
    const other = admin();
    const calls: Promise<{ readonly message: string }>[] = [];
    const found = admin().verify('counter', {
      maxLoadPercent: 1,
      onProgress: ({ phase, position }) => {
        if (phase === 'load' && position === 1000n) calls.push(other.cancelRebuild('counter'));
      },
    });
    expect(await found).toEqual({ outcome: 'cancelled' });
    expect((await calls[0])?.message).toBe('The check of counter is called off, and its copy dropped.');
    expect(await allTables(context.database.pool)).toHaveLength(1);
  });

  it('is called off together with a rebuild, and both are named', async () => {
    await filled(3000);
    const slowly = { maxLoadPercent: 1 };
    const both = [admin().verify('counter', slowly), admin().rebuild(['counter'], slowly)];
    await expect.poll(() => context.status('verifying')).toBeDefined();
    await expect.poll(() => context.status('building')).toBeDefined();
    const { message } = await admin().cancelRebuild('counter');
    expect(message).toMatch(
      /^The (check and the rebuild|rebuild and the check) of counter are called off, and their copies dropped\.$/,
    );
    await Promise.all(both);
  });

  it('says that nothing is live yet', async () => {
    expect(await admin().verify('counter')).toEqual({ outcome: 'not_live' });
  });
});
