// Smallest files of each kind, made in memory for tests.

const text = (value: string): Buffer => Buffer.from(value, 'latin1');
const u16be = (value: number): Buffer => Buffer.from([(value >> 8) & 255, value & 255]);
const u32be = (value: number): Buffer =>
  Buffer.from([value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255]);
const u16 = (value: number): Buffer => Buffer.from([value & 255, (value >> 8) & 255]);
const u32 = (value: number): Buffer => Buffer.from(u32be(value)).reverse();
const u24 = (value: number): Buffer => u32(value).subarray(0, 3);

export const jpeg = (width = 4, height = 3): Buffer =>
  Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]),
    text('JFIF\0\x01\x01\0\0\x01\0\x01\0\0'),
    Buffer.from([0xff, 0xc0, 0, 11, 8]),
    u16be(height),
    u16be(width),
    Buffer.from([1, 1, 0x11, 0, 0xff, 0xd9]),
  ]);

export const png = (width = 4, height = 3): Buffer =>
  Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    u32be(13),
    text('IHDR'),
    u32be(width),
    u32be(height),
    Buffer.from([8, 2, 0, 0, 0, 0, 0, 0, 0]),
    u32be(4),
    text('IDAT'),
    Buffer.alloc(8),
    u32be(0),
    text('IEND'),
    Buffer.alloc(4),
  ]);

export const webp = (width = 4, height = 3): Buffer =>
  Buffer.concat([
    text('RIFF'),
    u32(22),
    text('WEBPVP8X'),
    u32(10),
    Buffer.from([0, 0, 0, 0]),
    u24(width - 1),
    u24(height - 1),
    Buffer.alloc(8),
  ]);

const box = (kind: string, ...content: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(content);
  return Buffer.concat([u32be(body.length + 8), text(kind), body]);
};

export const heic = (width = 4, height = 3): Buffer =>
  Buffer.concat([
    box('ftyp', text('heic'), u32be(0), text('mif1heic')),
    box('meta', u32be(0), box('iprp', box('ipco', box('ispe', u32be(0), u32be(width), u32be(height))))),
  ]);

export const m4a = (): Buffer =>
  Buffer.concat([box('ftyp', text('M4A '), u32be(0), text('M4A mp42')), box('mdat', Buffer.alloc(64))]);

export const pdf = (): Buffer =>
  text('%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n');

export const wordFile = (): Buffer =>
  Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), Buffer.alloc(600)]);

export const mp3 = (): Buffer =>
  Buffer.concat([
    text('ID3\x03\0\0\0\0\0\x0a'),
    Buffer.alloc(10),
    Buffer.from([0xff, 0xfb, 0x90, 0]),
    Buffer.alloc(500),
  ]);

export const ogg = (): Buffer =>
  Buffer.concat([
    text('OggS\0\x02'),
    Buffer.alloc(20),
    Buffer.from([1, 19]),
    text('OpusHead\x01\x01'),
    Buffer.alloc(40),
  ]);

export const wav = (): Buffer =>
  Buffer.concat([text('RIFF'), u32(36), text('WAVEfmt '), u32(16), Buffer.alloc(16), text('data'), u32(0)]);

/** `codec` such as A_OPUS or V_VP9. */
export const webm = (codec: string): Buffer => {
  const docType = Buffer.concat([Buffer.from([0x42, 0x82, 0x84]), text('webm')]);
  const header = Buffer.concat([Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0x80 | docType.length]), docType]);
  return Buffer.concat([header, Buffer.from([0x18, 0x53, 0x80, 0x67, 0xff]), text(codec), Buffer.alloc(64)]);
};

export interface ZipEntry {
  readonly name: string;
  readonly packed?: number;
  readonly unpacked?: number;
  /** Unix mode. */
  readonly mode?: number;
}

/** A zip of empty entries, whose table of contents claims what the test says. */
export const zip = (entries: readonly ZipEntry[]): Buffer => {
  const locals: Buffer[] = [];
  const table: Buffer[] = [];
  let at = 0;
  for (const { name, packed = 0, unpacked = 0, mode = 0o100644 } of entries) {
    const local = Buffer.concat([
      text('PK\x03\x04'),
      u16(20),
      Buffer.alloc(8),
      Buffer.alloc(12),
      u16(name.length),
      u16(0),
      text(name),
    ]);
    table.push(
      Buffer.concat([
        text('PK\x01\x02'),
        u16(0x031e),
        u16(20),
        Buffer.alloc(8),
        u32(0),
        u32(packed),
        u32(unpacked),
        u16(name.length),
        Buffer.alloc(8),
        u32(mode * 65_536),
        u32(at),
        text(name),
      ]),
    );
    locals.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(table);
  const end = Buffer.concat([
    text('PK\x05\x06'),
    u32(0),
    u16(entries.length),
    u16(entries.length),
    u32(directory.length),
    u32(at),
    u16(0),
  ]);
  return Buffer.concat([...locals, directory, end]);
};

export const docx = (more: readonly ZipEntry[] = []): Buffer =>
  zip([{ name: '[Content_Types].xml' }, { name: '_rels/.rels' }, { name: 'word/document.xml' }, ...more]);
