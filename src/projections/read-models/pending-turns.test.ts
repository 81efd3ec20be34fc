import { describe, it } from 'vitest';
import { event, given } from '../../../test/support/given-projection.js';
import { timeOf, uuid } from '../../../test/support/projection-events.js';
import { pendingTurns } from './pending-turns.js';

const says = (n: number) => event('session-a', 'UserMessageReceived', {}, { id: uuid(n) });
const replied = (n: number) => event('session-a', 'AgentReplied', { answers: uuid(n) });
const joined = event('session-a', 'HumanJoined');
const left = event('session-a', 'HumanLeft');

describe('pending-turns', () => {
  it('holds each message until it is answered', async () => {
    const waiting = given(pendingTurns, says(1), says(2));
    await waiting.thenRows([{ session_id: 'a', oldest_at: timeOf(1) }]);
    await waiting
      .when(replied(1))
      .thenRows([{ oldest_at: timeOf(2), waiting: [{ messageId: uuid(2), revision: 1, receivedAt: timeOf(2) }] }]);
  });

  it('lets go of a message whose turn failed, and of the row with the last message', async () => {
    await given(pendingTurns, says(1))
      .when(event('session-a', 'TurnFailed', { answers: uuid(1) }))
      .thenRows([]);
  });

  it('owes nothing while an officer is there, and again when the officer has left', async () => {
    const withOfficer = given(pendingTurns, says(1), joined, says(2));
    await withOfficer.thenRows([{ with_human: true, waiting: [], oldest_at: null }]);
    await withOfficer.when(left).thenRows([]);
    await withOfficer.when(left, says(3)).thenRows([{ with_human: false, oldest_at: timeOf(5) }]);
  });
});
