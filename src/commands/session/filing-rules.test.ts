import { describe, expect, it } from 'vitest';
import {
  acceptsClass,
  anonymous,
  citizen,
  describes,
  filed,
  given,
  named,
  notSure,
  photo,
  proposes,
  readyToSubmit,
  replies,
  says,
  showAnswers,
  skipEvidence,
  start,
  startFiling,
  submits,
  uuid,
  voiceNote,
} from '../../../test/support/given-session.js';

describe('what is needed to file', () => {
  it('is a description and nothing else', () => {
    given(...readyToSubmit)
      .when(submits())
      .then(
        {
          type: 'ComplaintSubmitted',
          data: {
            complaintId: uuid(7_001),
            trackingNumber: 'OMB-0000-0000-0000',
            trackingLookup: 'lookup-1',
            accessKeyHash: 'scrypt$10$c2FsdA$aGFzaA',
            confirmedBy: uuid(2),
            standing: 'informant',
            identityMode: 'anonymous',
            category: null,
            institution: null,
            evidenceIds: [],
          },
        },
        { type: 'SessionStateChanged', data: { from: 'submission', to: 'completed' } },
      );
  });

  it('is a voice note instead of a description', () => {
    given(start, says(1, '', voiceNote()), startFiling, showAnswers, says(2, 'yes'))
      .when(submits())
      .thenTypes('ComplaintSubmitted', 'SessionStateChanged');
  });

  it('is more than a photo', () => {
    given(start, says(1, '', photo()), startFiling)
      .when(showAnswers)
      .thenRefused('description_missing');
  });

  it('cannot be got round by submitting without answers shown', () => {
    given(start, says(1, 'yes'), startFiling).when(submits()).thenRefused('description_missing');
    given(start, startFiling, describes('x'), says(1, 'yes')).when(submits()).thenRefused('answers_not_shown');
  });

  it('is a draft: nothing is filed by a citizen who only asked something', () => {
    given(start, says(1, 'yes')).when(submits()).thenRefused('not_filing');
  });

  it('keeps what was settled: category, institution, identity, evidence', () => {
    const { events } = given(
      ...[start, says(1, 'No medicine', photo()), startFiling, describes('No medicine'), skipEvidence],
      ...[proposes('poor_service', 'ministry_health'), acceptsClass, named, showAnswers, says(2, 'Yes, please.')],
    ).when(submits());
    expect(events?.[0]?.data).toMatchObject({
      standing: 'complainant',
      identityMode: 'named',
      category: 'poor_service',
      institution: 'ministry_health',
      evidenceIds: [photo().evidenceId],
    });
  });

  it('counts a proposal that stood on the card as said yes to', () => {
    const { events } = given(
      start,
      startFiling,
      describes('x'),
      proposes('negligence', null),
      showAnswers,
      says(1, 'yes'),
    ).when(submits());
    expect(events?.[0]?.data).toMatchObject({ category: 'negligence', institution: null });
  });
});

describe('the confirmation', () => {
  const shown = [start, says(1, 'submit'), startFiling, describes('No water for a week'), showAnswers] as const;

  it('has to come after the answers were shown', () => {
    given(...shown)
      .when(submits())
      .thenRefused('not_confirmed');
  });

  it('does not count when it was written before the card, even though it says yes', () => {
    given(start, startFiling, describes('x'), says(1, 'submit'), says(2, 'yes'), showAnswers)
      .when(submits(), { answering: 2 })
      .thenRefused('not_confirmed');
  });

  it('has to be the message that is being answered', () => {
    given(...shown, says(2, 'yes'))
      .when(submits(), { answering: 1 })
      .thenRefused('not_confirmed');
  });

  it('is no longer one when the citizen goes on with something else', () => {
    given(...shown, says(2, 'yes'), says(3, 'wait, no'))
      .when(submits(), { answering: 2 })
      .thenRefused('not_confirmed');
  });

  it('is the first of two impatient yeses', () => {
    given(...shown, says(2, 'yes'), says(3, 'yes!'))
      .when(submits(), { answering: 2 })
      .thenTypes('ComplaintSubmitted', 'SessionStateChanged');
  });

  it('is the second yes when the turn of the first one failed', () => {
    given(
      ...shown,
      replies(1),
      says(2, 'yes'),
      { type: 'FailTurn', answers: uuid(2), code: 'agent_error' },
      says(3, 'yes'),
    )
      .when(submits(), { answering: 3 })
      .thenTypes('ComplaintSubmitted', 'SessionStateChanged');
  });

  it.each([
    ['the description changes', describes('Something else')],
    [
      'another detail is given',
      { type: 'RecordDetails', details: { remedyWanted: 'Water' }, descriptionMode: 'replace' },
    ],
    ['the class changes', notSure],
    ['the identity changes', anonymous],
    ['the evidence step is finished', skipEvidence],
    ['an answer is opened again', { type: 'ReopenAnswer', part: 'identity' }],
  ] as const)('does not count any more when %s after the card', (_what, change) => {
    given(...shown, change, says(2, 'yes'))
      .when(submits())
      .thenRefused('answers_not_shown');
    given(...shown, says(2, 'yes'), change)
      .when(submits())
      .thenRefused('answers_not_shown');
  });

  it('does not count when a file comes with it', () => {
    given(...shown, says(2, 'yes', photo()))
      .when(submits())
      .thenRefused('answers_not_shown');
  });

  it('still counts when the card is asked for again and nothing has changed', () => {
    given(...shown, says(2, 'yes'))
      .when(showAnswers)
      .thenNothing();
  });

  it('does not count when it was said while a number was being looked up', () => {
    given(...shown, { type: 'OpenTracking' }, says(2, 'yes'), { type: 'CloseTracking' })
      .when(submits())
      .thenRefused('not_confirmed');
  });

  it('does not count when it was said to an officer', () => {
    given(...shown, { type: 'JoinAsOfficer' }, says(2, 'yes'), { type: 'LeaveAsOfficer' })
      .when(submits())
      .thenRefused('not_confirmed');
  });

  it('follows the language of the conversation', () => {
    given(...shown, { type: 'ChangeLanguage', language: 'kri' }, says(2, 'Na so, duya'))
      .when(submits())
      .thenTypes('ComplaintSubmitted', 'SessionStateChanged');
  });

  it('cannot be asked for by the citizen past the assistant without being answered', () => {
    given(...shown, says(2, 'yes'))
      .when(submits(), { actor: citizen, answering: 99 })
      .thenRefused('not_confirmed');
  });
});

describe('filing twice', () => {
  it('is refused for one draft', () => {
    given(...filed, says(3, 'yes'))
      .when(submits(2))
      .thenRefused('already_submitted');
  });

  it('changes nothing when the very same submission is repeated', () => {
    given(...filed)
      .when(submits())
      .thenNothing();
  });

  it('changes nothing when it is repeated after the citizen has started again', () => {
    given(...filed, { type: 'StartAgain' })
      .when(submits())
      .thenNothing();
  });

  it('is possible for a new draft in the same conversation', () => {
    given(
      ...[...filed, says(3, 'start again'), { type: 'StartAgain' } as const, startFiling, describes('Another matter')],
      ...[showAnswers, replies(3), says(4, 'yes')],
    )
      .when(submits(2))
      .thenTypes('ComplaintSubmitted', 'SessionStateChanged');
  });
});
