import type { SessionState } from '../commands/session/state.js';
import { deterministicId, sessionNamespace } from '../platform/ids.js';
import type { TransportDeps, TransportMetrics } from './deps.js';
import { faultOf } from './fault.js';
import type { FrameCheckpoints } from './frame-checkpoints.js';
import type { Hub } from './hub.js';
import type { PostMessage } from './post-message.js';
import { epochOf, parsePosition } from './protocol/position.js';
import { fail, ok, protocolError, type ProtocolError, type Result } from './protocol/result.js';
import type { V1Media } from './protocol/v1-client-frames.js';
import { readHistory, type HistoryPage } from './read-history.js';
import type { RunningReplies } from './running-replies.js';
import type { FrameSource } from './session-frames.js';
import type { Allowance } from './token-bucket.js';
import type { Posted } from './websocket/connection.js';
import type { ResumeFrom } from './websocket/v1-types.js';

/** What clients of `leoma.chat.v1` can ask for, whatever carries their frames. Nothing here throws. */
export interface V1Service {
  readonly epoch: string;
  /** Whose token it is. */
  verify(token: string): Promise<Result<string, ProtocolError>>;
  /** Where a client says it is. */
  placeOf(position: string | null): ResumeFrom;
  post(
    sessionId: string,
    message: { readonly id: string; readonly text: string; readonly media: readonly V1Media[] },
    from: string,
  ): Promise<Result<Posted, ProtocolError>>;
  /** The message that the client calls so waits for its answer: a retry of it is not one more. */
  isPending(state: Pick<SessionState, 'pending'>, sessionId: string, id: string): boolean;
  history(
    sessionId: string,
    page: { readonly before: number | null; readonly limit: number },
  ): Promise<Result<HistoryPage, ProtocolError>>;
  /** The citizen has seen everything up to this event. */
  read(sessionId: string, revision: number): void;
  /** Stops a reply that is being written, by whatever process. */
  cancel(sessionId: string, replyId: string): Result<null, ProtocolError>;
  takeToken(sessionId: string): Allowance;
  readonly hub: Pick<Hub, 'join'>;
  readonly checkpoints: FrameCheckpoints;
  readonly replies: RunningReplies;
  /** Logs an error and gives its correlation id. */
  report(error: unknown): string;
  readonly metrics: TransportMetrics;
}

type Deps = Pick<TransportDeps, 'log' | 'tokens' | 'readMarks' | 'cancelReply'> &
  Pick<V1Service, 'hub' | 'checkpoints' | 'replies' | 'report' | 'metrics' | 'takeToken'> & {
    readonly post: PostMessage;
  };

export const createV1Service = (deps: Deps): V1Service => {
  const epoch = epochOf(deps.log.logId);
  const safely = async <T>(work: () => Promise<Result<T, ProtocolError>>): Promise<Result<T, ProtocolError>> => {
    try {
      return await work();
    } catch (error) {
      return fail(faultOf(error, deps.report(error)));
    }
  };
  return {
    epoch,
    verify: (token) =>
      safely(async () => {
        const verdict = await deps.tokens.verify(token);
        return verdict.ok ? ok(verdict.sessionId) : fail(protocolError(verdict.code));
      }),
    placeOf: (position) => {
      if (position === null) return null;
      const place = parsePosition(position);
      return place?.epoch === epoch ? place.revision : 'elsewhere';
    },
    post: (sessionId, { id, text, media }, from) => deps.post(sessionId, { text, media, clientMessageId: id }, from),
    isPending: ({ pending }, sessionId, id) => {
      const messageId = deterministicId(id, sessionNamespace(sessionId));
      return pending.some((message) => message.messageId === messageId);
    },
    history: (sessionId, page) =>
      safely(async () => {
        const source: FrameSource = { sessionId, epoch };
        return ok(await readHistory(deps, source, page));
      }),
    read: (sessionId, revision) => deps.readMarks.save(sessionId, revision),
    cancel: (sessionId, replyId) =>
      deps.replies.current(sessionId)?.replyId === replyId && deps.cancelReply?.(sessionId, replyId) === true
        ? ok(null)
        : fail(protocolError('conflict', { message: 'This answer is not being written any more.' })),
    takeToken: deps.takeToken,
    hub: deps.hub,
    checkpoints: deps.checkpoints,
    replies: deps.replies,
    report: deps.report,
    metrics: deps.metrics,
  };
};
