import { wasFiledHere } from '../../commands/session/state.js';
import { caseQuestion, complaintAtHand } from './case-question.js';
import type { Intent } from './intents.js';
import { line, plan, type GuidedCommand, type Plan, type View } from './plan.js';
import { wordCount } from './text-matching.js';

// What the citizen tells the office about a filed complaint: an answer, a dispute, a withdrawal. Nothing goes there by itself:
// the assistant shows that it understood words as such, and passes them on with a yes.

/** Said to the assistant, never to the office, whatever the office asked. */
const notForTheOffice: readonly Intent['kind'][] = [
  ...(['greeting', 'thanks', 'question', 'person', 'distress', 'language'] as const),
  ...(['tracking', 'open_case', 'tracking_ask', 'track_own', 'back', 'add_evidence', 'show_answers'] as const),
  ...(['want_to_file', 'new_complaint', 'start_again', 'withdraw', 'do_not_file', 'answer_office', 'dispute'] as const),
  ...(['stop', 'go_on', 'repeat', 'own_number', 'own_key', 'erase', 'grumble'] as const),
];
const isForTheOffice = ({ kind }: Intent): boolean => !notForTheOffice.includes(kind);

/** Something about what happened. */
const tells: readonly Intent['kind'][] = ['story', 'files', 'detail'];

/** What a message is when it only answers or tells: words that could be meant for the office. */
const mayBeMeant = (intent: Intent): boolean => isForTheOffice(intent) && !tells.includes(intent.kind);

/** A number or a key leads to another complaint; what the office asks about this one waits. */
const leadsElsewhere: readonly Intent['kind'][] = ['tracking', 'open_case', 'erase', 'language'];

/**
 * The complaint opened with its key that the office may have asked about since: of its steps this conversation is not told.
 * Undefined when something else is under way.
 */
export const mayBeAsked = ({ state }: View, { kind }: Intent): string | undefined => {
  const drafting = state.filing && state.ended === null;
  if (drafting || state.tracking || state.addingEvidence || state.caseRequest !== null) return undefined;
  if (leadsElsewhere.includes(kind) || waitsForCitizen({ state })) return undefined;
  return state.openedCases.findLast((id) => !wasFiledHere(state, id));
};

/** A short answer to what stood before is none to a question that the citizen has not seen yet. */
export const unlessMeantBefore = (intent: Intent, given: Plan): Plan => (mayBeMeant(intent) ? plan({}) : given);

const drop: GuidedCommand = { type: 'DropCaseRequest' };
const pass: GuidedCommand = { type: 'MakeCaseRequest' };

/** The message joins what is to go to the office. */
const take = (request: 'answer' | 'add' | 'dispute', { state, message }: View, given?: string): Plan => {
  const complaintId = given ?? complaintAtHand(state);
  if (complaintId === undefined) return plan({});
  const before = state.caseRequest?.request === request ? state.caseRequest.messageIds : [];
  const messageIds = [...before, message.messageId];
  return plan({ commands: [{ type: 'PrepareCaseRequest', complaintId, request, messageIds }] });
};

/** The words were not the answer: nothing of them goes to the office, and what it asked stays asked, of that very complaint. */
const askAgain = ({ state }: View): Plan => {
  const complaintId = complaintAtHand(state);
  const asked: readonly GuidedCommand[] =
    complaintId === undefined ? [] : [{ type: 'PrepareCaseRequest', complaintId, request: 'answer', messageIds: [] }];
  return plan({ commands: [drop, ...asked], say: [line('request_dropped')] });
};

/** The words become a new complaint, or join the one that is being written. */
const asNewMatter = ({ state }: View): Plan => {
  const description = (state.caseRequest?.words ?? []).map(({ text }) => text).join('\n\n');
  const drafting = state.filing && state.ended === null;
  const start: readonly GuidedCommand[] = drafting
    ? []
    : [...(state.ended === null ? [] : [{ type: 'StartAgain' } as const]), { type: 'StartFiling' }];
  const tell: readonly GuidedCommand[] =
    description === '' ? [] : [{ type: 'RecordDetails', details: { description }, descriptionMode: 'append' }];
  return plan({
    commands: [drop, ...start, ...tell],
    say: tell.length === 0 ? [] : [line(drafting ? 'description_added' : 'description_kept')],
  });
};

