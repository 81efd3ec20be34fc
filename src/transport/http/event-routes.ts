import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import type { TransportDeps } from '../deps.js';
import { formatPosition } from '../protocol/position.js';
import { ok, fail, protocolError, type ProtocolError, type Result } from '../protocol/result.js';
import { readV1Frame, type V1ClientFrame } from '../protocol/v1-client-frames.js';
import { v1Ack, v1Error, v1History, v1Pong, type V1ServerFrame } from '../protocol/v1-server-frames.js';
import type { Realtime } from '../create-realtime.js';
import type { Link } from '../websocket/connection-driver.js';
import { closeLabel } from '../websocket/close-label.js';
import { revisionOf } from '../websocket/v1-live.js';
import { answer, bearerOf, type Route, type RouteAnswer, type RouteRequest } from './route.js';
import { accessOf, accessProblems, sessionParam, tokenHeader, type Access } from './session-access.js';

export type EventRouteDeps = Pick<TransportDeps, 'sessions' | 'tokens' | 'config' | 'metrics' | 'clock'> & {
  readonly realtime: Realtime;
  readonly isDraining: () => boolean;
};

/** `open`: the responses that are being written. */
type StreamDeps = EventRouteDeps & { readonly open: Set<ServerResponse> };

const FULL_RETRY_MS = 5000;

/** A response as the link of a connection: frames as events, pings as comments. */
const linkOf = (response: ServerResponse, closed: (code: number) => void): Link => ({
  send: (text, position) => {
    response.write(`${position === undefined ? '' : `id: ${position}\n`}data: ${text}\n\n`);
  },
  ping: () => void response.write(': alive\n\n'),
  close: (code, reason) => {
    closed(code);
    // There is no close frame here: the last event says what it would have said.
    response.end(`data: ${JSON.stringify({ type: 'close', data: { code, reason } })}\n\n`);
  },
  terminate: () => response.destroy(),
  bufferedBytes: () => response.writableLength,
});

const stream =
  ({ realtime, metrics, open }: StreamDeps, hello: object, address: string, giveBack: () => void) =>
  (response: ServerResponse): void => {
    let code = 1006;
    const link = linkOf(response, (given) => (code = given));
    response.flushHeaders();
    const connection = realtime.openV1(link, { offeredToken: null, answersPings: false }, address);
    metrics.connectionOpened('v1', 'sse');
    open.add(response);
    response.once('close', () => {
      open.delete(response);
      giveBack();
      connection.closed();
      metrics.connectionClosed('v1', 'sse', closeLabel(code));
    });
    connection.text(JSON.stringify({ type: 'hello', data: hello }));
  };

const openStream = async (
  deps: StreamDeps,
  request: RouteRequest<unknown>,
): Promise<Result<RouteAnswer, ProtocolError>> => {
  if (deps.isDraining()) return fail(protocolError('draining', { retryAfterMs: FULL_RETRY_MS }));
  const access = await accessOf(deps, request);
  if (!access.ok) return access;
  const slot = deps.realtime.slots.take(request.address);
  if (!slot.ok) {
    const code = slot.why === 'node' ? 'overloaded' : 'too_many_sockets';
    return fail(protocolError(code, { retryAfterMs: FULL_RETRY_MS }));
  }
  const position = request.header('last-event-id') ?? request.query('after');
  const hello = {
    token: bearerOf(request),
    resume: position === undefined ? null : { position: position.slice(0, 64) },
    want: ['delta'],
  };
  return ok({
    status: 200,
    body: null,
    headers: {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    },
    stream: stream(deps, hello, request.address, slot.giveBack),
  });
};

const toArray = (frame: V1ServerFrame | null): readonly V1ServerFrame[] => (frame === null ? [] : [frame]);

