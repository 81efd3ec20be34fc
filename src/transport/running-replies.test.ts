import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRunningReplies, type ReplyNews } from './running-replies.js';

describe('replies that are being written', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const listening = () => {
    const replies = createRunningReplies({ flushMs: 50, flushChars: 10 });
    const news: ReplyNews[] = [];
    const leave = replies.listen('S', (one) => news.push(one));
    const texts = () => news.flatMap((one) => (one.kind === 'text' ? [one.text] : []));
    return { replies, news, texts, leave };
  };

  it('show their first words at once, and gather the following pieces for a moment', () => {
    const { replies, texts } = listening();
    replies.started('S', 'r');
    for (const piece of ['a', 'b', 'c']) replies.wrote('S', 'r', piece);
    expect(texts()).toEqual(['a']);
    vi.advanceTimersByTime(50);
    expect(texts()).toEqual(['a', 'abc']);
  });

  it('do not wait when enough has come together', () => {
    const { replies, texts } = listening();
    replies.started('S', 'r');
    replies.wrote('S', 'r', 'a');
    replies.wrote('S', 'r', '0123456789');
    expect(texts()).toEqual(['a', 'a0123456789']);
    vi.advanceTimersByTime(50);
    expect(texts()).toHaveLength(2);
  });

  it('tell the rest before they end, and nothing after it', () => {
    const { replies, news } = listening();
    replies.started('S', 'r');
    replies.wrote('S', 'r', 'a');
    replies.ended('S', 'r', 'finished');
    replies.wrote('S', 'r', 'late');
    vi.advanceTimersByTime(50);
    expect(news.map(({ kind }) => kind)).toEqual(['started', 'text', 'ended']);
    expect([replies.current('S'), replies.size()]).toEqual([null, 0]);
  });

  it('are known in whole to who comes later', () => {
    const { replies } = listening();
    replies.started('S', 'r');
    replies.wrote('S', 'r', 'Hello');
    expect(replies.current('S')).toEqual({ replyId: 'r', text: 'Hello' });
  });

  it('begun again forget what was written before', () => {
    const { replies, news } = listening();
    replies.started('S', 'r');
    replies.wrote('S', 'r', 'Wrong, but long');
    replies.begun('S', 'r');
    replies.wrote('S', 'r', 'Right');
    vi.advanceTimersByTime(50);
    expect(news.at(-2)).toEqual({ kind: 'started', replyId: 'r' });
    expect(news.at(-1)).toEqual({ kind: 'text', replyId: 'r', text: 'Right' });
  });

  it('are not told to who has left', () => {
    const { replies, news, leave } = listening();
    leave();
    replies.started('S', 'r');
    expect(news).toEqual([]);
  });
});
