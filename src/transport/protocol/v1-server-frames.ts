import { z } from 'zod';
import { languageSchema, quickReplySchema, sessionStateSchema } from '../../events/catalogue/session.js';
import { errorCodeList, errorDefinitions } from './codes.js';
import type { ProtocolError } from './result.js';

// What the server sends to a client of `leoma.chat.v1` (PROTOCOL.md). Frames with `position` are durable: they follow from
// the log alone and are the same whenever they are sent. All others are of the moment.

const positionSchema = z.string();
const durable = { position: positionSchema, prev: positionSchema.nullable(), at: z.iso.datetime() };
const assistanceSchema = z.enum(['bot', 'waiting_human', 'human']);

export const v1MessageSchema = z.strictObject({
  type: z.literal('message'),
  id: z.string(),
  ...durable,
  data: z.strictObject({
    message: z.string(),
    sessionId: z.string(),
    role: z.enum(['agent', 'citizen', 'officer', 'system']),
    /** State of the conversation as of this message. */
    state: sessionStateSchema,
    trackingNumber: z.string().optional(),
    /** Only `citizen`: the id under which the client sent it. */
    clientId: z.string().optional(),
    /** Only `agent`, and `system` when an answer failed: the one that `reply` and `delta` spoke of. */
    replyId: z.string().optional(),
    /** Id (the client's own, where it sent one) of the message that this answers. */
    inReplyTo: z.string().optional(),
    quickReplies: z.array(quickReplySchema).optional(),
    media: z
      .array(z.strictObject({ uploadId: z.string(), name: z.string(), type: z.string(), size: z.number().int() }))
      .optional(),
    /** Only `system`: what happened, as a code of the table. */
    code: z.string().optional(),
  }),
});

export const v1StatusSchema = z.strictObject({
  type: z.literal('status'),
  id: z.string(),
  ...durable,
  data: z.strictObject({
    sessionId: z.string(),
    state: sessionStateSchema,
    trackingNumber: z.string().nullable(),
    language: languageSchema,
    assistance: assistanceSchema,
    /** Kinds of personal data that were erased; what a client still shows of them it should forget. */
    erased: z.array(z.string()).optional(),
  }),
});

export const v1DurableSchema = z.discriminatedUnion('type', [v1MessageSchema, v1StatusSchema]);
export type V1MessageFrame = z.infer<typeof v1MessageSchema>;
export type V1DurableFrame = z.infer<typeof v1DurableSchema>;

const errorData = z.strictObject({
  error: z.string(),
  code: z.enum(errorCodeList as [string, ...string[]]),
  retryable: z.boolean(),
  retryAfterMs: z.number().int().nonnegative().optional(),
  field: z.string().optional(),
  ref: z.string().optional(),
});

export const v1ServerFrameSchema = z.discriminatedUnion('type', [
  v1MessageSchema,
  v1StatusSchema,
  z.strictObject({
    type: z.literal('welcome'),
    position: positionSchema,
    data: z.strictObject({
      sessionId: z.string(),
      epoch: z.string(),
      recovered: z.boolean(),
      replay: z.number().int().nonnegative(),
      state: sessionStateSchema,
      trackingNumber: z.string().optional(),
      running: z.strictObject({ replyId: z.string(), offset: z.number().int().nonnegative() }).optional(),
      heartbeatMs: z.number().int(),
      limits: z.record(z.string(), z.number()),
      reconnect: z.strictObject({
        minMs: z.number().int(),
        maxMs: z.number().int(),
        factor: z.number(),
        jitter: z.literal('full'),
      }),
      serverTime: z.iso.datetime(),
    }),
  }),
  z.strictObject({
    type: z.literal('ack'),
    id: z.string(),
    data: z.strictObject({ position: positionSchema, duplicate: z.boolean() }),
  }),
  z.strictObject({
    type: z.literal('typing'),
    data: z.strictObject({ isTyping: z.boolean(), who: z.enum(['agent', 'officer']) }),
  }),
  z.strictObject({
    type: z.literal('delta'),
    data: z.strictObject({ replyId: z.string(), offset: z.number().int().nonnegative(), text: z.string() }),
  }),
  z.strictObject({
    type: z.literal('reply'),
    data: z.strictObject({
      replyId: z.string(),
      phase: z.enum(['started', 'finished', 'aborted']),
      reason: z.enum(['cancelled', 'failed', 'put_off']).optional(),
    }),
  }),
  z.strictObject({
    type: z.literal('history'),
    id: z.string().optional(),
    data: z.strictObject({ items: z.array(v1DurableSchema), complete: z.boolean() }),
  }),
  z.strictObject({ type: z.literal('error'), id: z.string().optional(), error: z.string(), data: errorData }),
  z.strictObject({
    type: z.literal('drain'),
    data: z.strictObject({ reconnectAfterMs: z.number().int(), deadlineMs: z.number().int() }),
  }),
  z.strictObject({
    type: z.literal('pong'),
    data: z.strictObject({ t: z.number().optional(), serverTime: z.iso.datetime() }),
  }),
]);
export type V1ServerFrame = z.infer<typeof v1ServerFrameSchema>;
export type V1Frame<T extends V1ServerFrame['type']> = Extract<V1ServerFrame, { type: T }>;

/** An error as a frame; `id` names the client's frame that it answers. */
export const v1Error = (error: ProtocolError, id?: string): V1Frame<'error'> => {
  const { code, message, retryAfterMs, field, ref } = error;
  const data: V1Frame<'error'>['data'] = { error: message, code, retryable: errorDefinitions[code].retryable };
  if (retryAfterMs !== undefined) data.retryAfterMs = retryAfterMs;
  if (field !== undefined) data.field = field;
  if (ref !== undefined) data.ref = ref;
  return { type: 'error', ...(id === undefined ? {} : { id }), error: message, data };
};

export const v1Ack = (id: string, position: string, duplicate: boolean): V1Frame<'ack'> => ({
  type: 'ack',
  id,
  data: { position, duplicate },
});

export const v1History = (
  id: string | undefined,
  page: { readonly items: readonly V1DurableFrame[]; readonly complete: boolean },
): V1Frame<'history'> => ({
  type: 'history',
  ...(id === undefined ? {} : { id }),
  data: { items: [...page.items], complete: page.complete },
});

export const v1Pong = (t: number | undefined, now: number): V1Frame<'pong'> => ({
  type: 'pong',
  data: { ...(t === undefined ? {} : { t }), serverTime: new Date(now).toISOString() },
});
