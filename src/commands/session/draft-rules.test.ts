import { describe, expect, it } from 'vitest';
import { createPolicies } from '../policies/policies.js';
import { ERASED } from '../../events/personal.js';
import {
  acceptsClass,
  anonymous,
  describes,
  filed,
  given,
  named,
  notSure,
  photo,
  proposes,
  says,
  showAnswers,
  skipEvidence,
  start,
  startFiling,
  system,
  voiceNote,
} from '../../../test/support/given-session.js';

describe('a file that is taken back', () => {
  const takesBack = (n: number) => ({ type: 'WithdrawEvidence', evidenceId: photo(n).evidenceId }) as const;
  const sent = [start, startFiling, describes('No water'), says(1, 'two', photo(1), photo(2)), showAnswers] as const;

  it('is no part of the draft any more', () => {
    given(...sent)
      .when(takesBack(1))
      .then(
        { type: 'EvidenceWithdrawn', data: { evidenceId: photo(1).evidenceId } },
        { type: 'SessionStateChanged', data: { from: 'submission', to: 'evidence_upload' } },
      );
    expect(given(...sent, takesBack(1)).state().evidence).toEqual([photo(2)]);
  });

  it('leaves answers that have to be shown once more', () => {
    expect(given(...sent, takesBack(1)).state().draft.answersShown).toBe(false);
  });

  it('is taken back once', () => {
    given(...sent, takesBack(1))
      .when(takesBack(1))
      .thenNothing();
  });

  it('may be sent once more', () => {
    expect(given(...sent, takesBack(1), says(2, 'again', photo(1))).state().evidence).toEqual([photo(2), photo(1)]);
  });

  it('asks again what happened when it was the voice note that told it', () => {
    const told = given(start, startFiling, says(1, '', voiceNote(1)), {
      type: 'WithdrawEvidence',
      evidenceId: voiceNote(1).evidenceId,
    });
    expect(told.state().announced).toBe('complaint_collection');
  });

  it('stays once the complaint is filed', () => {
    given(...filed)
      .when(takesBack(1))
      .thenRefused('already_submitted');
  });
});

describe('the draft', () => {
  const drafting = [start, startFiling, describes('No water')] as const;

  it('begins when the citizen wants to file', () => {
    given(start)
      .when(startFiling)
      .then(
        { type: 'FilingStarted', data: {} },
        { type: 'SessionStateChanged', data: { from: 'greeting', to: 'complaint_collection' } },
      );
  });

  it('begins once', () => {
    given(start, startFiling).when(startFiling).thenNothing();
  });

  it('takes no details before it has begun', () => {
    given(start).when(describes('No water')).thenRefused('not_filing');
  });

  it('keeps the words of the citizen verbatim', () => {
    given(start, startFiling)
      .when(describes('  wata nɔ de!! '))
      .then(
        { type: 'DetailsRecorded', data: { details: { description: '  wata nɔ de!! ' }, descriptionMode: 'replace' } },
        { type: 'SessionStateChanged', data: { from: 'complaint_collection', to: 'evidence_upload' } },
      );
  });

  it('appends to a description when asked to', () => {
    expect(given(...drafting, describes('Since May', 'append')).state().draft.description).toBe(
      'No water\n\nSince May',
    );
  });

  it('replaces a description when asked to', () => {
    expect(given(...drafting, describes('No light')).state().draft.description).toBe('No light');
  });

  it('does not take a blank description', () => {
    given(start, startFiling).when(describes(' \u200b\n')).thenNothing();
  });

  it('records nothing when nothing is new', () => {
    given(...drafting)
      .when(describes('No water'))
      .thenNothing();
  });

  it('keeps only the details that are new', () => {
    const { events } = given(...drafting).when({
      type: 'RecordDetails',
      details: { description: 'No water', happenedWhere: 'Bo', triedBefore: '  ' },
      descriptionMode: 'replace',
    });
    expect(events).toEqual([
      { type: 'DetailsRecorded', data: { details: { happenedWhere: 'Bo' }, descriptionMode: 'replace' } },
    ]);
  });

  it('has a longest description', () => {
    given(...drafting)
      .when(describes('x'.repeat(64_000), 'append'))
      .thenRefused('message_too_long');
  });

  it('takes no more details once it is filed', () => {
    given(...filed)
      .when(describes('More'))
      .thenRefused('already_submitted');
  });

  it('can be withdrawn before filing, and is then empty', () => {
    given(...drafting)
      .when({ type: 'WithdrawDraft' })
      .then(
        { type: 'DraftWithdrawn', data: {} },
        { type: 'SessionStateChanged', data: { from: 'evidence_upload', to: 'completed' } },
      );
    expect(given(...drafting, { type: 'WithdrawDraft' }).state().draft.description).toBeNull();
  });

  it('cannot be withdrawn after filing', () => {
    given(...filed)
      .when({ type: 'WithdrawDraft' })
      .thenRefused('already_submitted');
  });

  it('can be begun anew after a withdrawal', () => {
    given(...drafting, { type: 'WithdrawDraft' })
      .when(startFiling)
      .thenState('complaint_collection');
  });

  it('is emptied by starting again; the conversation goes on', () => {
    const again = given(...drafting, says(1, 'start again'), { type: 'StartAgain' }).state();
    expect(again).toMatchObject({
      filing: false,
      messageCount: 1,
      announced: 'greeting',
      draft: { description: null },
    });
  });

  it('needs no starting again when nothing was begun', () => {
    given(start).when({ type: 'StartAgain' }).thenNothing();
  });
});

