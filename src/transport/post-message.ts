import { entryOf } from '../commands/persistent-map.js';
import type { EvidenceItem } from '../commands/session/state.js';
import { sessionStream } from '../events/catalogue/index.js';
import { isSubjectErased } from '../events/errors.js';
import { deterministicId, newId, sessionNamespace } from '../platform/ids.js';
import type { TransportDeps } from './deps.js';
import { faultOf } from './fault.js';
import { errorDefinitions, refusalToError } from './protocol/codes.js';
import { fail, ok, protocolError, type ProtocolError, type Result } from './protocol/result.js';
import type { V1Media } from './protocol/v1-client-frames.js';
import { isAboutFile, noticeOf, refusedFile, type RefusedFile } from './refused-files.js';
import { evidenceIdOf, storeMedia, type StoredMedia } from './store-media.js';
import type { MessageToPost, Posted } from './websocket/connection.js';

/**
 * Records one message of the citizen, durably before it answers. Never throws.
 * @param from address of the client as a key for limits; kept in this process only
 */
export type PostMessage = (
  sessionId: string,
  message: MessageToPost<V1Media>,
  from: string,
) => Promise<Result<Posted, ProtocolError>>;

type Deps = Pick<TransportDeps, 'sessions' | 'evidence' | 'uploads' | 'notifyResponder' | 'log'> & {
  /** Gives a correlation id that also stands in the log. */
  readonly report: (error: unknown) => string;
  /** True once the server stops: nothing new is taken. */
  readonly isDraining: () => boolean;
  /** Told of each message before it is recorded. */
  readonly cameFrom: (sessionId: string, address: string) => void;
};
type Message = MessageToPost<V1Media>;

const ERASED_MEANWHILE = 'What was written here has been erased; please start a new conversation.';

const isBlank = (text: string): boolean => text.trim() === '';

const leftOutFiles = ({ leftOut = [], maxFiles = 0 }: Message): readonly RefusedFile[] => {
  const reason = maxFiles === 0 ? 'Files cannot be taken here.' : `At most ${maxFiles} files can be taken at once.`;
  return leftOut.map((name) => refusedFile(name, 'too_many_files', reason));
};

/** The message as the log has it already, or null. */
const findPosted = async ({ sessions }: Deps, sessionId: string, messageId: string): Promise<Posted | null> => {
  const { state } = await sessions.loadSession(sessionId);
  const record = entryOf(state.messages, messageId);
  return record === undefined ? null : { messageId, revision: record.revision, duplicate: true };
};

/** The files of a message that was recorded without them, so that a retry hears of them as the first try did. */
const refusedBefore = async (
  deps: Deps,
  sessionId: string,
  { messageId, revision }: Posted,
  message: Message,
): Promise<readonly RefusedFile[]> => {
  const kept = new Set<string>();
  for await (const event of deps.log.readStream(sessionStream(sessionId), revision)) {
    if (event.type === 'UserMessageReceived') for (const id of event.data.evidenceIds) kept.add(id);
    break;
  }
  const missing = message.media.flatMap((_one, place) => (kept.has(evidenceIdOf(messageId, place)) ? [] : [place]));
  const again = await storeMedia(deps, sessionId, messageId, message.media, missing);
  const now = again.items.map(({ name }) =>
    refusedFile(name, 'quota_exceeded', 'There was no room for it when it came. Send it again if you like.'),
  );
  return [...again.refused.filter(isAboutFile), ...now, ...leftOutFiles(message)];
};

const duplicateOf = async (deps: Deps, sessionId: string, posted: Posted, message: Message): Promise<Posted> => {
  const refused = message.keepText === true ? await refusedBefore(deps, sessionId, posted, message) : [];
  return refused.length === 0 ? posted : { ...posted, refused, textKept: !isBlank(message.text) };
};