const onConfirm = (request: 'answer' | 'dispute', intent: Intent, view: View): Plan | undefined => {
  switch (intent.kind) {
    case 'yes':
    case 'done':
    case 'submit':
      return plan({ commands: [pass], say: [line(`${request}_made`)], quiet: true });
    case 'no':
      return request === 'answer' ? askAgain(view) : plan({ commands: [drop], say: [line('request_dropped')] });
    case 'new_complaint': {
      const fresh = asNewMatter(view);
      return { ...fresh, say: [line('request_dropped'), ...fresh.say] };
    }
    case 'withdraw':
    case 'stop':
    case 'do_not_file':
    case 'skip':
      return plan({ commands: [drop], say: [line('request_dropped')] });
    case 'not_sure':
      return plan({});
    default:
      return isForTheOffice(intent) ? take(request, view) : undefined;
  }
};

const onWords = (request: 'answer' | 'dispute', intent: Intent, view: View): Plan | undefined => {
  if (intent.kind === 'skip' && view.message.files === 0)
    return plan({ commands: [drop], say: [line('answer_later')], quiet: true });
  return isForTheOffice(intent) ? take(request, view) : undefined;
};

const onAdd = (intent: Intent, view: View): Plan | undefined => {
  switch (intent.kind) {
    case 'yes':
    case 'done':
    case 'submit':
    case 'go_on':
      return plan({ commands: [pass], say: [line('add_made')], quiet: true });
    case 'new_complaint':
    case 'want_to_file':
      return asNewMatter(view);
    case 'no':
    case 'back':
    case 'withdraw':
    case 'stop':
    case 'do_not_file':
    case 'skip':
      return plan({ commands: [drop], say: [line('add_dropped')] });
    case 'not_sure':
      return plan({});
    default:
      return isForTheOffice(intent) ? take('add', view) : undefined;
  }
};

/**
 * Something is told while a complaint lies open that was opened with its key: it may belong to that one. Whoever holds number and
 * key may add to it, so the citizen is asked; it never becomes a new complaint by itself.
 */
export const toOpenedCase = ({ kind }: Intent, view: View): Plan | undefined => {
  const { state } = view;
  const opened = state.openedCases.at(-1);
  const drafting = state.filing && state.ended === null;
  if (opened === undefined || drafting || ownComplaint(view) !== opened) return undefined;
  return tells.includes(kind) ? take('add', view, opened) : undefined;
};

const MOST_WORDS_OF_A_NO = 6;
/** "No, leave it", "nɔ, lɛf am": a no with a few words to it. */
const saysNo = (text: string): boolean =>
  wordCount(text) <= MOST_WORDS_OF_A_NO && /^(?:no|nope|nah|nɔ|nor)(?![\p{L}\p{M}])[^?]*$/iu.test(text.trim());

const onWithdrawal = ({ kind }: Intent, { message }: View): Plan | undefined => {
  if (kind === 'yes') return plan({ commands: [pass], say: [line('withdraw_made')], quiet: true });
  if (kind === 'no' || kind === 'back' || saysNo(message.text))
    return plan({ commands: [drop], say: [line('withdraw_dropped')] });
  return undefined;
};

/** What the message means while the office, or the assistant for it, waits for the citizen; undefined: nothing for the office. */
export const toTheOffice = (intent: Intent, view: View): Plan | undefined => {
  switch (view.pending) {
    case 'case_answer':
      return onWords('answer', intent, view);
    case 'dispute_why':
      return onWords('dispute', intent, view);
    case 'answer_confirm':
      return onConfirm('answer', intent, view);
    case 'add_confirm':
      return onAdd(intent, view);
    case 'dispute_confirm':
      return onConfirm('dispute', intent, view);
    case 'withdraw_confirm':
      return onWithdrawal(intent, view);
    default:
      return undefined;
  }
};

/** A withdrawal that was not answered with yes is off: no later yes may be taken for it. */
export const withoutOldWithdrawal = (given: Plan, { pending }: View): Plan =>
  pending === 'withdraw_confirm' ? { ...given, commands: [drop, ...given.commands] } : given;

/** The filed complaint that the conversation is about now: the one opened with its key, unless its own was looked at after it. */
export const ownComplaint = ({ state: { filed, openedCases, lookedUp } }: View): string | undefined => {
  const opened = openedCases.at(-1);
  if (filed === null || opened === undefined) return filed?.complaintId ?? opened;
  return lookedUp === null || lookedUp === filed.trackingLookup ? filed.complaintId : opened;
};

/** Whether the office, or the assistant for it, waits for the citizen. */
export const waitsForCitizen = ({ state }: Pick<View, 'state'>): boolean => caseQuestion(state) !== undefined;
