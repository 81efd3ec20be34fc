import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventDefinitions } from '../../events/catalogue/index.js';
import { sessionStates, type SessionEvent } from '../../events/catalogue/session.js';
import type { Actor } from '../../events/envelope.js';
import { mapPersonal, personalShapeOf } from '../../events/personal-fields.js';
import { ERASED } from '../../events/personal.js';
import {
  agent,
  citizen,
  defaultPolicies as policy,
  describes,
  officer,
  photo,
  replies,
  says,
  showAnswers,
  startFiling,
  submits,
  system,
  uuid,
  voiceNote,
} from '../../../test/support/given-session.js';
import type { SessionCommand } from './commands.js';
import { stepSession } from './decide.js';
import { deriveState, isDescribed } from './derive-state.js';
import { evolveSession, type SessionFact } from './evolve.js';
import { initialSession } from './initial.js';
import type { SessionState } from './state.js';

// No sequence of commands, from whomever and in whatever order, reaches a state that the rules forbid.

const text = fc.constantFrom('yes', 'no', 'yes but', 'submit', 'The road is broken', '', ' ', 'ya', 'yes?');
const number = fc.integer({ min: 1, max: 6 });
const part = fc.constantFrom('description', 'evidence', 'classification', 'identity' as const);

const command: fc.Arbitrary<SessionCommand> = fc.oneof(
  fc.constant<SessionCommand>({ type: 'StartSession', language: 'en', channel: 'web' }),
  {
    weight: 5,
    arbitrary: fc
      .tuple(number, text, fc.constantFrom([], [photo(1)], [voiceNote(1)], [photo(2), photo(3)]))
      .map(([n, words, evidence]) => says(n, words, ...evidence)),
  },
  { weight: 3, arbitrary: fc.constant<SessionCommand>(startFiling) },
  {
    weight: 3,
    arbitrary: fc.tuple(text, fc.constantFrom('replace', 'append')).map(([words, mode]) => describes(words, mode)),
  },
  fc
    .constantFrom('skipped' as const, 'done' as const)
    .map((outcome): SessionCommand => ({ type: 'FinishEvidence', outcome })),
  fc
    .constantFrom(photo(1), photo(2), voiceNote(1))
    .map(({ evidenceId }): SessionCommand => ({ type: 'WithdrawEvidence', evidenceId })),
  fc
    .tuple(fc.constantFrom('negligence', 'weather', null), fc.constantFrom('police', null))
    .map(([category, institution]): SessionCommand => ({
      type: 'ProposeClassification',
      category,
      institution,
      confidence: 0.5,
    })),
  fc
    .constantFrom('accepted' as const, 'changed' as const, 'not_sure' as const)
    .map((outcome): SessionCommand => ({ type: 'SettleClassification', outcome, category: 'procurement' })),
  fc.constant<SessionCommand>({ type: 'Signpost', referralTarget: 'courts' }),
  fc
    .tuple(
      fc.constantFrom('named' as const, 'confidential' as const, 'anonymous' as const),
      fc.constantFrom(undefined, 'complainant' as const, 'representative' as const, 'informant' as const),
    )
    .map(([mode, standing]): SessionCommand => ({
      type: 'ProvideIdentity',
      mode,
      name: 'A. K.',
      ...(standing === undefined ? {} : { standing }),
    })),
  { weight: 5, arbitrary: fc.constant<SessionCommand>(showAnswers) },
  part.map((name): SessionCommand => ({ type: 'ReopenAnswer', part: name as 'evidence' })),
  { weight: 6, arbitrary: number.map((n): SessionCommand => submits(n)) },
  { weight: 4, arbitrary: number.map((n): SessionCommand => replies(n)) },
  number.map((n): SessionCommand => ({ type: 'FailTurn', answers: uuid(n), code: 'timeout' })),
  fc.constantFrom<SessionCommand>(
    { type: 'WithdrawDraft' },
    { type: 'StartAgain' },
    { type: 'AddEvidenceToFiled' },
    { type: 'OpenTracking' },
    { type: 'CloseTracking' },
    { type: 'RecordTrackingLookup', trackingLookup: 'k', found: true },
    { type: 'RequestHuman', reason: 'asked' },
    { type: 'ChangeLanguage', language: 'kri' },
    { type: 'JoinAsOfficer' },
    { type: 'ReplyAsOfficer', text: 'Hello' },
    { type: 'LeaveAsOfficer' },
    { type: 'BindSession', holder: 'ab'.repeat(32) },
  ),
);
/** After these a conversation may not be able to go on. */
const ending = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .subarray(['content', 'identity', 'evidence', 'handover'] as const, { minLength: 1 })
      .map((classes): SessionCommand => ({ type: 'ErasePersonalData', classes, reason: 'asked' })),
  },
  { weight: 1, arbitrary: fc.constant<SessionCommand>({ type: 'RevokeSession', reason: 'holder' }) },
);