describe('the optional answers', () => {
  const drafting = [start, startFiling, describes('No water')] as const;

  it('may come in any order, before the description too', () => {
    given(start, startFiling, anonymous, proposes(), acceptsClass, skipEvidence)
      .when(describes('No water'))
      .thenState('submission');
  });

  it('ask for identity last', () => {
    given(...drafting, skipEvidence, proposes())
      .when(acceptsClass)
      .thenState('identity_collection');
  });

  it('leave the classification open while it is only proposed', () => {
    given(...drafting, skipEvidence)
      .when(proposes())
      .thenState('classification');
  });

  it('settle the classification with "not sure"', () => {
    given(...drafting, skipEvidence, proposes())
      .when(notSure)
      .thenState('identity_collection');
  });

  it('settle a classification that the citizen names', () => {
    const { events } = given(...drafting, proposes('negligence', 'police')).when({
      type: 'SettleClassification',
      outcome: 'changed',
      institution: 'nassit',
    });
    expect(events?.[0]).toMatchObject({ data: { by: 'citizen', category: 'negligence', institution: 'nassit' } });
  });

  it('cannot accept what was never proposed', () => {
    given(...drafting)
      .when(acceptsClass)
      .thenRefused('unknown_category');
  });

  it('take codes of the taxonomy only', () => {
    given(...drafting)
      .when(proposes('weather'))
      .thenRefused('unknown_category');
    given(...drafting)
      .when(proposes(null, 'nasa'))
      .thenRefused('unknown_institution');
    given(...drafting)
      .when({ type: 'Signpost', referralTarget: 'nasa' })
      .thenRefused('unknown_institution');
  });

  it('end with a signpost for a matter outside the mandate, and may still be filed', () => {
    given(...drafting)
      .when({ type: 'Signpost', referralTarget: 'courts' })
      .thenState('completed');
    given(...drafting, { type: 'Signpost', referralTarget: 'courts' })
      .when(startFiling)
      .thenState('evidence_upload');
    expect(given(...drafting, { type: 'Signpost', referralTarget: null }, startFiling).state().draft.description).toBe(
      'No water',
    );
  });

  it('can be opened again, and lead back when they are settled', () => {
    const all = [...drafting, skipEvidence, notSure, anonymous] as const;
    given(...all)
      .when({ type: 'ReopenAnswer', part: 'description' })
      .thenState('complaint_collection');
    given(...all, { type: 'ReopenAnswer', part: 'description' })
      .when(describes('No water'))
      .thenState('submission');
    given(...all, { type: 'ReopenAnswer', part: 'evidence' })
      .when(skipEvidence)
      .thenState('submission');
    given(...all, { type: 'ReopenAnswer', part: 'classification' })
      .when(notSure)
      .thenState('submission');
    given(...all, { type: 'ReopenAnswer', part: 'identity' })
      .when(anonymous)
      .thenState('submission');
  });

  it('show the card again when the citizen gives up a change', () => {
    given(...drafting, { type: 'ReopenAnswer', part: 'identity' })
      .when(showAnswers)
      .thenState('submission');
  });

  it('are passed over when the citizen asks to file', () => {
    given(...drafting)
      .when(showAnswers)
      .thenState('submission');
  });
});

