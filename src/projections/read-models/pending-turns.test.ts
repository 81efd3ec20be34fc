import { describe, it } from 'vitest';
import { createStory, sealed, timeOf, uuid } from '../../../test/support/projection-events.js';
import { givenEvents } from '../../../test/support/projection-harness.js';
import { pendingTurns } from './pending-turns.js';

const agent = { name: 'guided', version: '1', latencyMs: 1 };
const says = (story: ReturnType<typeof createStory>, id: string) =>
  story.add('session-a', 'UserMessageReceived', { text: sealed('x'), evidenceIds: [] }, id);

describe('pending-turns', () => {
  it('holds each message until it is answered', async () => {
    const story = createStory();
    says(story, uuid(1));
    says(story, uuid(2));
    await givenEvents(pendingTurns, story.events).thenRows([{ session_id: 'a', oldest_at: timeOf(1) }]);
    story.add('session-a', 'AgentReplied', { answers: uuid(1), text: sealed('r'), quickReplies: [], agent });
    await givenEvents(pendingTurns, story.events).thenRows([
      { oldest_at: timeOf(2), waiting: [{ messageId: uuid(2), revision: 1, receivedAt: timeOf(2) }] },
    ]);
  });

  it('lets go of a message whose turn failed, and of the row with the last message', async () => {
    const story = createStory();
    says(story, uuid(1));
    story.add('session-a', 'TurnFailed', { answers: uuid(1), code: 'agent_failed' });
    await givenEvents(pendingTurns, story.events).thenRows([]);
  });

  it('owes nothing while an officer is there, and again when the officer has left', async () => {
    const story = createStory();
    says(story, uuid(1));
    story.add('session-a', 'HumanJoined', {});
    says(story, uuid(2));
    await givenEvents(pendingTurns, story.events).thenRows([{ with_human: true, waiting: [], oldest_at: null }]);
    story.add('session-a', 'HumanLeft', {});
    await givenEvents(pendingTurns, story.events).thenRows([]);
    says(story, uuid(3));
    await givenEvents(pendingTurns, story.events).thenRows([{ with_human: false, oldest_at: timeOf(5) }]);
  });
});
