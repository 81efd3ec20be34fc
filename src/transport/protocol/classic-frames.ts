import { z } from 'zod';
import { quickReplySchema, sessionStateSchema } from '../../events/catalogue/session.js';
import { errorCodeList } from './codes.js';

// The classic profile (protocol.md, rules L1 to L7): what clients in the field send and understand.

/** One attached file. Name, type and size are what the client says; the content decides (src/evidence/inspect.ts). */
export const classicMediaSchema = z.object({
  name: z.string().nullish(),
  type: z.string().nullish(),
  size: z.number().nonnegative().nullish(),
  /** Base64, with or without a `data:…;base64,` prefix. */
  data: z.string(),
});

/** The `data` of the documented shape, and the whole frame of the flat shape. Unknown keys are dropped. */
export const classicMessageSchema = z.object({
  message: z.string().nullish(),
  sessionId: z.string().nullish(),
  media: z.array(classicMediaSchema).nullish(),
});

export interface ClassicMedia {
  readonly name: string;
  readonly type: string;
  /** Size in bytes as declared, or null. */
  readonly size: number | null;
  /** Base64 without prefix. */
  readonly data: string;
}

/** A frame of a classic client after decoding. `sessionId: null` means the socket's own. */
export interface ClassicFrame {
  readonly kind: 'message';
  readonly text: string;
  readonly sessionId: string | null;
  readonly media: readonly ClassicMedia[];
  /** Names of the files that came beyond the limit of one message, the first hundred. */
  readonly leftOut: readonly string[];
  /** The client's own id of the message (additive): a retry with the same id is not recorded twice. */
  readonly clientMessageId: string | undefined;
}

const errorDetails = {
  code: z.enum(errorCodeList as [string, ...string[]]),
  retryable: z.boolean(),
  retryAfterMs: z.number().int().nonnegative().optional(),
  field: z.string().optional(),
  ref: z.string().optional(),
  /** Whether the message that this answers was kept: its text need not be sent again, or must be. Absent: not known. */
  kept: z.boolean().optional(),
  /** The client's own id of that message, when it sent one. */
  inReplyTo: z.string().optional(),
  /** Files of that message that were not kept. */
  files: z.array(z.strictObject({ name: z.string(), code: z.string() })).optional(),
};

export const classicServerMessageSchema = z.strictObject({
  type: z.literal('message'),
  data: z.strictObject({
    message: z.string(),
    sessionId: z.string(),
    state: sessionStateSchema,
    trackingNumber: z.string().optional(),
    // Additive: old clients do not look at these.
    messageId: z.string().optional(),
    role: z.enum(['agent', 'officer']).optional(),
    quickReplies: z.array(quickReplySchema).optional(),
    /** The client's own id of the message that this answers, when it sent one. */
    inReplyTo: z.string().optional(),
  }),
});

export const classicServerTypingSchema = z.strictObject({
  type: z.literal('typing'),
  data: z.strictObject({ isTyping: z.boolean(), sessionId: z.string() }),
});

export const classicServerStatusSchema = z.strictObject({
  type: z.literal('status'),
  data: z.strictObject({
    sessionId: z.string(),
    state: sessionStateSchema,
    trackingNumber: z.string().optional(),
  }),
});

/** The only frame with a top-level `error` (L3): the field client shows exactly that. */
export const classicServerErrorSchema = z.strictObject({
  type: z.literal('error'),
  error: z.string(),
  data: z.strictObject({
    error: z.string(),
    sessionId: z.string(),
    /** Only where the state has just become another one: `error` after an answer that could not be made. */
    state: sessionStateSchema.optional(),
    ...errorDetails,
  }),
});

export const classicServerFrameSchema = z.discriminatedUnion('type', [
  classicServerMessageSchema,
  classicServerTypingSchema,
  classicServerStatusSchema,
  classicServerErrorSchema,
]);
export type ClassicServerFrame = z.infer<typeof classicServerFrameSchema>;
