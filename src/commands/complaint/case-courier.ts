import { sessionIdOf, sessionStream, type AnyRecorded } from '../../events/catalogue/index.js';
import { isSubjectErased } from '../../events/errors.js';
import type { EventLog } from '../../events/event-log.js';
import { ERASED } from '../../events/personal.js';
import { deterministicId } from '../../platform/ids.js';
import type { ComplaintCommands, SessionCommands } from '../command-handler.js';
import type { Policies } from '../policies/policies.js';
import { createReactor, type Reactor, type ReactorDependencies } from '../reactor.js';
import { deliverUpdate, refusedText } from './case-update.js';
import type { ComplaintCommand } from './commands.js';

export interface CaseCourierDependencies extends ReactorDependencies {
  readonly log: EventLog;
  readonly cases: ComplaintCommands;
  readonly sessions: Pick<SessionCommands, 'loadSession'>;
  readonly policy: Policies;
}

type Made = Extract<AnyRecorded, { type: 'CaseRequestMade' }>;

/** The citizen's own words and files, in the order in which they were sent; what was erased meanwhile is left out. */
const messagesOf = async (log: EventLog, sessionId: string, messageIds: readonly string[]) => {
  const found: { readonly id: string; readonly text: string; readonly evidenceIds: readonly string[] }[] = [];
  for await (const event of log.readStream(sessionStream(sessionId))) {
    if (event.type !== 'UserMessageReceived' || !messageIds.includes(event.meta.id)) continue;
    const { text, evidenceIds } = event.data;
    if (text !== ERASED) found.push({ id: event.meta.id, text, evidenceIds });
  }
  return found;
};

/** One command per message, so that each keeps its own length, files and time; the first one carries the request. */
const commandsFor = async (log: EventLog, sessionId: string, { data, meta }: Made): Promise<ComplaintCommand[]> => {
  if (data.request === 'withdraw')
    return [{ type: 'WithdrawCase', requestId: deterministicId('case-request/withdraw', meta.id) }];
  const messages = await messagesOf(log, sessionId, data.messageIds);
  return messages.map(({ id, text, evidenceIds }, at) => {
    const requestId = deterministicId(`case-request/${id}`, meta.id);
    return data.request === 'dispute' && at === 0
      ? { type: 'DisputeClosure', text, requestId }
      : { type: 'AnswerAsCitizen', text, evidenceIds, requestId };
  });
};

/**
 * The durable reactor that carries what a citizen tells the office (an answer, a dispute, a withdrawal) from their conversation
 * to the case, exactly once. The words are sealed there for the subject of the complaint. When the case does not take it any
 * more, the citizen is told so in their conversation.
 */
export const createCaseCourier = (dependencies: CaseCourierDependencies): Reactor => {
  const { log, cases, sessions, policy } = dependencies;

  const tellRefused = async (sessionId: string, { data, meta }: Made): Promise<void> => {
    const { complaintId } = data;
    const { state } = (await cases.loadCase(complaintId)).state;
    if (state === null) return;
    const { language } = (await sessions.loadSession(sessionId)).state;
    const text = refusedText(state, policy, language);
    const update = { complaintId, kind: 'refused', state, text } as const;
    await deliverUpdate(log, { sessionId, subject: sessionId, cause: meta, update });
  };

  const carry = async (event: AnyRecorded): Promise<void> => {
    const sessionId = sessionIdOf(event.meta.stream);
    if (event.type !== 'CaseRequestMade' || sessionId === undefined) return;
    const meta = {
      actor: { kind: 'citizen' },
      causationId: event.meta.id,
      correlationId: event.meta.correlationId,
    } as const;
    for (const command of await commandsFor(log, sessionId, event)) {
      const outcome = await cases.handle(event.data.complaintId, command, meta);
      if (outcome.ok) continue;
      // Filed a moment ago: the case is about to be opened. Tried again until it is.
      if (outcome.refusal.code === 'case_unknown') throw new Error('The case is not open yet');
      return tellRefused(sessionId, event);
    }
  };

  const react = async (event: AnyRecorded): Promise<void> => {
    try {
      await carry(event);
    } catch (error) {
      // The subject was erased: nothing may be recorded about them, and nothing is left to carry.
      if (!isSubjectErased(error)) throw error;
    }
  };

  return createReactor(dependencies, { name: 'case-courier', types: ['CaseRequestMade'], react });
};
