import { describe, expect, it, vi } from 'vitest';
import { replyIdOf } from './commands/command-handler.js';
import type { Responder } from './agent/responder.js';
import { followTurns } from './follow-turns.js';

const messageId = '0b8b7a50-54a1-4f0a-9a3f-0c5f1de0a001';
const replyId = replyIdOf(messageId);

const follow = () => {
  const told: string[] = [];
  const tell =
    (what: string) =>
    (...given: readonly string[]): void =>
      void told.push([what, ...given].join(' '));
  const turns = followTurns({
    ...{ started: tell('started'), begun: tell('begun'), wrote: tell('wrote'), ended: tell('ended') },
  });
  return { told, turns, ...turns.listeners(() => undefined) };
};

describe('a turn that is followed', () => {
  it('is told by the id of its reply, from its start to its end', () => {
    const { told, onTurn, onAttempt, onDelta } = follow();
    onTurn?.({ sessionId: 's', messageId, phase: 'started' });
    onAttempt?.('s', messageId);
    onDelta?.('s', messageId, 'Hello');
    onTurn?.({ sessionId: 's', messageId, phase: 'finished' });
    expect(told).toEqual([
      `started s ${replyId}`,
      `begun s ${replyId}`,
      `wrote s ${replyId} Hello`,
      `ended s ${replyId} finished`,
    ]);
  });

  it('is stopped by the id of its reply, while it runs', () => {
    const { turns, onTurn } = follow();
    const cancel = vi.fn(() => true);
    const responder: Responder = { cancel, notify: () => undefined, stop: () => Promise.resolve() };
    onTurn?.({ sessionId: 's', messageId, phase: 'started' });
    expect(turns.cancel(responder, 's', 'another')).toBe(false);
    expect(turns.cancel(responder, 's', replyId)).toBe(true);
    onTurn?.({ sessionId: 's', messageId, phase: 'finished' });
    expect(turns.cancel(responder, 's', replyId)).toBe(false);
    expect(cancel).toHaveBeenCalledExactlyOnceWith('s', messageId);
  });
});
