import { z } from 'zod';
import type { ClassicMedia } from './classic-frames.js';
import { parseJson } from './json.js';
import { protocolError, type ProtocolError } from './result.js';

// What a client of `leoma.chat.v1` may send (PROTOCOL.md). Unknown keys are dropped; unknown types are answered.

export interface V1Limits {
  readonly v1FrameBytes: number;
  readonly maxJsonDepth: number;
  readonly maxMessageChars: number;
  readonly maxFilesPerMessage: number;
}

/** A file that lies here already (POST /api/uploads). */
export interface UploadedMedia {
  readonly uploadId: string;
}
export type V1Media = UploadedMedia | ClassicMedia;

export type V1ClientFrame =
  | {
      readonly type: 'hello';
      /** Null: it came with the subprotocols. */
      readonly token: string | null;
      readonly resume: string | null;
      readonly client: string | null;
      readonly wantsDelta: boolean;
    }
  | {
      readonly type: 'message';
      readonly id: string;
      readonly text: string;
      readonly media: readonly V1Media[];
      readonly sessionId: string | null;
    }
  | { readonly type: 'typing'; readonly isTyping: boolean }
  | { readonly type: 'read'; readonly position: string }
  | { readonly type: 'cancel'; readonly id: string | undefined; readonly replyId: string }
  | {
      readonly type: 'history';
      readonly id: string | undefined;
      readonly before: string | null;
      readonly limit: number;
    }
  | { readonly type: 'ping'; readonly t: number | undefined }
  | { readonly type: 'bye' };

/** `id` is that of the refused frame, where it could be read, so that the answer can name it. */
export type V1Decoded =
  | { readonly ok: true; readonly frame: V1ClientFrame }
  | {
      readonly ok: false;
      readonly error: ProtocolError;
      readonly id: string | undefined;
      /** It is no frame at all; a client that sends such again and again speaks something else. */
      readonly unreadable: boolean;
    };

/** Characters of base64 of a file inside a message; larger ones are uploaded over HTTP. */
export const MAX_INLINE_CHARS = 32 * 1024;
export const MAX_HISTORY = 100;
const MAX_TOKEN_CHARS = 8192;

const idSchema = z.string().regex(/^[\x21-\x7e]{1,64}$/);
const positionSchema = z.string().max(64);
/** Any word: one that names no reply is as good as one of a reply that is over (`conflict`). */
const replyIdSchema = z.string().max(64);

const mediaSchema = z.union([
  z.object({ uploadId: z.uuid() }),
  z.object({
    name: z.string().max(512).nullish(),
    type: z.string().max(512).nullish(),
    size: z.number().nonnegative().nullish(),
    data: z.string(),
  }),
]);

/** The schemas of all frames that a client sends; the JSON Schema in the documentation is made from them. */
export const v1ClientSchemas = {
  hello: z.object({
    type: z.literal('hello'),
    data: z.object({
      token: z.string().max(MAX_TOKEN_CHARS).optional(),
      resume: z.object({ position: positionSchema }).nullish(),
      client: z
        .object({ name: z.string().max(100), version: z.string().max(40) })
        .nullish()
        .catch(null),
      want: z.array(z.string().max(40)).max(20).optional(),
    }),
  }),
  message: z.object({
    type: z.literal('message'),
    id: idSchema,
    data: z.object({
      message: z.string().nullish(),
      media: z.array(mediaSchema).nullish(),
      sessionId: z.string().max(64).nullish(),
    }),
  }),
  typing: z.object({ type: z.literal('typing'), data: z.object({ isTyping: z.boolean() }) }),
  read: z.object({ type: z.literal('read'), data: z.object({ position: positionSchema }) }),
  cancel: z.object({ type: z.literal('cancel'), id: idSchema.optional(), data: z.object({ replyId: replyIdSchema }) }),
  history: z.object({
    type: z.literal('history'),
    id: idSchema.optional(),
    data: z.object({ before: positionSchema.optional(), limit: z.number().int().min(1).optional() }).optional(),
  }),
  ping: z.object({ type: z.literal('ping'), data: z.object({ t: z.number().optional() }).optional() }),
  bye: z.object({ type: z.literal('bye') }),
} as const;

type Schemas = typeof v1ClientSchemas;
type Wire = { [T in keyof Schemas]: z.infer<Schemas[T]> };

