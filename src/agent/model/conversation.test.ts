import { describe, expect, it } from 'vitest';
import { createStory, uuid, type Story } from '../../../test/support/projection-events.js';
import type { AnyRecorded } from '../../events/catalogue/index.js';
import { conversationOf } from './conversation.js';

const session = 'session-a';
const says = (story: Story, text: string, more: { readonly accessKey?: string } = {}): AnyRecorded =>
  story.add(session, 'UserMessageReceived', { text, evidenceIds: [], ...more });

/** The next event was decided in the turn that answers the message. */
const because = (message: AnyRecorded, event: AnyRecorded): void => {
  (event.meta as { causationId?: string }).causationId = message.meta.id;
};
const files = (story: Story, yes: AnyRecorded): void =>
  because(
    yes,
    story.add(session, 'ComplaintSubmitted', {
      ...{ complaintId: uuid(900), trackingNumber: 'n', trackingLookup: 'l', accessKeyHash: 'h' },
      ...{ confirmedBy: yes.meta.id, standing: 'informant', identityMode: 'anonymous', evidenceIds: [] },
      ...{ category: null, institution: null },
    }),
  );
const over = (story: Story): readonly string[] =>
  conversationOf(story.events, story.events.length).flatMap((one) =>
    one.by === 'citizen' && one.over === true ? [one.text] : [],
  );

describe('what is over in a conversation', () => {
  it('is what was told for a complaint that was filed, not what came while its yes was answered, nor after it', () => {
    const story = createStory();
    says(story, 'first story');
    story.add(session, 'FilingStarted', {});
    const yes = says(story, 'yes');
    says(story, 'And another thing.');
    files(story, yes);
    says(story, 'A new story.');
    story.add(session, 'SessionRestarted', {});
    says(story, 'Go on.');
    expect(over(story)).toEqual(['first story', 'yes']);
  });

  it.each(['DraftWithdrawn', 'SessionRestarted'] as const)(
    'is what was told before a draft was thrown away (%s)',
    (type) => {
      const story = createStory();
      says(story, 'first story');
      story.add(session, 'FilingStarted', {});
      const yes = says(story, 'yes, throw it away');
      because(yes, story.add(session, type, {}));
      says(story, 'A new story.');
      expect(over(story)).toEqual(['first story', 'yes, throw it away']);
    },
  );

  it('is what went to the office, and what came with an access key', () => {
    const story = createStory();
    says(story, 'my number and key', { accessKey: 'k' });
    const answer = says(story, 'It was in May.');
    story.add(session, 'CaseRequestMade', { complaintId: uuid(900), request: 'answer', messageIds: [answer.meta.id] });
    says(story, 'A new story.');
    expect(over(story)).toEqual(['my number and key', 'It was in May.']);
  });

  it('is nothing while nothing was filed or thrown away', () => {
    const story = createStory();
    says(story, 'first story');
    story.add(session, 'FilingStarted', {});
    says(story, 'More of it.');
    expect(over(story)).toEqual([]);
  });
});
