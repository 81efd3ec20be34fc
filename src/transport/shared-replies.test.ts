import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLocalBroadcast } from '../events/broadcast.js';
import { createRunningReplies, type ReplyNews } from './running-replies.js';
import { shareReplies } from './shared-replies.js';

const SESSION = 'S';
const REPLY = 'r';

/** Processes over one log; each shows what its clients would be told. */
const createProcesses = () => {
  const { join } = createLocalBroadcast();
  let deaf = false;
  const start = () => {
    const replies = createRunningReplies({ flushMs: 50, flushChars: 10 });
    const cancelled: string[] = [];
    const news: ReplyNews[] = [];
    replies.listen(SESSION, (one) => news.push(one));
    const member = join();
    const broadcast = {
      ...member,
      hear: (listener: (word: string) => void) =>
        member.hear((word) => {
          if (!deaf) listener(word);
        }),
    };
    const shared = shareReplies({
      ...{ replies, broadcast, now: () => Date.now() },
      cancelHere: (_sessionId, replyId) => cancelled.push(replyId),
    });
    const text = () => replies.current(SESSION)?.text ?? null;
    return { replies, shared, news, cancelled, text, kinds: () => news.map(({ kind }) => kind) };
  };
  return { start, setDeaf: (next: boolean) => (deaf = next) };
};

describe('replies of other processes', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('are shown as they are written, and end', () => {
    const { start } = createProcesses();
    const [a, b] = [start(), start()];
    a.shared.started(SESSION, REPLY);
    a.shared.wrote(SESSION, REPLY, 'Thank you');
    vi.advanceTimersByTime(100);
    expect(b.text()).toBe('Thank you');
    a.shared.ended(SESSION, REPLY, 'finished');
    expect(b.news.at(-1)).toEqual({ kind: 'ended', replyId: REPLY, how: 'finished' });
    expect(b.text()).toBeNull();
  });

  it('come whole, however long and whatever characters they have', () => {
    const { start } = createProcesses();
    const [a, b] = [start(), start()];
    const text = 'ŋɔ́ 😀"\\\n'.repeat(1000);
    a.shared.started(SESSION, REPLY);
    a.shared.wrote(SESSION, REPLY, text);
    expect(b.text()).toBe(text);
  });

  it('begin again when they are written again', () => {
    const { start } = createProcesses();
    const [a, b] = [start(), start()];
    a.shared.started(SESSION, REPLY);
    a.shared.wrote(SESSION, REPLY, '0123456789');
    a.shared.begun(SESSION, REPLY);
    a.shared.wrote(SESSION, REPLY, 'abcdefghij');
    expect(b.text()).toBe('abcdefghij');
    expect(b.kinds()).toEqual(['started', 'text', 'started', 'text']);
  });

  it('are asked for in whole by a process that missed their beginning', () => {
    const { start } = createProcesses();
    const a = start();
    a.shared.started(SESSION, REPLY);
    a.shared.wrote(SESSION, REPLY, '0123456789');
    const b = start();
    a.shared.wrote(SESSION, REPLY, 'abcdefghij');
    expect(b.text()).toBe('0123456789abcdefghij');
  });

  it('are made whole again after words were lost', () => {
    const { start, setDeaf } = createProcesses();
    const [a, b] = [start(), start()];
    a.shared.started(SESSION, REPLY);
    setDeaf(true);
    a.shared.wrote(SESSION, REPLY, '0123456789');
    setDeaf(false);
    expect(b.text()).toBe('');
    vi.advanceTimersByTime(5_000);
    expect(b.text()).toBe('0123456789');
  });

  it('are put off when their process has not been heard of for some time', () => {
    const { start, setDeaf } = createProcesses();
    const [a, b] = [start(), start()];
    a.shared.started(SESSION, REPLY);
    vi.advanceTimersByTime(60_000);
    expect(b.text()).toBe('');
    setDeaf(true);
    vi.advanceTimersByTime(21_000);
    expect(b.news.at(-1)).toEqual({ kind: 'ended', replyId: REPLY, how: 'put_off' });
  });

  it('can be stopped from any process, and only that reply', () => {
    const { start } = createProcesses();
    const [a, b, c] = [start(), start(), start()];
    a.shared.started(SESSION, REPLY);
    expect(b.shared.cancelElsewhere(SESSION, 'another')).toBe(false);
    expect(b.shared.cancelElsewhere(SESSION, REPLY)).toBe(true);
    expect([a.cancelled, b.cancelled, c.cancelled]).toEqual([[REPLY], [], []]);
  });

  it('cannot be stopped once they have ended', () => {
    const { start } = createProcesses();
    const [a, b] = [start(), start()];
    a.shared.started(SESSION, REPLY);
    a.shared.ended(SESSION, REPLY, 'finished');
    expect(b.shared.cancelElsewhere(SESSION, REPLY)).toBe(false);
  });

  it('give way to the process that took the message over', () => {
    const { start } = createProcesses();
    const [a, b] = [start(), start()];
    a.shared.started(SESSION, REPLY);
    b.shared.started(SESSION, REPLY);
    a.shared.ended(SESSION, REPLY, 'put_off');
    expect(b.kinds()).toEqual(['started', 'started']);
    b.shared.wrote(SESSION, REPLY, '0123456789');
    expect(b.text()).toBe('0123456789');
  });
});
