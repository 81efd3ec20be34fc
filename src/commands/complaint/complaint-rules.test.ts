import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caseStates, closeReasons, type CaseState, type ComplaintEvent } from '../../events/catalogue/complaint.js';
import type { Actor } from '../../events/envelope.js';
import type { RefusalCode } from '../decision.js';
import { createPolicies } from '../policies/policies.js';
import type { ComplaintCommand } from './commands.js';
import { decideComplaint } from './decide.js';
import { evolveComplaint, initialCase } from './evolve.js';
import { publicStatus } from './public-status.js';
import type { CaseFile } from './state.js';
import { openStates, transitions } from './transitions.js';

const policy = createPolicies();
const officer: Actor = { kind: 'officer', id: 'officer-1' };
const citizen: Actor = { kind: 'citizen' };
const system: Actor = { kind: 'system' };
const day0 = '2026-03-01T10:00:00.000Z';
const onDay = (day: number): string => new Date(Date.parse(day0) + day * 86_400_000).toISOString();

const complaintId = '00000000-0000-7000-8000-000000000001';
const open: ComplaintCommand = {
  type: 'OpenCase',
  complaintId,
  sessionId: 'session',
  trackingLookup: 'k',
  standing: 'complainant',
  category: null,
  institution: null,
  filedAt: day0,
};
const move = (
  to: CaseState,
  more: Partial<Extract<ComplaintCommand, { type: 'MoveCase' }>> = {},
): ComplaintCommand => ({
  type: 'MoveCase',
  to,
  ...more,
});
const underReview = [open, move('screening'), move('under_review')];
const asked = [...underReview, move('institution_asked', { target: 'police' })];
const resolved = [...underReview, move('mediation'), move('resolved', { reason: 'mediated' })];
const answer: ComplaintCommand = { type: 'AnswerAsCitizen', text: 'Here it is', evidenceIds: [] };

const usual = (command: ComplaintCommand): Actor => {
  if (command.type === 'OpenCase') return system;
  return ['AnswerAsCitizen', 'DisputeClosure', 'WithdrawCase'].includes(command.type) ? citizen : officer;
};

type Timed = ComplaintCommand | { readonly on: number; readonly command: ComplaintCommand };
const timed = (entry: Timed) => ('on' in entry ? entry : { on: 0, command: entry });

const given = (...entries: readonly Timed[]) => {
  const file = entries.map(timed).reduce<CaseFile>((current, { on, command }) => {
    const context = { actor: usual(command), policy, now: new Date(onDay(on)) };
    const decision = decideComplaint(command, current, context);
    if (!decision.ok) throw new Error(`Given ${command.type} was refused: ${decision.refusal.code}`);
    return decision.events.reduce((folded, event) => evolveComplaint(folded, event, onDay(on)), current);
  }, initialCase);
  return {
    file,
    when: (command: ComplaintCommand, { actor = usual(command), on = 0 }: { actor?: Actor; on?: number } = {}) => {
      const decision = decideComplaint(command, file, { actor, policy, now: new Date(onDay(on)) });
      return {
        decision,
        then: (...events: readonly ComplaintEvent[]) => expect(decision).toEqual({ ok: true, events }),
        thenRefused: (code: RefusalCode) => expect(decision).toMatchObject({ ok: false, refusal: { code } }),
      };
    },
  };
};

