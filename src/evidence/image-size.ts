/** Width times height as the header says, without decoding anything; null when it says nothing. */
export const pixelsOf = (bytes: Buffer, mimeType: string): number | null => {
  switch (mimeType) {
    case 'image/png':
      return ofPng(bytes);
    case 'image/jpeg':
      return ofJpeg(bytes);
    case 'image/webp':
      return ofWebp(bytes);
    case 'image/heic':
      return ofHeic(bytes);
    default:
      return null;
  }
};

const ofPng = (bytes: Buffer): number | null =>
  bytes.length >= 24 && bytes.toString('latin1', 12, 16) === 'IHDR'
    ? bytes.readUInt32BE(16) * bytes.readUInt32BE(20)
    : null;

/** Walks the segments up to the frame header (SOF0 to SOF15 without DHT, JPG and DAC). */
const ofJpeg = (bytes: Buffer): number | null => {
  for (let at = 2; at + 9 < bytes.length;) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
    } else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return bytes.readUInt16BE(at + 5) * bytes.readUInt16BE(at + 7);
    } else if (marker === 0xd8 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      at += 2;
    } else {
      at += 2 + Math.max(2, bytes.readUInt16BE(at + 2));
    }
  }
  return null;
};

const ofWebp = (bytes: Buffer): number | null => {
  if (bytes.length < 30) return null;
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return (bytes.readUInt16LE(26) & 0x3fff) * (bytes.readUInt16LE(28) & 0x3fff);
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21);
      return ((bits & 0x3fff) + 1) * (((bits >>> 14) & 0x3fff) + 1);
    }
    case 'VP8X':
      return (bytes.readUIntLE(24, 3) + 1) * (bytes.readUIntLE(27, 3) + 1);
    default:
      return null;
  }
};

const HEIC_HEADER_BYTES = 256 * 1024;
const MAX_PROPERTIES = 256;

/** The largest of the spatial extents (`ispe` properties): tiles have one too, the whole picture has the largest. */
const ofHeic = (bytes: Buffer): number | null => {
  const head = bytes.subarray(0, HEIC_HEADER_BYTES);
  let largest: number | null = null;
  let at = head.indexOf('ispe', 0, 'latin1');
  for (let seen = 0; at !== -1 && at + 16 <= head.length && seen < MAX_PROPERTIES; seen += 1) {
    largest = Math.max(largest ?? 0, head.readUInt32BE(at + 8) * head.readUInt32BE(at + 12));
    at = head.indexOf('ispe', at + 4, 'latin1');
  }
  return largest;
};
