import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface FormFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** What a light form can hold: texts, and at most one file. */
export interface LiteForm {
  readonly field: (name: string) => string;
  readonly file: FormFile | null;
}

interface Part {
  readonly name: string;
  /** Undefined for a text field; empty when no file was chosen. */
  readonly fileName: string | undefined;
  readonly type: string;
  readonly bytes: Buffer;
}

const MAX_PARTS = 20;
const MAX_PART_HEADER_BYTES = 2048;

/** Texts stand before the file: of what is too large this much is kept, so that they can be shown again. */
const KEPT_BYTES = 256 * 1024;
/** A text that is too long for a message is shown again whole: what is cut here nobody gets back. */
const MAX_FIELD_CHARS = KEPT_BYTES;
/** So many times too large: the rest is not even listened to. */
const MAX_TIMES = 4;

interface Body {
  readonly bytes: Buffer;
  readonly isWhole: boolean;
}

/** Hears out what is somewhat too large: a browser shows no answer before it has sent everything. */
const readBody = async (request: IncomingMessage, maxBytes: number): Promise<Body> => {
  const most = maxBytes * MAX_TIMES;
  if (Number(request.headers['content-length'] ?? 0) > most) return { bytes: Buffer.alloc(0), isWhole: false };
  const chunks: Buffer[] = [];
  let size = 0;
  let kept = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) break;
    if (size > maxBytes && kept > KEPT_BYTES) continue;
    kept += chunk.length;
    chunks.push(chunk);
  }
  return { bytes: Buffer.concat(chunks), isWhole: size <= maxBytes };
};

/** A parameter of Content-Disposition; browsers write `"` and line ends in it as `%22`, `%0D` and `%0A` (HTML standard). */
const parameter = (headers: string, name: string): string | undefined =>
  new RegExp(`^content-disposition:[^\r\n]*;\\s*${name}="([^"]*)"`, 'im')
    .exec(headers)?.[1]
    ?.replace(/%(22|0D|0A)/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));

const readPart = (part: Buffer): Part | null => {
  const end = part.indexOf('\r\n\r\n');
  if (end < 0 || end > MAX_PART_HEADER_BYTES) return null;
  const headers = part.subarray(0, end).toString('utf8');
  const name = parameter(headers, 'name');
  if (name === undefined) return null;
  const type = /^content-type:\s*([^\r\n]*)/im.exec(headers)?.[1] ?? '';
  return { name, fileName: parameter(headers, 'filename'), type, bytes: part.subarray(end + 4) };
};

/**
 * The parts of a multipart body (RFC 7578) that is in memory; null when it has another form.
 * @param isWhole false: the end is missing, and the parts before are given
 */
export const readParts = (body: Buffer, boundary: string, isWhole = true): readonly Part[] | null => {
  const line = Buffer.from(`--${boundary}`);
  if (!body.subarray(0, line.length).equals(line)) return null;
  const between = Buffer.concat([Buffer.from('\r\n'), line]);
  const parts: Part[] = [];
  for (let at = line.length; parts.length < MAX_PARTS;) {
    if (body.subarray(at, at + 2).toString('latin1') === '--') return parts;
    const end = body.indexOf(between, at);
    if (end < 0 && !isWhole) return parts;
    const part = end < 0 ? null : readPart(body.subarray(at + 2, end));
    if (part === null) return null;
    parts.push(part);
    at = end + between.length;
  }
  return null;
};

const formOf = (parts: readonly Part[]): LiteForm => {
  const chosen = parts.find(({ fileName, bytes }) => fileName !== undefined && bytes.length > 0);
  return {
    field: (name) => {
      const part = parts.find((one) => one.name === name && one.fileName === undefined);
      return (part?.bytes.toString('utf8') ?? '').slice(0, MAX_FIELD_CHARS).replaceAll('\r\n', '\n');
    },
    file: chosen === undefined ? null : { name: chosen.fileName ?? '', type: chosen.type, bytes: chosen.bytes },
  };
};

/** A form that was read, and why it is not taken all the same: then it has the texts that came first. */
export interface ReadForm {
  readonly form: LiteForm;
  readonly refusal: 'payload_too_large' | 'unsupported_media_type' | 'bad_request' | null;
}

const noForm = formOf([]);

/**
 * Reads a posted form, as browsers without a script send it.
 * @param maxBytes of the whole body
 */
export const readForm = async (request: IncomingMessage, maxBytes: number): Promise<ReadForm> => {
  const type = request.headers['content-type'] ?? '';
  const boundary = /^multipart\/form-data;.*\bboundary="?([^";\s]{1,70})"?/i.exec(type)?.[1];
  if (boundary === undefined && !/^application\/x-www-form-urlencoded\b/i.test(type))
    return { form: noForm, refusal: 'unsupported_media_type' };
  const { bytes, isWhole } = await readBody(request, maxBytes);
  const refusal = isWhole ? null : 'payload_too_large';
  if (boundary !== undefined) {
    const parts = readParts(bytes, boundary, isWhole);
    return parts === null ? { form: noForm, refusal: refusal ?? 'bad_request' } : { form: formOf(parts), refusal };
  }
  const fields = [...new URLSearchParams(bytes.toString('utf8'))].slice(0, MAX_PARTS);
  const parts = fields.map(([name, text]) => ({ name, fileName: undefined, type: '', bytes: Buffer.from(text) }));
  return { form: formOf(parts), refusal };
};

/**
 * Under which id what was written is recorded. Each page has an id of its own in its form: sent twice (a double tap, "reload") it
 * is one message. Who goes back to an old page and writes something else there sends another one: the words count too.
 * @param id as the form carries it; undefined is given for one that is none
 */
export const contentId = (id: string, text: string, file?: Buffer): string | undefined =>
  /^[\x21-\x7e]{1,64}$/.test(id)
    ? createHash('sha256')
        .update(JSON.stringify([id, text]))
        .update(file ?? '')
        .digest('hex')
    : undefined;