describe('a case', () => {
  it('is opened once, by the system', () => {
    given()
      .when(open)
      .then({
        type: 'CaseOpened',
        data: {
          complaintId,
          sessionId: 'session',
          trackingLookup: 'k',
          standing: 'complainant',
          category: null,
          institution: null,
          filedAt: day0,
        },
      });
    given(open).when(open).then();
    given().when(open, { actor: citizen }).thenRefused('wrong_actor');
  });

  it('has to be there', () => {
    given().when(move('screening')).thenRefused('case_unknown');
  });

  it('goes on with a clock from the policy', () => {
    given(open)
      .when(move('screening'), { on: 2 })
      .then({ type: 'CaseMoved', data: { from: 'received', to: 'screening', dueAt: onDay(9) } });
  });

  it('cannot skip a state', () => {
    given(open)
      .when(move('resolved', { reason: 'remedied' }))
      .thenRefused('transition_not_allowed');
    given(open).when(move('received')).thenRefused('transition_not_allowed');
  });

  it('is moved by the office only', () => {
    given(open).when(move('screening'), { actor: citizen }).thenRefused('wrong_actor');
    given(open)
      .when(move('screening'), { actor: { kind: 'agent' } })
      .thenRefused('wrong_actor');
  });

  it('is closed with a reason that fits', () => {
    given(...underReview, move('investigation'))
      .when(move('closed'))
      .thenRefused('reason_missing');
    given(...underReview, move('investigation'))
      .when(move('closed', { reason: 'mediated' }))
      .thenRefused('reason_missing');
    given(...underReview, move('investigation'))
      .when(move('closed', { reason: 'no_maladministration' }))
      .then({ type: 'CaseMoved', data: { from: 'investigation', to: 'closed', reason: 'no_maladministration' } });
  });

  it('is found inadmissible with an explanation, and doubled with a link', () => {
    given(open, move('screening')).when(move('not_admissible')).thenRefused('reason_missing');
    given(open, move('screening')).when(move('duplicate')).thenRefused('reason_missing');
  });

  it('is referred to a known body, with the consent of the citizen', () => {
    const screening = given(open, move('screening'));
    screening.when(move('referred', { citizenConsented: true })).thenRefused('unknown_institution');
    screening.when(move('referred', { target: 'acc' })).thenRefused('consent_missing');
    screening
      .when(move('referred', { target: 'acc', citizenConsented: true }))
      .then({ type: 'CaseMoved', data: { from: 'screening', to: 'referred', target: 'acc', citizenConsented: true } });
  });

  it('is erased by the system alone, from wherever it is', () => {
    given(...resolved)
      .when(move('erased'))
      .thenRefused('wrong_actor');
    given(...resolved)
      .when(move('erased'), { actor: system })
      .then({ type: 'CaseMoved', data: { from: 'resolved', to: 'erased' } });
  });

  it('takes an officer’s category and institution out of the taxonomy', () => {
    given(open)
      .when({ type: 'ClassifyAsOfficer', category: 'negligence', institution: null })
      .then({ type: 'OfficerClassified', data: { category: 'negligence', institution: null, taxonomyVersion: 'v1' } });
    given(open)
      .when({ type: 'ClassifyAsOfficer', category: 'weather', institution: null })
      .thenRefused('unknown_category');
    given(open)
      .when({ type: 'ClassifyAsOfficer', category: 'negligence', institution: 'nasa' })
      .thenRefused('unknown_institution');
  });
});

describe('the institution', () => {
  it('is named when it is asked, and has 30 days', () => {
    given(...underReview)
      .when(move('institution_asked'))
      .thenRefused('unknown_institution');
    expect(given(...asked).file).toMatchObject({ dueAt: onDay(30), institutionAskedAt: day0 });
  });

  it('is late by steps counted from the letter', () => {
    const late = given(...asked, { on: 31, command: move('institution_overdue') });
    expect(late.file.dueAt).toBe(onDay(45));
  });

  it('is reminded while it is late, and each reminder is counted', () => {
    given(...asked)
      .when({ type: 'RemindInstitution' })
      .thenRefused('transition_not_allowed');
    given(...asked, move('institution_overdue'), { type: 'RemindInstitution' })
      .when({ type: 'RemindInstitution' })
      .then({ type: 'InstitutionReminded', data: { reminder: 2 } });
  });

  it('is counted anew with the next letter', () => {
    const again = given(
      ...[...asked, move('institution_overdue'), { type: 'RemindInstitution' } as const, move('under_review')],
      move('institution_asked', { target: 'nassit' }),
    );
    expect(again.file).toMatchObject({ reminders: 0, institutionAskedAt: day0 });
  });
});