/** One message of a client that has no socket: the rules of a socket's, and its answer. */
const postMessage = async (
  { realtime: { service }, config }: EventRouteDeps,
  { sessionId, state }: Access,
  frame: Extract<V1ClientFrame, { type: 'message' }>,
  from: string,
): Promise<V1ServerFrame> => {
  const { id } = frame;
  if (frame.sessionId !== null && frame.sessionId !== sessionId)
    return v1Error(protocolError('session_mismatch', { field: 'sessionId' }), id);
  const allowance = service.takeToken(sessionId);
  if (!allowance.ok) return v1Error(protocolError('rate_limited', { retryAfterMs: allowance.retryAfterMs }), id);
  if (config.rateLimits && state.pending.length >= config.maxPendingTurns && !service.isPending(state, sessionId, id))
    return v1Error(protocolError('busy'), id);
  const posted = await service.post(sessionId, frame, from);
  if (!posted.ok) return v1Error(posted.error, id);
  const { revision, duplicate } = posted.value;
  return v1Ack(id, formatPosition(service.epoch, revision), duplicate);
};

/** The direct answer to one frame, or null when there is none. */
const answerTo = async (
  deps: EventRouteDeps,
  access: Access,
  frame: V1ClientFrame,
  from: string,
): Promise<V1ServerFrame | null> => {
  const { service } = deps.realtime;
  const { sessionId, state } = access;
  const known = { epoch: service.epoch, last: state.revision };
  switch (frame.type) {
    case 'message':
      return postMessage(deps, access, frame, from);
    case 'history': {
      const before = frame.before === null ? null : revisionOf(known, frame.before);
      if (frame.before !== null && before === null)
        return v1Error(protocolError('position_invalid', { field: 'before' }), frame.id);
      const page = await service.history(sessionId, { before, limit: frame.limit });
      return page.ok ? v1History(frame.id, page.value) : v1Error(page.error, frame.id);
    }
    case 'read': {
      const revision = revisionOf(known, frame.position);
      if (revision === null) return v1Error(protocolError('position_invalid', { field: 'position' }));
      service.read(sessionId, revision);
      return null;
    }
    case 'cancel': {
      const result = service.cancel(sessionId, frame.replyId);
      return result.ok ? null : v1Error(result.error, frame.id);
    }
    case 'ping':
      return v1Pong(frame.t, deps.clock.now().getTime());
    case 'typing':
    case 'bye':
      return null;
    case 'hello':
      return v1Error(protocolError('bad_frame', { field: 'type' }));
  }
};

const takeFrame = async (deps: EventRouteDeps, request: RouteRequest<unknown>) => {
  const access = await accessOf(deps, request);
  if (!access.ok) return access;
  const decoded = readV1Frame(request.body, deps.config);
  const frames = decoded.ok
    ? toArray(await answerTo(deps, access.value, decoded.frame, request.address))
    : [v1Error(decoded.error, decoded.id)];
  return answer(200, frames);
};

/** The frames of `leoma.chat.v1` where WebSockets cannot pass: events one way, one POST per frame the other way. */
export const eventRoutes = (deps: EventRouteDeps): readonly Route[] => {
  const open = new Set<ServerResponse>();
  deps.metrics.watchBufferedBytes(() => [...open].reduce((sum, { writableLength }) => sum + writableLength, 0));
  return [
    {
      method: 'get',
      path: '/api/agent/session/:id/events',
      operationId: 'streamEvents',
      summary:
        'Frames of leoma.chat.v1 as Server-Sent Events; `?after=<position>` for those who cannot send Last-Event-ID',
      params: sessionParam,
      headers: {
        ...tokenHeader,
        'Last-Event-ID': {
          schema: z.string().optional(),
          description: 'Position of the last durable frame that came.',
        },
      },
      responses: {
        200: {
          description: 'Each event is a frame; the `id` of a durable one is its position.',
          schema: z.string(),
          type: 'text/event-stream',
        },
      },
      problems: [...accessProblems, 'too_many_sockets', 'overloaded', 'draining'],
      answer: (request) => openStream({ ...deps, open }, request),
    },
    {
      method: 'post',
      path: '/api/agent/session/:id/frames',
      operationId: 'sendFrame',
      summary: 'One frame of leoma.chat.v1 from a client; the answer holds the frames that answer it directly',
      params: sessionParam,
      headers: tokenHeader,
      body: {
        schema: z.looseObject({ type: z.string(), id: z.string().optional() }),
        required: true,
        carriesFiles: false,
      },
      responses: {
        200: {
          description: 'Acknowledgement, page, error or nothing.',
          schema: z.array(z.looseObject({ type: z.string() })),
        },
      },
      problems: [...accessProblems, 'origin_rejected'],
      answer: (request) => takeFrame(deps, request),
    },
  ];
};
