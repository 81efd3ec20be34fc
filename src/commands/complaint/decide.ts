import type { ComplaintEvent } from '../../events/catalogue/complaint.js';
import type { Actor } from '../../events/envelope.js';
import { accept, refuse, type Decision } from '../decision.js';
import { isCategory, isInstitution } from '../taxonomy/taxonomy.js';
import type { ComplaintCommand } from './commands.js';
import { caseMoved, moveCase } from './move-case.js';
import type { CaseContext, CaseRule } from './rules.js';
import type { CaseFile } from './state.js';
import { disputableStates, openStates } from './transitions.js';

const DAY_MS = 86_400_000;
const nothingToSay = (text: string): boolean => text.trim() === '';

const openCase: CaseRule<'OpenCase'> = ({ type: _type, ...data }, file) =>
  file.state === null ? accept({ type: 'CaseOpened', data }) : accept();

const remindInstitution: CaseRule<'RemindInstitution'> = (_command, file) =>
  file.state === 'institution_overdue'
    ? accept({ type: 'InstitutionReminded', data: { reminder: file.reminders + 1 } })
    : refuse('transition_not_allowed', 'Only an institution whose answer is overdue is reminded.');

const answerAsCitizen: CaseRule<'AnswerAsCitizen'> = ({ text, evidenceIds }, file, context) => {
  if (file.state === null || !openStates.has(file.state))
    return refuse('transition_not_allowed', 'The case is closed; dispute the closure instead.');
  if (nothingToSay(text) && evidenceIds.length === 0) return refuse('message_empty', 'The answer is empty.');
  if (text.length > context.policy.messages.maxChars)
    return refuse('message_too_long', `An answer has at most ${context.policy.messages.maxChars} characters.`);
  const answered: ComplaintEvent = { type: 'CitizenAnswered', data: { text, evidenceIds: [...evidenceIds] } };
  return file.state === 'info_requested'
    ? accept(answered, caseMoved(file, { to: file.askedCitizenFrom ?? 'screening' }, context))
    : accept(answered);
};

const writeToCitizen: CaseRule<'WriteToCitizen'> = ({ text }, file, { policy }) => {
  if (nothingToSay(text)) return refuse('message_empty', 'The message is empty.');
  if (text.length > policy.messages.maxChars)
    return refuse('message_too_long', `A message has at most ${policy.messages.maxChars} characters.`);
  return file.state === 'erased'
    ? refuse('transition_not_allowed', 'Nothing is kept about this case any more.')
    : accept({ type: 'OfficeWroteToCitizen', data: { text } });
};

const classifyAsOfficer: CaseRule<'ClassifyAsOfficer'> = ({ category, institution }, file, { policy }) => {
  if (!isCategory(policy.taxonomy, category)) return refuse('unknown_category', 'There is no such category.');
  if (institution !== null && !isInstitution(policy.taxonomy, institution))
    return refuse('unknown_institution', 'There is no such institution.');
  return file.state === 'erased'
    ? refuse('transition_not_allowed', 'Nothing is kept about this case any more.')
    : accept({
        type: 'OfficerClassified',
        data: { category, institution, taxonomyVersion: policy.taxonomy.version },
      });
};

const disputeClosure: CaseRule<'DisputeClosure'> = ({ text }, file, context) => {
  const { state, closedAt } = file;
  if (state === null || closedAt === null || !disputableStates.has(state))
    return refuse('transition_not_allowed', 'Only a closed case can be disputed.');
  if (nothingToSay(text)) return refuse('message_empty', 'Please say why you do not agree.');
  const { disputeDays } = context.policy.cases;
  if (context.now.getTime() - Date.parse(closedAt) > disputeDays * DAY_MS)
    return refuse('too_late', `A closure can be disputed for ${disputeDays} days.`);
  return accept<ComplaintEvent>({ type: 'CaseDisputed', data: { text } }, caseMoved(file, { to: 'reopened' }, context));
};

const withdrawCase: CaseRule<'WithdrawCase'> = (_command, file, context) => {
  if (file.state === 'withdrawn') return accept();
  return file.state !== null && openStates.has(file.state)
    ? accept(caseMoved(file, { to: 'withdrawn', reason: 'withdrawn' }, context))
    : refuse('transition_not_allowed', 'Only an open case can be withdrawn.');
};

const entries: {
  readonly [T in ComplaintCommand['type']]: { readonly by: readonly Actor['kind'][]; readonly rule: CaseRule<T> };
} = {
  OpenCase: { by: ['system'], rule: openCase },
  MoveCase: { by: ['officer', 'system'], rule: moveCase },
  RemindInstitution: { by: ['officer', 'system'], rule: remindInstitution },
  AnswerAsCitizen: { by: ['citizen'], rule: answerAsCitizen },
  WriteToCitizen: { by: ['officer', 'system'], rule: writeToCitizen },
  ClassifyAsOfficer: { by: ['officer'], rule: classifyAsOfficer },
  DisputeClosure: { by: ['citizen'], rule: disputeClosure },
  WithdrawCase: { by: ['citizen'], rule: withdrawCase },
};

/**
 * The decider of a case: which events make the command true, or why not. Pure. That a citizen holds the access key or the
 * session is the caller's to check: knowing the number is never enough to get here.
 */
export const decideComplaint = (
  command: ComplaintCommand,
  file: CaseFile,
  context: CaseContext,
): Decision<ComplaintEvent> => {
  const { by, rule } = entries[command.type];
  if (!by.includes(context.actor.kind)) return refuse('wrong_actor', 'This is not yours to ask for.');
  if (file.state === null && command.type !== 'OpenCase') return refuse('case_unknown', 'There is no such case.');
  if (
    'requestId' in command &&
    command.requestId !== undefined &&
    file.handled.some(({ id }) => id === command.requestId)
  )
    return accept();
  return rule(command as never, file, context);
};
