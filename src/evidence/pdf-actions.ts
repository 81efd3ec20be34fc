import { promisify } from 'node:util';
import { inflate } from 'node:zlib';

// Evidence is opened by officers. A PDF that runs scripts or starts programs is refused like a Word document with macros.
// `/OpenAction` alone is not: most programs write it to say at which page and zoom to open.
//
// Looked at: names in the whole file as it lies there (also written with escapes, `/J#61vaScript`), and names inside object
// streams, where newer files keep their dictionaries. Not seen: what is encrypted, compressed otherwise than by Flate, inside
// attached files, or beyond the bounds below. This is no virus scanner.

const unpack = promisify(inflate);

/** A script needs the first, a program or a command the second, embedded Flash and video players the third. */
const active: ReadonlySet<string> = new Set(['JavaScript', 'Launch', 'RichMedia']);
const firstLetters: ReadonlySet<number> = new Set(Buffer.from('JLR#'));
const MAX_NAME_BYTES = 3 * 'JavaScript'.length;
/** Object streams looked into, what one of them may unpack to, and all of them together. */
const MAX_STREAMS = 200;
const MAX_STREAM_BYTES = 2 * 2 ** 20;
const MAX_UNPACKED_BYTES = 8 * 2 ** 20;
/** A dictionary of an object stream is short: so far before `stream` its type is looked for. */
const DICTIONARY_BYTES = 400;

const SLASH = 0x2f;

/** The name that begins after the slash at `at`, with its escapes read. */
const nameAt = (bytes: Buffer, at: number): string =>
  (/^[^\0-\x20()<>[\]{}/%]*/.exec(bytes.toString('latin1', at + 1, at + 1 + MAX_NAME_BYTES))?.[0] ?? '').replace(
    /#([0-9a-f]{2})/gi,
    (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)),
  );

/** Whether a name can begin at `at`: not in the middle of an address such as `example.org/Launch` in a text. */
const beginsName = (bytes: Buffer, at: number): boolean => {
  const before =
    /[^\0-\x20()<>[\]{}]*$/.exec(bytes.toString('latin1', Math.max(0, at - MAX_NAME_BYTES), at))?.[0] ?? '';
  // Actions say `/S/JavaScript` or `/Subtype/RichMedia` where they save the space between.
  return before === '' || /\/(S|Subtype)$/.test(before) || before.includes('#');
};

const namesActive = (bytes: Buffer): boolean => {
  for (let at = bytes.indexOf(SLASH); at !== -1; at = bytes.indexOf(SLASH, at + 1)) {
    if (firstLetters.has(bytes[at + 1] ?? 0) && active.has(nameAt(bytes, at)) && beginsName(bytes, at)) return true;
  }
  return false;
};

/** The compressed bodies of the object streams, in order. */
function* objectStreams(bytes: Buffer): Generator<Buffer> {
  for (let at = bytes.indexOf('stream'), found = 0; at !== -1 && found < MAX_STREAMS;) {
    const dictionary = bytes.toString('latin1', Math.max(0, at - DICTIONARY_BYTES), at);
    const end = bytes.indexOf('endstream', at);
    if (/\/ObjStm\b(?![\s\S]*endobj)/.test(dictionary) && end !== -1) {
      const start = at + 'stream'.length;
      yield bytes.subarray(bytes[start] === 0x0d ? start + 2 : start + 1, end);
      found += 1;
    }
    at = bytes.indexOf('stream', end === -1 ? bytes.length : end + 'endstream'.length);
  }
}

/** Whether a PDF holds scripts, starts programs or embeds a player, as far as that is cheap to see (bounds above). */
export const hasActiveContent = async (bytes: Buffer): Promise<boolean> => {
  if (namesActive(bytes)) return true;
  let room = MAX_UNPACKED_BYTES;
  for (const packed of objectStreams(bytes)) {
    if (room <= 0) return false;
    const unpacked = await unpack(packed, { maxOutputLength: Math.min(MAX_STREAM_BYTES, room) }).catch(() => null);
    if (unpacked === null) continue; // Damaged, encrypted, or a bomb.
    if (namesActive(unpacked)) return true;
    room -= unpacked.length;
  }
  return false;
};