const actor = fc.oneof(
  { weight: 6, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom<Actor>(citizen, agent, officer, system) },
);

/** Who would ask for it, unless the sequence says somebody else does. */
const usual = (type: SessionCommand['type']): Actor =>
  type === 'PostUserMessage' || type === 'StartSession'
    ? citizen
    : type.endsWith('AsOfficer')
      ? officer
      : type === 'ErasePersonalData' || type === 'RevokeSession' || type === 'BindSession'
        ? system
        : agent;

interface Try {
  readonly command: SessionCommand;
  readonly actor: Actor | undefined;
  /** Message that is said to be answered; undefined: the last one. */
  readonly answering: number | undefined;
}
const attempt = (commands: fc.Arbitrary<SessionCommand>): fc.Arbitrary<Try> =>
  fc.record({ command: commands, actor, answering: fc.option(number, { nil: undefined, freq: 4 }) });
const attempts = (commands: fc.Arbitrary<SessionCommand> = command) =>
  fc
    .array(attempt(commands), { maxLength: 60, size: 'max' })
    .map((tries): Try[] => [
      { command: { type: 'StartSession', language: 'en', channel: 'web' }, actor: undefined, answering: undefined },
      ...tries,
    ]);

interface Run {
  readonly state: SessionState;
  readonly facts: readonly SessionFact[];
}
interface Step {
  readonly before: SessionState;
  readonly after: SessionState;
  readonly events: readonly SessionEvent[];
  readonly command: SessionCommand;
}

/** Runs the commands; those that are refused change nothing. */
const play = (tries: readonly Try[], onStep: (step: Step) => void = () => undefined): Run => {
  let state = initialSession;
  let last: string | undefined;
  const facts: SessionFact[] = [];
  for (const { command: asked, actor: by, answering } of tries) {
    const context = {
      actor: by ?? usual(asked.type),
      policy,
      answering: answering === undefined ? last : uuid(answering),
    };
    const step = stepSession(asked, state, context);
    if (!step.ok) continue;
    if (asked.type === 'PostUserMessage' && step.events.length > 0) last = asked.messageId;
    facts.push(...step.events.map((event) => ({ event, id: last ?? '' })));
    onStep({ before: state, after: step.state, events: step.events, command: asked });
    state = step.state;
  }
  return { state, facts };
};

const eventsOf = <T extends SessionEvent['type']>(events: readonly SessionEvent[], type: T) =>
  events.filter((event): event is Extract<SessionEvent, { type: T }> => event.type === type);

const changes: ReadonlySet<SessionEvent['type']> = new Set<SessionEvent['type']>([
  ...(['DetailsRecorded', 'EvidenceUploaded', 'EvidenceStepFinished', 'ComplaintClassified'] as const),
  'EvidenceWithdrawn',
  ...(['IdentityProvided', 'AnswerReopened', 'SessionRestarted', 'DraftWithdrawn', 'SessionSignposted'] as const),
]);

const runs = { numRuns: 600, seed: 20_261_123 };
const noErasure = attempts();
const everything = attempts(fc.oneof({ weight: 40, arbitrary: command }, { weight: 1, arbitrary: ending }));