const isKnown = (type: string): type is keyof Schemas => Object.hasOwn(v1ClientSchemas, type);

const refuse = (error: ProtocolError, id?: string): V1Decoded => ({ ok: false, error, id, unreadable: false });
const refuseUnreadable = (error: ProtocolError, id?: string): V1Decoded => ({ ok: false, error, id, unreadable: true });

const toMedia = (item: z.infer<typeof mediaSchema>): V1Media =>
  'uploadId' in item
    ? { uploadId: item.uploadId }
    : { name: item.name ?? '', type: item.type ?? '', size: item.size ?? null, data: item.data };

const toMessage = ({ id, data }: Wire['message'], limits: V1Limits): V1Decoded => {
  const text = data.message ?? '';
  const media = (data.media ?? []).map(toMedia);
  if (text.length > limits.maxMessageChars) return refuse(protocolError('message_too_long', { field: 'message' }), id);
  if (media.some((item) => 'data' in item && item.data.length > MAX_INLINE_CHARS))
    return refuse(protocolError('file_too_large', { field: 'media', message: 'Upload files of this size first.' }), id);
  if (text.trim() === '' && media.length === 0) return refuse(protocolError('message_empty', { field: 'message' }), id);
  return { ok: true, frame: { type: 'message', id, text, media, sessionId: data.sessionId ?? null } };
};

const toFrame = (wire: Wire[keyof Wire], limits: V1Limits): V1Decoded => {
  switch (wire.type) {
    case 'hello': {
      const { token, resume, client, want = [] } = wire.data;
      const name = client === null || client === undefined ? null : `${client.name}/${client.version}`;
      const wantsDelta = want.includes('delta');
      const from = resume?.position ?? null;
      return {
        ok: true,
        frame: { type: 'hello', token: token ?? null, resume: from, client: name, wantsDelta },
      };
    }
    case 'message':
      return toMessage(wire, limits);
    case 'typing':
      return { ok: true, frame: { type: 'typing', isTyping: wire.data.isTyping } };
    case 'read':
      return { ok: true, frame: { type: 'read', position: wire.data.position } };
    case 'cancel':
      return { ok: true, frame: { type: 'cancel', id: wire.id, replyId: wire.data.replyId } };
    case 'history': {
      const { before, limit = MAX_HISTORY } = wire.data ?? {};
      const frame = {
        type: 'history',
        id: wire.id,
        before: before ?? null,
        limit: Math.min(limit, MAX_HISTORY),
      } as const;
      return { ok: true, frame };
    }
    case 'ping':
      return { ok: true, frame: { type: 'ping', t: wire.data?.t } };
    case 'bye':
      return { ok: true, frame: { type: 'bye' } };
  }
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const own = (value: unknown, key: string): unknown =>
  isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;

/** Checks one frame that was parsed already. Never throws. @see decodeV1Frame */
export const readV1Frame = (value: unknown, limits: V1Limits): V1Decoded => {
  const known = idSchema.safeParse(own(value, 'id'));
  const id = known.success ? known.data : undefined;
  const type = own(value, 'type');
  if (typeof type !== 'string') return refuseUnreadable(protocolError('bad_frame', { field: 'type' }), id);
  if (!isKnown(type)) return refuse(protocolError('unsupported_type', { field: 'type' }), id);
  const media = own(own(value, 'data'), 'media');
  if (type === 'message' && Array.isArray(media) && media.length > limits.maxFilesPerMessage)
    return refuse(protocolError('too_many_files', { field: 'media' }), id);
  const parsed = v1ClientSchemas[type].safeParse(value);
  if (parsed.success) return toFrame(parsed.data, limits);
  const path = parsed.error.issues[0]?.path.filter((part) => typeof part === 'string').join('.') ?? '';
  return refuse(protocolError('bad_frame', path === '' ? {} : { field: path }), id);
};

/** The one decoder of the resumable profile: text of a frame to a typed frame or a typed error. Never throws. */
export const decodeV1Frame = (text: string, limits: V1Limits): V1Decoded => {
  const json = parseJson(text, { maxBytes: limits.v1FrameBytes, maxDepth: limits.maxJsonDepth });
  return json.ok ? readV1Frame(json.value, limits) : refuseUnreadable(json.error);
};
