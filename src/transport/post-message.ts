import { deterministicId, newId, sessionNamespace } from '../platform/ids.js';
import type { EvidenceItem } from '../commands/session/state.js';
import type { TransportDeps } from './deps.js';
import type { ClassicMedia } from './protocol/classic-frames.js';
import { errorDefinitions, refusalToError } from './protocol/codes.js';
import { fail, ok, protocolError, type ProtocolError, type Result } from './protocol/result.js';
import type { MessageToPost, Posted } from './websocket/connection.js';

/** Records one message of the citizen, durably before it answers. Never throws. */
export type PostMessage = (
  sessionId: string,
  message: MessageToPost<ClassicMedia>,
) => Promise<Result<Posted, ProtocolError>>;

type Deps = Pick<TransportDeps, 'sessions' | 'evidence' | 'notifyResponder'> & {
  /** Gives a correlation id that also stands in the log. */
  readonly report: (error: unknown) => string;
  /** True once the server stops: nothing new is taken. */
  readonly isDraining: () => boolean;
};

const storeAll = async (
  deps: Deps,
  sessionId: string,
  messageId: string,
  media: readonly ClassicMedia[],
): Promise<Result<readonly EvidenceItem[], ProtocolError>> => {
  const items: EvidenceItem[] = [];
  for (const [at, { name, type, size, data }] of media.entries()) {
    const evidenceId = deterministicId(`evidence/${at}`, messageId);
    const stored = await deps.evidence.store(sessionId, { evidenceId, name, type, size, base64: data });
    if (!stored.ok) {
      const { code, message } = stored.refusal;
      return fail(protocolError(code, { message, field: 'media' }));
    }
    items.push(stored.value);
  }
  return ok(items);
};

/**
 * Files first, then one command. The message id comes from the client's own id, if it sent one: the same message sent again
 * is found to be there already.
 */
export const createPostMessage =
  (deps: Deps): PostMessage =>
  async (sessionId, { text, media, clientMessageId }) => {
    if (deps.isDraining()) return fail(protocolError('draining'));
    try {
      const messageId =
        clientMessageId === undefined ? newId() : deterministicId(clientMessageId, sessionNamespace(sessionId));
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
      return ok({ messageId, revision: outcome.revision, duplicate: outcome.events.length === 0 });
    } catch (error) {
      return fail(protocolError('internal', { ref: deps.report(error) }));
    }
  };
