import { classicMessageSchema, type ClassicFrame, type ClassicMedia } from './classic-frames.js';
import { parseJson } from './json.js';
import { fail, ok, protocolError, type ProtocolError, type Result } from './result.js';

export interface ClassicLimits {
  readonly maxClassicFrameBytes: number;
  readonly maxJsonDepth: number;
  readonly maxMessageChars: number;
  readonly maxFilesPerMessage: number;
}

const MAX_NAME_CHARS = 512;
const clientMessageId = /^[\x21-\x7e]{1,64}$/;
const dataUrlPrefix = /^data:[^,]{0,256},/;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An own property, never an inherited one: keys such as `__proto__` or `constructor` are data like any other. */
const own = (value: Record<string, unknown>, key: string): unknown =>
  Object.hasOwn(value, key) ? value[key] : undefined;

/** `data:<type>;base64,<data>` or bare base64 becomes bare base64. */
export const withoutDataUrlPrefix = (data: string): string => {
  const prefix = data.startsWith('data:') ? dataUrlPrefix.exec(data.slice(0, 300)) : null;
  return prefix === null ? data : data.slice(prefix[0].length);
};

type ClassicBody = Pick<ClassicFrame, 'text' | 'sessionId' | 'media' | 'leftOut'>;

/** Names of refused files that are told; a list of thousands helps nobody. */
const MAX_LEFT_OUT = 100;

const nameIn = (item: unknown): string => {
  const name = isObject(item) ? own(item, 'name') : undefined;
  return typeof name === 'string' ? name.slice(0, MAX_NAME_CHARS) : '';
};

/** Takes out the files beyond the limit before anything looks at them: only their names are still needed. */
const withinLimit = (body: unknown, most: number): { readonly body: unknown; readonly leftOut: readonly string[] } => {
  const media = isObject(body) ? own(body, 'media') : undefined;
  if (!isObject(body) || !Array.isArray(media) || media.length <= most) return { body, leftOut: [] };
  const given: readonly unknown[] = media;
  return {
    body: { ...body, media: given.slice(0, most) },
    leftOut: given.slice(most, most + MAX_LEFT_OUT).map(nameIn),
  };
};

/**
 * Checks text and files of a message, in the documented or the flat shape, or of the predecessor's REST body.
 * Tolerates what rule L1 lists: `sessionId` and `media` null or missing, empty text with files, extra keys.
 */
export const readClassicMessage = (
  body: unknown,
  limits: Omit<ClassicLimits, 'maxClassicFrameBytes' | 'maxJsonDepth'>,
): Result<ClassicBody, ProtocolError> => {
  const { body: taken, leftOut } = withinLimit(body, limits.maxFilesPerMessage);
  const parsed = classicMessageSchema.safeParse(taken);
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.filter((part) => typeof part === 'string').join('.');
    return fail(protocolError('bad_frame', field === undefined || field === '' ? {} : { field }));
  }
  const text = parsed.data.message ?? '';
  if (text.length > limits.maxMessageChars) return fail(protocolError('message_too_long', { field: 'message' }));
  const media = (parsed.data.media ?? []).map((item): ClassicMedia => ({
    name: (item.name ?? '').slice(0, MAX_NAME_CHARS),
    type: (item.type ?? '').slice(0, MAX_NAME_CHARS),
    size: item.size ?? null,
    data: withoutDataUrlPrefix(item.data),
  }));
  if (text.trim() === '' && media.length + leftOut.length === 0)
    return fail(protocolError('message_empty', { field: 'message' }));
  const sessionId = parsed.data.sessionId;
  return ok({ text, sessionId: sessionId === undefined || sessionId === '' ? null : sessionId, media, leftOut });
};

/**
 * The one decoder of the classic profile: text of a frame to a typed frame or a typed error. Accepts the documented shape
 * `{type:'message', data:{…}}` and the flat shape `{message, sessionId, media}` (protocol.md, L1). Never throws.
 */
export const decodeClassicFrame = (text: string, limits: ClassicLimits): Result<ClassicFrame, ProtocolError> => {
  const json = parseJson(text, { maxBytes: limits.maxClassicFrameBytes, maxDepth: limits.maxJsonDepth });
  if (!json.ok) return json;
  if (!isObject(json.value)) return fail(protocolError('bad_frame'));
  const type = own(json.value, 'type');
  if (type !== undefined && type !== null && type !== 'message')
    return fail(protocolError(typeof type === 'string' ? 'unsupported_type' : 'bad_frame', { field: 'type' }));
  const data = own(json.value, 'data');
  const body = readClassicMessage(data === undefined || data === null ? json.value : data, limits);
  if (!body.ok) return body;
  const id = own(json.value, 'id');
  const known = typeof id === 'string' && clientMessageId.test(id) ? id : undefined;
  return ok({ kind: 'message', ...body.value, clientMessageId: known });
};