describe('the citizen', () => {
  const infoRequested = [open, move('screening'), move('info_requested', { question: 'Which day was it?' })];

  it('answers what was asked, and the case goes back to where it was', () => {
    given(...infoRequested)
      .when(answer, { on: 3 })
      .then(
        { type: 'CitizenAnswered', data: { text: 'Here it is', evidenceIds: [] } },
        { type: 'CaseMoved', data: { from: 'info_requested', to: 'screening', dueAt: onDay(10) } },
      );
  });

  it('is asked a question, or the case does not wait for them', () => {
    given(open, move('screening'))
      .when(move('info_requested', { question: 'Which day was it?' }))
      .then(
        { type: 'CaseMoved', data: { from: 'screening', to: 'info_requested', dueAt: onDay(21) } },
        { type: 'CitizenAsked', data: { question: 'Which day was it?' } },
      );
    given(open, move('screening')).when(move('info_requested')).thenRefused('question_missing');
    given(open, move('screening'))
      .when(move('info_requested', { question: ' ' }))
      .thenRefused('question_missing');
    given(open, move('screening'))
      .when(move('info_requested', { question: 'x'.repeat(policy.messages.maxChars + 1) }))
      .thenRefused('message_too_long');
  });

  it('is asked nothing with any other state', () => {
    given(open)
      .when(move('screening', { question: 'Which day was it?' }))
      .thenRefused('transition_not_allowed');
  });

  it('may write to an open case at any time, and not to a closed one', () => {
    given(...asked)
      .when(answer)
      .then({ type: 'CitizenAnswered', data: { text: 'Here it is', evidenceIds: [] } });
    given(...resolved)
      .when(answer)
      .thenRefused('transition_not_allowed');
    given(open)
      .when({ ...answer, text: ' ' })
      .thenRefused('message_empty');
  });

  it('disputes a closure within 90 days', () => {
    const dispute: ComplaintCommand = { type: 'DisputeClosure', text: 'It is still broken' };
    given(...resolved)
      .when(dispute, { on: 90 })
      .then(
        { type: 'CaseDisputed', data: { text: 'It is still broken' } },
        { type: 'CaseMoved', data: { from: 'resolved', to: 'reopened', dueAt: onDay(97) } },
      );
    given(...resolved)
      .when(dispute, { on: 91 })
      .thenRefused('too_late');
    given(open).when(dispute).thenRefused('transition_not_allowed');
    given(...resolved)
      .when({ type: 'DisputeClosure', text: '' })
      .thenRefused('message_empty');
  });

  it('disputes from the day on which they were told, not from the paperwork after it', () => {
    const refusedThenClosed = given(open, move('screening'), move('not_admissible', { note: 'It is before a court' }), {
      on: 60,
      command: move('closed', { reason: 'not_admissible' }),
    });
    refusedThenClosed.when({ type: 'DisputeClosure', text: 'No' }, { on: 91 }).thenRefused('too_late');
  });

  it('withdraws an open case, once', () => {
    given(open)
      .when({ type: 'WithdrawCase' })
      .then({ type: 'CaseMoved', data: { from: 'received', to: 'withdrawn', reason: 'withdrawn' } });
    given(open, { type: 'WithdrawCase' }).when({ type: 'WithdrawCase' }).then();
    given(...resolved)
      .when({ type: 'WithdrawCase' })
      .thenRefused('transition_not_allowed');
    given(open).when({ type: 'WithdrawCase' }, { actor: officer }).thenRefused('wrong_actor');
  });

  it.each<ComplaintCommand>([
    { ...answer, requestId: complaintId },
    { type: 'WithdrawCase', requestId: complaintId },
  ])('is heard once when $type comes twice', (command) => {
    const { file } = given(...infoRequested);
    const context = { actor: citizen, policy, now: new Date(day0) };
    const decision = decideComplaint(command, file, context);
    const events = decision.ok ? decision.events : [];
    expect(events.length).toBeGreaterThan(0);
    const after = events.reduce(
      (folded, event, at) => evolveComplaint(folded, event, day0, at === 0 ? complaintId : 'x'),
      file,
    );
    expect(decideComplaint(command, after, context)).toEqual({ ok: true, events: [] });
  });

  it('is heard once when a dispute comes twice', () => {
    const command: ComplaintCommand = { type: 'DisputeClosure', text: 'It is still broken', requestId: complaintId };
    const { file } = given(...resolved);
    const context = { actor: citizen, policy, now: new Date(day0) };
    const decision = decideComplaint(command, file, context);
    const after = (decision.ok ? decision.events : []).reduce(
      (folded, event, at) => evolveComplaint(folded, event, day0, at === 0 ? complaintId : 'x'),
      file,
    );
    expect(after.state).toBe('reopened');
    expect(decideComplaint(command, after, context)).toEqual({ ok: true, events: [] });
  });

  it('is written to by the office only', () => {
    given(open)
      .when({ type: 'WriteToCitizen', text: 'Please call' })
      .then({ type: 'OfficeWroteToCitizen', data: { text: 'Please call' } });
    given(open).when({ type: 'WriteToCitizen', text: 'x' }, { actor: citizen }).thenRefused('wrong_actor');
  });
});