/** Why nothing of the message is kept, or null: without its files there may still be something to record. */
const refusalOf = (message: Message, { items, refused, error }: StoredMedia): ProtocolError | null => {
  if (error !== null) return error;
  const [first] = refused;
  if (first === undefined) return null;
  const whole = refused.find((file) => !isAboutFile(file));
  if (whole !== undefined) return protocolError(whole.code, { message: whole.reason, field: 'media' });
  if (message.keepText !== true) return protocolError(first.code, { message: first.reason, field: 'media' });
  if (!isBlank(message.text) || items.length > 0) return null;
  const files = refused.map(({ name, code }) => ({ name, code }));
  return protocolError(first.code, {
    message: noticeOf(refused, { text: false, files: false }),
    field: 'media',
    files,
  });
};

const append = (
  deps: Deps,
  sessionId: string,
  messageId: string,
  message: Message,
  evidence: readonly EvidenceItem[],
) =>
  deps.sessions.handle(
    sessionId,
    { type: 'PostUserMessage', messageId, clientMessageId: message.clientMessageId, text: message.text, evidence },
    { actor: { kind: 'citizen' }, correlationId: messageId },
  );

const record = async (
  deps: Deps,
  sessionId: string,
  messageId: string,
  message: Message,
): Promise<Result<Posted, ProtocolError>> => {
  const { text, media } = message;
  const excess = leftOutFiles(message);
  // A retry does not need its files again: they may have been swept, or the session's room be used up by themselves.
  const known = media.length + excess.length === 0 ? null : await findPosted(deps, sessionId, messageId);
  if (known !== null) return ok(await duplicateOf(deps, sessionId, known, message));
  const stored = await storeMedia(deps, sessionId, messageId, media);
  let refused = [...stored.refused, ...excess];
  const why = refusalOf(message, { ...stored, refused });
  if (why !== null) return fail(why);
  let outcome = await append(deps, sessionId, messageId, message, stored.items);
  if (!outcome.ok && outcome.refusal.code === 'too_many_files' && message.keepText === true && !isBlank(text)) {
    const { message: reason } = outcome.refusal;
    refused = [...refused, ...stored.items.map(({ name }) => refusedFile(name, 'too_many_files', reason))];
    outcome = await append(deps, sessionId, messageId, message, []);
  }
  if (!outcome.ok) {
    const code = refusalToError[outcome.refusal.code];
    const words = code === 'session_unknown' ? errorDefinitions[code].message : outcome.refusal.message;
    return fail(protocolError(code, { message: words }));
  }
  deps.notifyResponder?.(sessionId, messageId);
  const told = refused.length === 0 ? {} : { refused, textKept: !isBlank(text) };
  const at = outcome.events.findIndex(({ type }) => type === 'UserMessageReceived');
  if (at >= 0) {
    const revision = outcome.revision - (outcome.events.length - 1 - at);
    return ok({ messageId, revision, duplicate: false, ...told });
  }
  const posted = await findPosted(deps, sessionId, messageId);
  return ok({ ...(posted ?? { messageId, revision: outcome.revision, duplicate: true }), ...told });
};

/**
 * Files first, then one command. The message id comes from the client's own id, if it sent one: the same message sent again
 * is found to be there already, by any process and however late.
 */
export const createPostMessage =
  (deps: Deps): PostMessage =>
  async (sessionId, message, from) => {
    if (deps.isDraining()) return fail(protocolError('draining'));
    const { clientMessageId } = message;
    const messageId =
      clientMessageId === undefined ? newId() : deterministicId(clientMessageId, sessionNamespace(sessionId));
    try {
      deps.cameFrom(sessionId, from);
      return await record(deps, sessionId, messageId, message);
    } catch (error) {
      // Erased by another process a moment ago: the keys are gone before this one has read why.
      if (isSubjectErased(error)) return fail(protocolError('session_closed', { message: ERASED_MEANWHILE }));
      return fail(faultOf(error, deps.report(error)));
    }
  };
