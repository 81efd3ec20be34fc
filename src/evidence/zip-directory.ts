// Reads only the table of contents at the end of a zip, never unpacks (security.md row 19).

export interface ZipLimits {
  readonly maxEntries: number;
  readonly maxUnpackedBytes: number;
  /** Unpacked to packed, of the whole archive. */
  readonly maxRatio: number;
}

export const docxZipLimits: ZipLimits = { maxEntries: 2000, maxUnpackedBytes: 256 * 2 ** 20, maxRatio: 120 };

export type ZipVerdict =
  | { readonly ok: true; readonly names: ReadonlySet<string> }
  | { readonly ok: false; readonly why: 'damaged' | 'bomb' | 'path' | 'symlink' | 'encrypted' };

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const MAX_COMMENT_BYTES = 65_535;
const UNIX_SYMLINK = 0xa000;

const no = (why: Extract<ZipVerdict, { ok: false }>['why']): ZipVerdict => ({ ok: false, why });

const findEnd = (bytes: Buffer): number => {
  const lowest = Math.max(0, bytes.length - END_BYTES - MAX_COMMENT_BYTES);
  for (let at = bytes.length - END_BYTES; at >= lowest; at -= 1)
    if (bytes.readUInt32LE(at) === END_SIGNATURE) return at;
  return -1;
};

const escapes = (name: string): boolean =>
  name.startsWith('/') ||
  name.includes('\\') ||
  name.includes('\0') ||
  /^[a-z]:/i.test(name) ||
  name.split('/').includes('..');

interface Entry {
  readonly name: string;
  readonly packed: number;
  readonly unpacked: number;
  readonly encrypted: boolean;
  readonly symlink: boolean;
  readonly next: number;
}

const readEntry = (bytes: Buffer, at: number, end: number): Entry | null => {
  if (at + ENTRY_BYTES > end || bytes.readUInt32LE(at) !== ENTRY_SIGNATURE) return null;
  const nameEnd = at + ENTRY_BYTES + bytes.readUInt16LE(at + 28);
  const next = nameEnd + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  if (next > end) return null;
  return {
    name: bytes.toString('utf8', at + ENTRY_BYTES, nameEnd),
    packed: bytes.readUInt32LE(at + 20),
    unpacked: bytes.readUInt32LE(at + 24),
    encrypted: (bytes.readUInt16LE(at + 8) & 1) === 1,
    symlink: ((bytes.readUInt32LE(at + 38) >>> 16) & 0xf000) === UNIX_SYMLINK,
    next,
  };
};

/** Names of the entries, or why the archive is not to be trusted: too many entries, too much inside, names that climb out. */
export const readZipDirectory = (bytes: Buffer, limits: ZipLimits): ZipVerdict => {
  const end = bytes.length < END_BYTES ? -1 : findEnd(bytes);
  if (end === -1) return no('damaged');
  const count = bytes.readUInt16LE(end + 10);
  // 0xffff announces zip64, which no document of this size needs.
  if (count > limits.maxEntries) return no('bomb');
  const names = new Set<string>();
  let [at, packed, unpacked] = [bytes.readUInt32LE(end + 16), 0, 0];
  for (let i = 0; i < count; i += 1) {
    const entry = readEntry(bytes, at, end);
    if (entry === null) return no('damaged');
    if (entry.encrypted) return no('encrypted');
    if (entry.symlink) return no('symlink');
    if (escapes(entry.name)) return no('path');
    names.add(entry.name);
    packed += entry.packed;
    unpacked += entry.unpacked;
    at = entry.next;
  }
  // More packed bytes than the file has: entries overlap, as in a bomb without nesting.
  const overlapping = packed > bytes.length;
  const dense = unpacked > Math.max(packed, 1) * limits.maxRatio && unpacked > 2 ** 20;
  return overlapping || dense || unpacked > limits.maxUnpackedBytes ? no('bomb') : { ok: true, names };
};