describe('identity and standing', () => {
  const drafting = [start, startFiling, describes('No water')] as const;

  it('make an anonymous citizen an informant, and keep no contact of theirs', () => {
    given(...drafting)
      .when({ type: 'ProvideIdentity', mode: 'anonymous', name: 'Aminata', phone: '076 123456' })
      .then({
        type: 'IdentityProvided',
        data: { mode: 'anonymous', standing: 'informant', shareNameWithInstitution: false },
      });
  });

  it('make a named citizen a complainant whose name is not shared unless they say so', () => {
    const { events } = given(...drafting).when(named);
    expect(events?.[0]?.data).toMatchObject({ standing: 'complainant', shareNameWithInstitution: false });
  });

  it('let somebody act for another person', () => {
    const { events } = given(...drafting).when({
      type: 'ProvideIdentity',
      mode: 'confidential',
      standing: 'representative',
      phone: '076 123456',
      shareNameWithInstitution: true,
    });
    expect(events?.[0]?.data).toMatchObject({ standing: 'representative', shareNameWithInstitution: false });
  });

  it('need a name to be named, and something to be reached by to be confidential', () => {
    given(...drafting)
      .when({ type: 'ProvideIdentity', mode: 'named', phone: '076 123456' })
      .thenRefused('identity_incomplete');
    given(...drafting)
      .when({ type: 'ProvideIdentity', mode: 'confidential', name: ' ' })
      .thenRefused('identity_incomplete');
  });

  it('refuse an anonymous complainant where an anonymous filing is information', () => {
    given(...drafting)
      .when({ type: 'ProvideIdentity', mode: 'anonymous', standing: 'complainant' })
      .thenRefused('identity_incomplete');
  });

  it('follow the policy of the deployment', () => {
    const policy = createPolicies({
      standing: { anonymous: 'complainant', confidential: 'complainant', named: 'complainant' },
    });
    const { events } = given(...drafting).when(anonymous, { policy });
    expect(events?.[0]?.data).toMatchObject({ standing: 'complainant' });
  });

  it('may be changed freely before filing', () => {
    given(...drafting, named)
      .when(anonymous)
      .thenTypes('IdentityProvided');
  });

  it('let an informant become a complainant after filing', () => {
    given(...filed)
      .when(named)
      .thenTypes('IdentityProvided');
    expect(given(...filed, named).state().filed?.standing).toBe('complainant');
  });

  it('never let a complainant become an informant after filing', () => {
    given(...filed, named)
      .when(anonymous)
      .thenRefused('standing_locked');
  });
});

describe('evidence after filing', () => {
  it('opens the step again without touching what was filed', () => {
    given(...filed)
      .when({ type: 'AddEvidenceToFiled' })
      .thenState('evidence_upload');
    given(...filed, { type: 'AddEvidenceToFiled' }, says(3, 'here', photo()))
      .when({ type: 'FinishEvidence', outcome: 'done' })
      .thenState('completed');
  });

  it('may come in any message, without asking first', () => {
    given(...filed)
      .when(says(3, '', photo()))
      .thenTypes('EvidenceUploaded', 'UserMessageReceived');
  });

  it('needs something that was filed', () => {
    given(start).when({ type: 'AddEvidenceToFiled' }).thenRefused('not_filing');
  });
});

describe('erasing', () => {
  const everything = {
    type: 'ErasePersonalData',
    classes: ['content', 'identity', 'evidence', 'handover'],
    reason: 'asked',
  } as const;

  it('blanks what was said, and keeps that something was said', () => {
    const state = given(
      start,
      startFiling,
      describes('No water'),
      named,
      says(1, 'hello', photo()),
      everything,
    ).state();
    expect(state).toMatchObject({
      draft: { description: ERASED, identity: { name: ERASED, phone: null } },
      evidence: [{ name: ERASED }],
      pending: [{ text: ERASED }],
    });
  });

  it('happens once', () => {
    given(start, everything).when(everything).thenNothing();
  });

  it('names only the classes that are still there', () => {
    given(start, { type: 'ErasePersonalData', classes: ['identity'], reason: 'asked' })
      .when(everything, { actor: system })
      .then({ type: 'PersonalDataErased', data: { classes: ['content', 'evidence', 'handover'], reason: 'asked' } });
  });

  it('needs a reason', () => {
    given(start)
      .when({ ...everything, reason: '' })
      .thenRefused('reason_missing');
  });

  it('ends the conversation: nothing more can be written into it', () => {
    given(start, everything).when(says(1, 'hello')).thenRefused('erased');
  });

  it('of the identity alone leaves the conversation open, but takes no new identity', () => {
    const identityGone = [
      start,
      startFiling,
      { type: 'ErasePersonalData', classes: ['identity'], reason: 'x' },
    ] as const;
    given(...identityGone)
      .when(says(1, 'hello'))
      .thenTypes('UserMessageReceived');
    given(...identityGone)
      .when(named)
      .thenRefused('erased');
  });
});
