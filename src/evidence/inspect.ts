import { fileTypeFromBuffer } from 'file-type';
import { readFileName } from './file-name.js';
import type { EvidenceType } from './file-types.js';
import { pixelsOf } from './image-size.js';
import { hasActiveContent } from './pdf-actions.js';
import { refused, taken, type Checked } from './refusal.js';
import { docxZipLimits, readZipDirectory } from './zip-directory.js';

/** Enough for every signature; the recogniser never walks through the rest of a hostile file. */
const HEAD_BYTES = 4100;
/** 250 megapixels: more than any phone, less than a bomb. */
const MAX_IMAGE_PIXELS = 250_000_000;

export interface Inspected {
  /** Cleaned for display. */
  readonly name: string;
  readonly mimeType: string;
}

const rejected = (why: string): Checked<never> => refused('file_type_rejected', why);

const KINDS = 'Photos (JPG, PNG, WebP, HEIC), PDF and Word documents and voice notes can be taken.';

const sniff = async (bytes: Buffer): Promise<string | undefined> => {
  // A long ID3 tag (a cover picture) would hide the sound from the recogniser.
  if (bytes.toString('latin1', 0, 3) === 'ID3') return 'audio/mpeg';
  return (await fileTypeFromBuffer(bytes.subarray(0, HEAD_BYTES)))?.mime;
};

const isPicture = (type: EvidenceType): boolean => type.mimeType.startsWith('image/');

/** What the type alone does not tell. Gives a reason to refuse, or null. */
const fault = async (type: EvidenceType, bytes: Buffer): Promise<string | null> => {
  if (isPicture(type)) {
    const pixels = pixelsOf(bytes, type.mimeType);
    if (pixels === null || pixels === 0) return 'The picture is damaged.';
    return pixels > MAX_IMAGE_PIXELS ? 'The picture is too large.' : null;
  }
  if (type.extensions.includes('docx')) {
    const zip = readZipDirectory(bytes, docxZipLimits);
    if (!zip.ok) return 'The document is damaged or unusual.';
    if (!zip.names.has('[Content_Types].xml') || !zip.names.has('word/document.xml')) return KINDS;
    return [...zip.names].some((name) => name.endsWith('vbaProject.bin'))
      ? 'Documents with macros cannot be taken.'
      : null;
  }
  const head = bytes.subarray(0, HEAD_BYTES);
  if (type.mimeType === 'application/pdf') {
    if (bytes.toString('latin1', 0, 5) !== '%PDF-') return KINDS;
    return (await hasActiveContent(bytes)) ? 'PDF documents with scripts or programs in them cannot be taken.' : null;
  }
  if (type.mimeType === 'audio/webm')
    return head.includes('V_VP') || head.includes('V_AV1') ? 'Videos cannot be taken.' : null;
  if (type.mimeType === 'audio/mp4') return bytes.includes('vide') ? 'Videos cannot be taken.' : null;
  return null;
};

/** Types that say nothing about the content; browsers use them for files that they do not know. */
const speaksOfNothing = (declared: string): boolean => declared === '' || declared === 'application/octet-stream';

/**
 * Checks that name, declared type and content agree, and that the content is of a kind that is taken (security.md rows 17
 * and 19). A missing extension or declared type says nothing, but one of them must speak. Gives the cleaned name and the
 * type of the content. Never decodes or unpacks the file, but for small parts of a PDF within bounds (pdf-actions.ts).
 */
export const inspectFile = async (
  file: { readonly name: string; readonly declaredType: string; readonly bytes: Buffer },
  types: readonly EvidenceType[],
): Promise<Checked<Inspected>> => {
  if (file.bytes.length === 0) return rejected('The file is empty.');
  const name = readFileName(file.name);
  if (name.deceptive) return rejected('The name of the file is not acceptable.');
  const declared = (file.declaredType.split(';')[0] ?? '').trim().toLowerCase();
  const candidates = types.filter(
    (type) =>
      (name.extension === '' || type.extensions.includes(name.extension)) &&
      (speaksOfNothing(declared) || type.declared.includes(declared)),
  );
  if (candidates.length === 0 || (name.extension === '' && speaksOfNothing(declared))) return rejected(KINDS);
  const sniffed = await sniff(file.bytes);
  const type = candidates.find((candidate) => sniffed !== undefined && candidate.sniffed.includes(sniffed));
  if (type === undefined) return rejected(`The content is not what the name says. ${KINDS}`);
  const why = await fault(type, file.bytes);
  if (why !== null) return rejected(why);
  const fallback = `file.${type.extensions[0] ?? 'bin'}`;
  return taken({ name: name.display === '' ? fallback : name.display, mimeType: type.mimeType });
};
