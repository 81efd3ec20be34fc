import { entryOf } from '../commands/persistent-map.js';
import type { EvidenceItem } from '../commands/session/state.js';
import { deterministicId, newId, sessionNamespace } from '../platform/ids.js';
import type { TransportDeps } from './deps.js';
import { errorDefinitions, refusalToError } from './protocol/codes.js';
import { fail, ok, protocolError, type ProtocolError, type Result } from './protocol/result.js';
import type { V1Media } from './protocol/v1-client-frames.js';
import type { MessageToPost, Posted } from './websocket/connection.js';

/** Records one message of the citizen, durably before it answers. Never throws. */
export type PostMessage = (
  sessionId: string,
  message: MessageToPost<V1Media>,
) => Promise<Result<Posted, ProtocolError>>;

type Deps = Pick<TransportDeps, 'sessions' | 'evidence' | 'uploads' | 'notifyResponder'> & {
  /** Gives a correlation id that also stands in the log. */
  readonly report: (error: unknown) => string;
  /** True once the server stops: nothing new is taken. */
  readonly isDraining: () => boolean;
};

const storeOne = async (
  deps: Deps,
  sessionId: string,
  evidenceId: string,
  media: V1Media,
): Promise<Result<EvidenceItem, ProtocolError>> => {
  if ('uploadId' in media) {
    const item = await deps.uploads.claim(sessionId, media.uploadId);
    return item === null ? fail(protocolError('upload_unknown', { field: 'media' })) : ok(item);
  }
  const { name, type, size, data } = media;
  const stored = await deps.evidence.store(sessionId, { evidenceId, name, type, size, base64: data });
  if (stored.ok) return ok(stored.value);
  const { code, message } = stored.refusal;
  return fail(protocolError(code, { message, field: 'media' }));
};

const storeAll = async (
  deps: Deps,
  sessionId: string,
  messageId: string,
  media: readonly V1Media[],
): Promise<Result<readonly EvidenceItem[], ProtocolError>> => {
  const items: EvidenceItem[] = [];
  for (const [at, one] of media.entries()) {
    const stored = await storeOne(deps, sessionId, deterministicId(`evidence/${at}`, messageId), one);
    if (!stored.ok) return stored;
    items.push(stored.value);
  }
  return ok(items);
};

/** The message as the log has it already, or null. */
const findPosted = async ({ sessions }: Deps, sessionId: string, messageId: string): Promise<Posted | null> => {
  const { state } = await sessions.loadSession(sessionId);
  const record = entryOf(state.messages, messageId);
  return record === undefined ? null : { messageId, revision: record.revision, duplicate: true };
};

const record = async (
  deps: Deps,
  sessionId: string,
  messageId: string,
  { text, media, clientMessageId }: MessageToPost<V1Media>,
): Promise<Result<Posted, ProtocolError>> => {
  // A retry does not need its files again: they may have been swept, or the session's room be used up by themselves.
  const known = media.length === 0 ? null : await findPosted(deps, sessionId, messageId);
  if (known !== null) return ok(known);
  const evidence = await storeAll(deps, sessionId, messageId, media);
  if (!evidence.ok) return evidence;
  const outcome = await deps.sessions.handle(
    sessionId,
    { type: 'PostUserMessage', messageId, clientMessageId, text, evidence: evidence.value },
    { actor: { kind: 'citizen' }, correlationId: messageId },
  );
  if (!outcome.ok) {
    const code = refusalToError[outcome.refusal.code];
    const message = code === 'session_unknown' ? errorDefinitions[code].message : outcome.refusal.message;
    return fail(protocolError(code, { message }));
  }
  deps.notifyResponder?.(sessionId, messageId);
  const at = outcome.events.findIndex(({ type }) => type === 'UserMessageReceived');
  if (at >= 0) {
    const revision = outcome.revision - (outcome.events.length - 1 - at);
    return ok({ messageId, revision, duplicate: false });
  }
  const posted = await findPosted(deps, sessionId, messageId);
  return ok(posted ?? { messageId, revision: outcome.revision, duplicate: true });
};

/**
 * Files first, then one command. The message id comes from the client's own id, if it sent one: the same message sent again
 * is found to be there already, by any process and however late.
 */
export const createPostMessage =
  (deps: Deps): PostMessage =>
  async (sessionId, message) => {
    if (deps.isDraining()) return fail(protocolError('draining'));
    const { clientMessageId } = message;
    const messageId =
      clientMessageId === undefined ? newId() : deterministicId(clientMessageId, sessionNamespace(sessionId));
    try {
      return await record(deps, sessionId, messageId, message);
    } catch (error) {
      return fail(protocolError('internal', { ref: deps.report(error) }));
    }
  };