describe('the public status', () => {
  const statusOf = (...entries: readonly Timed[]) => publicStatus(given(...entries).file, policy);

  it('of a case just filed is Received, with the day by which it is read', () => {
    expect(statusOf(open)).toEqual({
      status: 'received',
      legacyStatus: 'submitted',
      words: 'Received',
      lastChange: '2026-03-01',
      nextStep: 'An officer reads your complaint.',
      nextStepDue: '2026-03-08',
      citizenMustAct: false,
    });
  });

  it('says when something is needed from the citizen, and when no longer', () => {
    const requested = [open, move('screening'), move('info_requested', { question: 'Which day was it?' })];
    expect(statusOf(...requested)).toMatchObject({ words: 'We need something from you', citizenMustAct: true });
    expect(statusOf(...requested, answer)).toMatchObject({ words: 'Being checked', citizenMustAct: false });
  });

  it('says since when the institution has been asked, how often reminded, and never which it is', () => {
    expect(statusOf(...asked)?.words).toBe('Waiting for the institution (since 2026-03-01)');
    expect(statusOf(...asked, move('institution_overdue'), { type: 'RemindInstitution' })?.words).toBe(
      'The institution is late; reminded once',
    );
  });

  it('gives the reason of a closure in a sentence, and the day until which it may be disputed', () => {
    expect(statusOf(...resolved)).toMatchObject({
      words: 'Closed: settled. Both sides came to an agreement.',
      nextStepDue: '2026-05-30',
    });
  });

  it('is there in every state, in both languages', () => {
    for (const state of caseStates)
      for (const language of ['en', 'kri'] as const)
        expect(publicStatus({ ...given(open).file, state }, policy, language)?.words).not.toBe('');
  });

  it('of no case is nothing', () => {
    expect(publicStatus(initialCase, policy)).toBeUndefined();
  });

  it.each([
    ['received', 'submitted'],
    ['institution_overdue', 'under_review'],
    ['mediation', 'investigating'],
    ['resolved', 'resolved'],
    ['not_admissible', 'rejected'],
  ] as const)('maps %s to %s of the predecessor', (state, legacy) => {
    expect(publicStatus({ ...given(open).file, state }, policy)?.legacyStatus).toBe(legacy);
  });
});

describe('any sequence of commands on a case', () => {
  const command: fc.Arbitrary<ComplaintCommand> = fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .record({
          to: fc.constantFrom(...caseStates),
          reason: fc.option(fc.constantFrom(...closeReasons), { nil: undefined }),
          target: fc.constantFrom(undefined, 'acc', 'police'),
          citizenConsented: fc.constantFrom(undefined, true, false),
          note: fc.constantFrom(undefined, 'Because'),
          question: fc.constantFrom(undefined, 'Which day was it?'),
        })
        .map((fields): ComplaintCommand => ({ type: 'MoveCase', ...fields })),
    },
    fc.constantFrom<ComplaintCommand>(
      { type: 'RemindInstitution' },
      answer,
      { type: 'DisputeClosure', text: 'No' },
      { type: 'WithdrawCase' },
      { type: 'WriteToCitizen', text: 'Hello' },
    ),
  );

  it('moves along the table only, and its fold can be repeated', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(command, fc.constantFrom(officer, citizen, system), fc.nat({ max: 40 })), {
          maxLength: 80,
          size: 'max',
        }),
        (tries) => {
          let file = given(open).file;
          let day = 0;
          const facts: { event: ComplaintEvent; at: string }[] = [];
          for (const [asking, actor, later] of tries) {
            day += later;
            const decision = decideComplaint(asking, file, { actor, policy, now: new Date(onDay(day)) });
            for (const event of decision.ok ? decision.events : []) {
              if (event.type === 'CaseMoved') {
                const { from, to } = event.data;
                expect(from).toBe(file.state);
                const byCitizen = to === 'withdrawn' ? openStates.has(from) : to === 'reopened';
                expect(transitions[from].includes(to) || byCitizen || to === 'erased').toBe(true);
                if (to === 'closed' || to === 'resolved') expect(event.data.reason).toBeDefined();
                if (to === 'referred') expect(event.data.citizenConsented).toBe(true);
              }
              facts.push({ event, at: onDay(day) });
              file = evolveComplaint(file, event, onDay(day));
            }
          }
          expect(facts.reduce((folded, { event, at }) => evolveComplaint(folded, event, at), given(open).file)).toEqual(
            file,
          );
        },
      ),
      { numRuns: 500, seed: 20_261_123 },
    );
  });
});
