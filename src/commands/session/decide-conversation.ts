import type { SessionEvent } from '../../events/catalogue/session.js';
import { accept, refuse } from '../decision.js';
import { takeOutAccessKeys } from '../handed-key.js';
import { entryOf } from '../persistent-map.js';
import { erasedContent, isBlank, withoutUndefined, type Refused, type Rule } from './rules.js';
import type { SessionState } from './state.js';

export const startSession: Rule<'StartSession'> = ({ language, channel }, state, { policy }) =>
  state.started
    ? refuse('session_exists', 'This conversation has begun already.')
    : accept({
        type: 'SessionStarted',
        data: { language, channel, policyVersion: policy.version, taxonomyVersion: policy.taxonomy.version },
      });

export const postUserMessage: Rule<'PostUserMessage'> = (command, state, { policy }) => {
  const { messageId, text, evidence, clientMessageId } = command;
  if (entryOf(state.messages, messageId) !== undefined) return accept();
  if (state.revoked) return refuse('session_revoked', 'This conversation was closed.');
  const limits = policy.messages;
  const isNew = (id: string): boolean => !state.evidence.some((item) => item.evidenceId === id);
  const { text: kept, accessKey } = takeOutAccessKeys(text);
  const uploads = evidence.filter((item) => isNew(item.evidenceId));
  if (isBlank(text) && evidence.length === 0) return refuse('message_empty', 'The message is empty.');
  if (text.length > limits.maxChars)
    return refuse('message_too_long', `A message has at most ${limits.maxChars} characters.`);
  if (evidence.length > limits.maxFilesPerMessage)
    return refuse('too_many_files', `A message has at most ${limits.maxFilesPerMessage} files.`);
  if (state.evidence.length + uploads.length > limits.maxFilesPerComplaint)
    return refuse('too_many_files', `A complaint has at most ${limits.maxFilesPerComplaint} files.`);
  if (uploads.length > 0 && state.erased.includes('evidence'))
    return refuse('erased', 'The evidence of this conversation has been erased; please start a new one.');
  return (
    erasedContent(state) ??
    accept<SessionEvent>(...uploads.map((data) => ({ type: 'EvidenceUploaded', data }) as const), {
      type: 'UserMessageReceived',
      data: {
        text: kept,
        evidenceIds: evidence.map((item) => item.evidenceId),
        // Without its sealing key only the mask is kept.
        ...withoutUndefined({ clientMessageId, accessKey: state.erased.includes('handover') ? undefined : accessKey }),
      },
    })
  );
};

/** Refuses an answer to a message that is unknown, or that has one; undefined when an answer is due. */
const notWaiting = (state: SessionState, messageId: string): Refused | undefined => {
  const message = entryOf(state.messages, messageId);
  if (message === undefined) return refuse('message_unknown', 'There is no such message to answer.');
  if (message.status !== 'pending') return refuse('already_answered', 'This message has its answer already.');
  return undefined;
};

const whileHuman = (state: SessionState): Refused | undefined =>
  state.assistance === 'human'
    ? refuse('human_assisting', 'An officer is in the conversation; the assistant is silent.')
    : undefined;

export const replyAsAgent: Rule<'ReplyAsAgent'> = (command, state) => {
  const refused = whileHuman(state) ?? notWaiting(state, command.answers) ?? erasedContent(state);
  if (refused !== undefined) return refused;
  const { answers, text, onceText, quickReplies, asked, agent } = command;
  if (isBlank(text)) return refuse('message_empty', 'The reply is empty.');
  return accept({
    type: 'AgentReplied',
    data: {
      answers,
      text,
      quickReplies: quickReplies.map(({ label, send }) => ({ label, send })),
      ...withoutUndefined({ onceText, asked }),
      agent: withoutUndefined(agent),
    },
  });
};

export const failTurn: Rule<'FailTurn'> = ({ answers, code }, state) => {
  if (entryOf(state.messages, answers)?.status === 'failed') return accept();
  return whileHuman(state) ?? notWaiting(state, answers) ?? accept({ type: 'TurnFailed', data: { answers, code } });
};

/** Recorded once: whether it can be granted is the office's to say. */
export const requestErasure: Rule<'RequestErasure'> = (_command, state) =>
  state.erasureRequested ? accept() : accept({ type: 'ErasureRequested', data: {} });

export const requestHuman: Rule<'RequestHuman'> = ({ reason }, state) =>
  state.assistance === 'bot' ? accept({ type: 'HumanRequested', data: { reason } }) : accept();

export const joinAsOfficer: Rule<'JoinAsOfficer'> = (_command, state) =>
  state.assistance === 'human' ? accept() : accept({ type: 'HumanJoined', data: {} });

export const replyAsOfficer: Rule<'ReplyAsOfficer'> = ({ text }, state, { policy }) => {
  if (state.assistance !== 'human') return refuse('human_not_assisting', 'Join the conversation first.');
  if (isBlank(text)) return refuse('message_empty', 'The message is empty.');
  if (text.length > policy.messages.maxChars)
    return refuse('message_too_long', `A message has at most ${policy.messages.maxChars} characters.`);
  return erasedContent(state) ?? accept({ type: 'OfficerReplied', data: { text } });
};

export const leaveAsOfficer: Rule<'LeaveAsOfficer'> = (_command, state) =>
  state.assistance === 'human'
    ? accept({ type: 'HumanLeft', data: {} })
    : refuse('human_not_assisting', 'No officer is in the conversation.');

export const changeLanguage: Rule<'ChangeLanguage'> = ({ language, noticed }, state) =>
  language === state.language
    ? accept()
    : accept({ type: 'LanguageChanged', data: { language, ...(noticed === true ? { noticed } : {}) } });

export const bindSession: Rule<'BindSession'> = ({ holder }, state) => {
  if (state.holder === holder) return accept();
  // Only at its beginning: what was said by one person never comes to belong to another.
  return state.holder === null && state.messageCount === 0
    ? accept({ type: 'SessionBound', data: { holder } })
    : refuse('session_exists', 'This conversation belongs to somebody already.');
};

export const revokeSession: Rule<'RevokeSession'> = ({ reason }, state) =>
  state.revoked ? accept() : accept({ type: 'SessionRevoked', data: { reason } });

export const erasePersonalData: Rule<'ErasePersonalData'> = ({ classes, reason }, state) => {
  if (isBlank(reason)) return refuse('reason_missing', 'An erasure needs a reason.');
  const gone = [...new Set(classes)].filter((personalClass) => !state.erased.includes(personalClass));
  return gone.length === 0 ? accept() : accept({ type: 'PersonalDataErased', data: { classes: gone, reason } });
};