describe('no sequence of commands', () => {
  it('files without a description, without answers shown, or without the words of the citizen afterwards', () => {
    fc.assert(
      fc.property(everything, (tries) => {
        // Places in the stream: of the last card, of the last change of the draft, and of each message with what it said.
        let place = 0;
        let shownAt = -1;
        let changedAt = -1;
        const messages = new Map<string, { at: number; text: string }>();
        play(tries, ({ before, events, command: asked }) => {
          for (const event of events) {
            place++;
            if (event.type === 'AnswersShown') shownAt = place;
            if (changes.has(event.type)) changedAt = place;
            if (event.type === 'UserMessageReceived' && asked.type === 'PostUserMessage')
              messages.set(asked.messageId, { at: place, text: event.data.text });
            if (event.type !== 'ComplaintSubmitted') continue;
            const yes = messages.get(event.data.confirmedBy);
            expect(isDescribed(before)).toBe(true);
            expect(shownAt).toBeGreaterThan(changedAt);
            expect(yes?.at).toBeGreaterThan(shownAt);
            expect(['yes', 'submit', 'ya']).toContain(yes?.text);
          }
        });
      }),
      runs,
    );
  });

  it('files one draft twice', () => {
    fc.assert(
      fc.property(everything, (tries) => {
        let filedOfThisDraft = 0;
        play(tries, ({ events }) => {
          for (const event of events) {
            if (event.type === 'SessionRestarted') filedOfThisDraft = 0;
            if (event.type === 'ComplaintSubmitted') filedOfThisDraft++;
          }
          expect(filedOfThisDraft).toBeLessThanOrEqual(1);
        });
      }),
      runs,
    );
  });

  it('announces another state than the one that follows from the facts', () => {
    fc.assert(
      fc.property(everything, (tries) => {
        play(tries, ({ before, after, events }) => {
          expect(after.announced).toBe(deriveState(after));
          for (const { data } of eventsOf(events, 'SessionStateChanged')) {
            expect(data.from).toBe(before.announced);
            expect(data.to).not.toBe(data.from);
          }
        });
      }),
      runs,
    );
  });

  it('lets the assistant speak while an officer is there, or twice to one message', () => {
    fc.assert(
      fc.property(everything, (tries) => {
        const answered = new Set<string>();
        play(tries, ({ before, events }) => {
          for (const { data } of eventsOf(events, 'AgentReplied')) {
            expect(before.assistance).not.toBe('human');
            expect(answered.has(data.answers)).toBe(false);
            answered.add(data.answers);
          }
        });
      }),
      runs,
    );
  });

  it('lets anybody but an officer do what is the officer’s', () => {
    fc.assert(
      fc.property(everything, (tries) => {
        const byOthers = tries.map((attempted) => ({
          ...attempted,
          actor:
            attempted.actor?.kind === 'officer' || attempted.command.type.endsWith('AsOfficer')
              ? citizen
              : attempted.actor,
        }));
        const { facts } = play(byOthers);
        expect(
          facts.filter(({ event }) => ['HumanJoined', 'OfficerReplied', 'HumanLeft'].includes(event.type)),
        ).toEqual([]);
      }),
      runs,
    );
  });

  it('makes a complainant an informant after filing', () => {
    fc.assert(
      fc.property(everything, (tries) => {
        play(tries, ({ before, after }) => {
          if (before.filed === null || after.filed === null || before.filed.standing === 'informant') return;
          expect(after.filed.standing).not.toBe('informant');
        });
      }),
      runs,
    );
  });

  it('records one message of the citizen twice', () => {
    fc.assert(
      fc.property(everything, (tries) => {
        const { facts, state } = play(tries);
        const ids = facts.filter(({ event }) => event.type === 'UserMessageReceived').map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(state.messageCount).toBe(ids.length);
      }),
      runs,
    );
  });

  it('is needed twice: what was decided and is repeated at once changes nothing more', () => {
    const repeatable = (type: SessionCommand['type']): boolean =>
      ![
        'StartSession',
        'ReplyAsAgent',
        'ReplyAsOfficer',
        'LeaveAsOfficer',
        'RecordTrackingLookup',
        'FinishEvidence',
      ].includes(type);
    fc.assert(
      fc.property(noErasure, (tries) => {
        play(tries, ({ after, command: asked }) => {
          const appends = asked.type === 'RecordDetails' && asked.descriptionMode === 'append';
          if (!repeatable(asked.type) || appends) return;
          const again = stepSession(asked, after, { actor: usual(asked.type), policy, answering: uuid(1) });
          if (again.ok) expect(again.events).toEqual([]);
        });
      }),
      runs,
    );
  });
});

