import { sessionIdOf, type AnyRecorded } from '../../events/catalogue/index.js';
import type { EventLog } from '../../events/event-log.js';
import { ERASED } from '../../events/personal.js';
import type { ComplaintCommands, SessionCommands } from '../command-handler.js';
import type { Policies } from '../policies/policies.js';
import { createReactor, type Reactor, type ReactorDependencies } from '../reactor.js';
import { readOpenQuestion } from './open-question.js';
import { deliverUpdate, letterText, movedText, questionText, type CaseUpdate } from './case-update.js';

export interface CaseMessengerDependencies extends ReactorDependencies {
  readonly log: EventLog;
  readonly cases: Pick<ComplaintCommands, 'loadCase'>;
  readonly sessions: Pick<SessionCommands, 'loadSession'>;
  readonly policy: Policies;
}

/** The complaint of a stream `complaint-<id>`. */
const complaintOf = (event: AnyRecorded): string | undefined =>
  event.meta.stream.startsWith('complaint-') ? event.meta.stream.slice('complaint-'.length) : undefined;

/** What the owner is told of an event of the case (opened); undefined when nothing. */
const updateOf = (
  event: AnyRecorded,
  complaintId: string,
  policy: Policies,
  language: 'en' | 'kri',
  state: NonNullable<CaseUpdate['state']>,
): CaseUpdate | undefined => {
  switch (event.type) {
    case 'CitizenAsked': {
      const { question } = event.data;
      if (question === ERASED) return undefined;
      return { complaintId, kind: 'question', state: 'info_requested', text: questionText(question, language) };
    }
    case 'OfficeWroteToCitizen': {
      const { text } = event.data;
      return text === ERASED ? undefined : { complaintId, kind: 'message', state, text: letterText(text, language) };
    }
    case 'CaseMoved': {
      const { to } = event.data;
      // A question speaks for itself; of an erased case nothing is said.
      if (to === 'info_requested' || to === 'erased') return undefined;
      return { complaintId, kind: 'status', state: to, text: movedText(event.data, policy, language) };
    }
    default:
      return undefined;
  }
};

/**
 * The durable reactor that brings what the office says and does about a case into the conversation in which the complaint was
 * filed: questions, letters and public steps, each exactly once; and an open question to whoever showed the access key.
 */
export const createCaseMessenger = (dependencies: CaseMessengerDependencies): Reactor => {
  const { log, cases, sessions, policy } = dependencies;

  const tellOwner = async (event: AnyRecorded): Promise<void> => {
    const complaintId = complaintOf(event);
    if (complaintId === undefined) return;
    const { sessionId, state } = (await cases.loadCase(complaintId)).state;
    if (sessionId === null || state === null) return;
    const { language, started } = (await sessions.loadSession(sessionId)).state;
    // A case that was imported without a conversation has nobody to tell here.
    if (!started) return;
    const update = updateOf(await log.open(event), complaintId, policy, language, state);
    if (update === undefined) return;
    await deliverUpdate(log, { sessionId, subject: sessionId, cause: event.meta, update });
  };

  /** Who opened a complaint with its access key is shown what the office asks: sealed for the owner, whoever reads it. */
  const showQuestion = async (event: AnyRecorded): Promise<void> => {
    const sessionId = sessionIdOf(event.meta.stream);
    if (event.type !== 'CaseRequestPrepared' || sessionId === undefined) return;
    const { complaintId, request, messageIds } = event.data;
    if (request !== 'answer' || messageIds.length > 0) return;
    const { sessionId: owner, state } = (await cases.loadCase(complaintId)).state;
    // The owner's own conversation holds the question already.
    if (owner === null || owner === sessionId || state !== 'info_requested') return;
    const question = await readOpenQuestion(log, complaintId);
    if (question === null || question === ERASED) return;
    const { language } = (await sessions.loadSession(sessionId)).state;
    const text = questionText(question, language);
    const update = { complaintId, kind: 'question', state, text } as const;
    await deliverUpdate(log, { sessionId, subject: owner, cause: event.meta, update });
  };

  return createReactor(dependencies, {
    name: 'case-messenger',
    types: ['CitizenAsked', 'OfficeWroteToCitizen', 'CaseMoved', 'CaseRequestPrepared'],
    react: (event) => (event.type === 'CaseRequestPrepared' ? showQuestion(event) : tellOwner(event)),
  });
};
