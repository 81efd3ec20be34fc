import { z } from 'zod';
import { quickReplySchema, sessionStateSchema } from '../../events/catalogue/session.js';
import { awaitReply } from '../await-reply.js';
import type { TransportDeps } from '../deps.js';
import type { Hub } from '../hub.js';
import type { PostMessage } from '../post-message.js';
import { classicMessageSchema } from '../protocol/classic-frames.js';
import { errorDefinitions } from '../protocol/codes.js';
import { readClassicMessage } from '../protocol/decode-classic-frame.js';
import { fail, ok, protocolError, type ProtocolError, type Result } from '../protocol/result.js';
import { noticeOf } from '../refused-files.js';
import { readClaim } from '../session-claim.js';
import type { Limiter } from '../token-bucket.js';
import type { Posted } from '../websocket/connection.js';
import { answer, bearerOf, type Route, type RouteAnswer, type RouteRequest } from './route.js';
import { positionHeader } from './read-after.js';
import { optionalTokenHeader, stateOfClaim } from './session-access.js';
import { openSession, type SessionRouteDeps } from './session-routes.js';

export type MessageRouteDeps = SessionRouteDeps &
  Pick<TransportDeps, 'cursors'> & {
    readonly config: Pick<
      TransportDeps['config'],
      'maxMessageChars' | 'maxFilesPerMessage' | 'maxPendingTurns' | 'rateLimits' | 'replyTimeoutMs'
    >;
    readonly hub: Pick<Hub, 'join'>;
    readonly post: PostMessage;
    /** Messages per session; sockets draw on the same. */
    readonly messages: Limiter;
  };

const clientMessageId = z.string().regex(/^[\x21-\x7e]{1,64}$/);

const messageRequestSchema = classicMessageSchema.extend({
  id: clientMessageId
    .optional()
    .catch(undefined)
    .describe('Your own id of the message: sent again with the same one, it is recorded once.'),
});

const refusedFields = {
  notice: z.string().optional().describe('Which files were not kept, why, and that the text was; for the citizen.'),
  refusedFiles: z.array(z.strictObject({ name: z.string(), code: z.string(), error: z.string() })).optional(),
};

const replySchema = z.strictObject({
  sessionId: z.string(),
  messageId: z.string(),
  message: z.string().describe("The assistant's answer. Files that were not kept are told of before it."),
  state: sessionStateSchema,
  trackingNumber: z.string().optional(),
  quickReplies: z.array(quickReplySchema),
  ...refusedFields,
});

const pendingSchema = z.strictObject({
  sessionId: z.string(),
  messageId: z.string(),
  status: z.literal('pending'),
  statusUrl: z.string(),
  ...refusedFields,
});

const chooseSession = async (
  deps: MessageRouteDeps,
  request: RouteRequest<unknown>,
  named: string | null,
): Promise<Result<string, ProtocolError>> => {
  const claim = await readClaim(deps, bearerOf(request), named);
  if (!claim.ok) return claim;
  if (claim.value.sessionId === null)
    return openSession(deps, request.address, { channel: 'api', holder: claim.value.holder });
  const access = await stateOfClaim(deps, claim.value);
  if (!access.ok) return access;
  const { sessionId, state } = access.value;
  const allowance = deps.messages.take(sessionId);
  if (!allowance.ok) return fail(protocolError('rate_limited', { retryAfterMs: allowance.retryAfterMs }));
  const isBusy = deps.config.rateLimits && state.pending.length >= deps.config.maxPendingTurns;
  return isBusy ? fail(protocolError('busy')) : ok(sessionId);
};

/** What became of files that were refused while the rest was kept. */
const refusedPart = ({ refused = [], textKept = false }: Posted) =>
  refused.length === 0
    ? {}
    : {
        notice: noticeOf(refused, { text: textKept, files: true }),
        refusedFiles: refused.map(({ name, code, reason }) => ({ name, code, error: reason })),
      };

const withNotice = (notice: string | undefined, words: string): string =>
  notice === undefined ? words : `${notice}\n\n${words}`;

const converse = async (
  deps: MessageRouteDeps,
  request: RouteRequest<unknown>,
): Promise<Result<RouteAnswer, ProtocolError>> => {
  const message = readClassicMessage(request.body ?? {}, deps.config);
  if (!message.ok)
    return message.error.code === 'bad_frame' ? fail({ ...message.error, code: 'bad_request' }) : message;
  const session = await chooseSession(deps, request, message.value.sessionId);
  if (!session.ok) return session;
  const sessionId = session.value;
  const extra = messageRequestSchema.safeParse(request.body);
  const { text, media, leftOut } = message.value;
  const clientMessageId = extra.success ? extra.data.id : undefined;
  const maxFiles = deps.config.maxFilesPerMessage;
  const wanted = { text, media, clientMessageId, keepText: true, leftOut, maxFiles };
  const posted = await deps.post(sessionId, wanted, request.address);
  if (!posted.ok) return posted;
  const files = refusedPart(posted.value);
  const { messageId } = posted.value;
  const reply = await awaitReply(deps.hub, { sessionId, messageId, timeoutMs: deps.config.replyTimeoutMs });
  switch (reply.kind) {
    case 'failed':
      return fail(
        protocolError('agent_unavailable', {
          message: withNotice(files.notice, errorDefinitions.agent_unavailable.message),
        }),
      );
    case 'pending':
      return answer(202, {
        sessionId,
        messageId,
        status: 'pending',
        statusUrl: `/api/agent/session/${sessionId}/status`,
        ...files,
      });
    case 'replied': {
      deps.cursors.save(sessionId, reply.revision); // This client has it; a socket of the session need not say it again.
      const { quickReplies, view } = reply;
      const words = withNotice(files.notice, reply.text);
      const number = view.trackingNumber === null ? {} : { trackingNumber: view.trackingNumber };
      const body = { sessionId, messageId, message: words, state: view.state, ...number, quickReplies, ...files };
      const { position } = await deps.sessions.loadSession(sessionId);
      return answer(200, body, positionHeader(position));
    }
  }
};

const messageRoute = (deps: MessageRouteDeps, path: string, operationId: string): Route => ({
  method: 'post',
  path,
  operationId,
  summary: 'Says something and gives the answer; without a session it opens one',
  headers: optionalTokenHeader,
  body: { schema: messageRequestSchema, required: true, carriesFiles: true },
  responses: {
    200: { description: 'The answer.', schema: replySchema },
    202: { description: 'Recorded; the answer is not there yet.', schema: pendingSchema },
  },
  problems: [
    ...(['session_unknown', 'unauthorized', 'session_expired', 'session_mismatch', 'session_closed'] as const),
    ...(['message_empty', 'message_too_long', 'too_many_files', 'file_too_large', 'file_size_mismatch'] as const),
    ...(['file_type_rejected', 'quota_exceeded', 'rate_limited', 'busy', 'agent_unavailable', 'draining'] as const),
    ...(['conflict', 'origin_rejected', 'session_revoked', 'login_required'] as const),
  ],
  answer: (request) => converse(deps, request),
});

/** The predecessor's REST: one message, one answer. Both paths do the same. */
export const messageRoutes = (deps: MessageRouteDeps): readonly Route[] => [
  messageRoute(deps, '/api/agent/message', 'sendMessage'),
  messageRoute(deps, '/api/agent/chat', 'chat'),
];