describe('every reachable state', () => {
  const escape = (state: SessionState, ...commands: readonly SessionCommand[]): SessionState =>
    commands.reduce((current, asked) => {
      const step = stepSession(asked, current, { actor: usual(asked.type), policy, answering: uuid(50) });
      if (!step.ok) throw new Error(`${asked.type}: ${step.refusal.code}`);
      return step.state;
    }, state);

  it('leads to a filed complaint by start again, a description, submit and yes', () => {
    fc.assert(
      fc.property(noErasure, (tries) => {
        const { state } = play(tries);
        const handedBack: SessionCommand[] = state.assistance === 'human' ? [{ type: 'LeaveAsOfficer' }] : [];
        const after = escape(
          state,
          ...handedBack,
          says(49, 'start again'),
          { type: 'StartAgain' },
          startFiling,
          describes('The road is broken'),
          showAnswers,
          replies(49),
          says(50, 'yes'),
          submits(50),
          replies(50),
        );
        expect(deriveState(after)).toBe('completed');
      }),
      runs,
    );
  });

  it('leads to tracking and back to where it was', () => {
    fc.assert(
      fc.property(noErasure, (tries) => {
        const { state } = play(tries);
        const before = escape(state, says(49, 'hello'), { type: 'CloseTracking' });
        const inTracking = escape(before, { type: 'OpenTracking' });
        expect(deriveState(inTracking)).toBe('tracking');
        expect(deriveState(escape(inTracking, { type: 'CloseTracking' }))).toBe(deriveState(before));
      }),
      runs,
    );
  });

  it('is reached: the sequences are rich enough to mean something', () => {
    const seen = new Set<string>();
    const events = new Set<string>();
    fc.assert(
      fc.property(everything, (tries) => {
        play(tries, ({ after, events: recorded }) => {
          seen.add(deriveState(after));
          for (const event of recorded) events.add(event.type);
        });
      }),
      { numRuns: 1_500, seed: 7 },
    );
    expect([...seen].sort()).toEqual([...sessionStates].sort());
    expect(events).toContain('ComplaintSubmitted');
  });
});

describe('replaying the events', () => {
  it('gives the same state', () => {
    fc.assert(
      fc.property(everything, (tries) => {
        const { state, facts } = play(tries);
        expect(facts.reduce(evolveSession, initialSession)).toEqual(state);
        expect(state.revision).toBe(facts.length - 1);
      }),
      runs,
    );
  });

  it('gives the same state after an erasure, when the log no longer tells what was said', () => {
    const shapes = new Map(eventDefinitions.map(({ type, schema }) => [type, personalShapeOf(schema)]));
    const withoutErased = (event: SessionFact['event'], erased: SessionState['erased']): unknown => {
      const shape = shapes.get(event.type);
      return shape === undefined
        ? event.data
        : mapPersonal(event.data, shape, (value, personalClass) => (erased.includes(personalClass) ? ERASED : value));
    };
    fc.assert(
      fc.property(everything, (tries) => {
        const { state, facts } = play(tries);
        const unreadable = facts.map(({ event, id }) => ({
          event: {
            type: event.type,
            data: withoutErased(event, state.erased),
          },
          id,
        }));
        expect(unreadable.reduce(evolveSession, initialSession)).toEqual(state);
      }),
      runs,
    );
  });
});
