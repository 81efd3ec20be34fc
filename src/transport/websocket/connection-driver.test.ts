import { describe, expect, it } from 'vitest';
import type { Hub, SessionListener } from '../hub.js';
import type { ClassicMedia } from '../protocol/classic-frames.js';
import { ok } from '../protocol/result.js';
import { classicConnection } from './classic-connection.js';
import type { MessageToPost, Posted } from './connection.js';
import { driveConnection, type DriverDeps } from './connection-driver.js';

const machine = classicConnection({
  maxClassicFrameBytes: 10_000,
  maxJsonDepth: 32,
  maxMessageChars: 100,
  maxFilesPerMessage: 3,
  classicSilenceMs: 250,
  heartbeatMs: 25_000,
  slowSocketBytes: 1000,
  maxPendingTurns: 3,
  rateLimits: true,
});

const start = (options: { bufferGrowsBy?: number } = {}) => {
  const done: string[] = [];
  const posts: { message: MessageToPost<ClassicMedia>; finish: (revision: number) => void }[] = [];
  let buffered = 0;
  let listener: SessionListener | undefined;
  let left = false;
  const hub: Pick<Hub, 'join'> = {
    join: (_sessionId, joined) => {
      listener = joined;
      return () => (left = true);
    },
  };
  const deps: DriverDeps<ClassicMedia> = {
    hub,
    cursors: { save: (_sessionId, revision) => void done.push(`delivered ${revision}`) },
    post: (_sessionId, message) =>
      new Promise((resolve) => {
        posts.push({
          message,
          finish: (revision) => resolve(ok<Posted>({ messageId: String(revision), revision, duplicate: false })),
        });
      }),
    takeToken: () => ({ ok: true }),
    report: () => 'the-ref',
    debug: Object.assign(() => undefined, { enabled: false }),
    now: () => Date.now(),
    chance: () => 0.5,
    slowSocketBytes: 1000,
  };
  const connection = driveConnection(
    deps,
    machine,
    {
      send: (text) => {
        done.push(`send ${(JSON.parse(text) as { type: string }).type}`);
        buffered += options.bufferGrowsBy ?? 0;
      },
      ping: (payload) => void done.push(`ping ${payload}`),
      close: (code) => void done.push(`close ${code}`),
      terminate: () => void done.push('terminate'),
      bufferedBytes: () => buffered,
    },
    { sessionId: 'S', name: 's', deliveredRevision: -1 },
  );
  return { connection, done, posts, fail: () => listener?.onFailed(new Error('secret')), hasLeft: () => left };
};

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the driver of a connection', () => {
  it('posts messages one after the other, in order', async () => {
    const { connection, posts } = start();
    connection.text('{"message":"one"}');
    connection.text('{"message":"two"}');
    await settled();
    expect(posts.map(({ message }) => message.text)).toEqual(['one']);
    posts[0]?.finish(0);
    await settled();
    expect(posts.map(({ message }) => message.text)).toEqual(['one', 'two']);
    expect(connection.isIdle()).toBe(false);
    connection.closed();
  });

  it('closes a socket at once when what it was just sent fills its buffer (security row 15)', () => {
    const { connection, done } = start({ bufferGrowsBy: 2000 });
    connection.text('{');
    expect(done).toEqual(['send error', 'close 1013']);
    connection.closed();
  });

  it('tells of an inner fault by its id only, and closes', () => {
    const { connection, done, fail } = start();
    fail();
    expect(done).toEqual(['send error', 'close 1011']);
    connection.closed();
  });

  it('leaves the hub when the socket closes, and does nothing after that', async () => {
    const { connection, done, posts, hasLeft } = start();
    connection.text('{"message":"one"}');
    await settled();
    connection.closed();
    posts[0]?.finish(0);
    await settled();
    expect(hasLeft()).toBe(true);
    expect(done).toEqual([]);
    expect(connection.isIdle()).toBe(true);
  });
});
