import { describe, expect, it } from 'vitest';
import { initialSession } from '../commands/session/initial.js';
import type { CitizenMessage, SessionState } from '../commands/session/state.js';
import { createTakenIn } from './taken-in.js';

const message = (messageId: string): CitizenMessage => ({
  ...{ messageId, revision: 1, text: 'hello', evidenceIds: [], handedKey: null },
});
const waiting = (...ids: readonly string[]): SessionState => ({ ...initialSession, pending: ids.map(message) });

const remember = (state: SessionState | undefined) => {
  let now = 0;
  const takenIn = createTakenIn(
    100,
    () => state,
    () => now,
  );
  takenIn.add('s', 'm1');
  return { takenIn, later: (ms: number) => void (now += ms) };
};

describe('a message that this process has just taken in', () => {
  it('is answered on the session as this process knows it', () => {
    const state = waiting('m1');
    const { takenIn } = remember(state);
    expect(takenIn.stateFor('s', takenIn.take('s'))).toBe(state);
  });

  it('is answered so once', () => {
    const { takenIn } = remember(waiting('m1'));
    takenIn.take('s');
    expect(takenIn.take('s')).toBeUndefined();
  });

  it.each([
    ['another message waits too: somebody may have answered that', waiting('m0', 'm1')],
    ['it does not wait any more', waiting()],
    ['another one waits', waiting('m2')],
    ['the session is not remembered', undefined],
  ])('is looked for in the log when %s', (_why, state) => {
    const { takenIn } = remember(state);
    expect(takenIn.stateFor('s', takenIn.take('s'))).toBeUndefined();
  });

  it('is looked for in the log after the grace: another process may have answered it', () => {
    const { takenIn, later } = remember(waiting('m1'));
    const taken = takenIn.take('s');
    later(100);
    expect(takenIn.stateFor('s', taken)).toBeUndefined();
  });
});
