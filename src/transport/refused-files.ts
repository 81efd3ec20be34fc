import { readFileName } from '../evidence/file-name.js';
import type { EvidenceRefusal } from '../evidence/refusal.js';

/** A file that was not kept. The name goes to its sender only: never into the log. */
export interface RefusedFile {
  /** Cleaned for display; empty when it came without one. */
  readonly name: string;
  readonly code: EvidenceRefusal['code'] | 'too_many_files';
  /** Why, in a sentence for the citizen. */
  readonly reason: string;
}

const MAX_SHOWN_CHARS = 60;
/** Names in one notice; a citizen reads no longer list. */
const MAX_NAMED = 10;

/** What the citizen can do. */
const advice: Readonly<Record<RefusedFile['code'], string>> = {
  file_too_large: 'Please send a smaller one, such as a photo of it.',
  file_size_mismatch: '',
  file_type_rejected: 'Please send it in another form, such as a photo, or say in words what it shows.',
  quota_exceeded: 'Please say in words what it shows.',
  too_many_files: 'Please send the rest in another message.',
  session_closed: '',
  busy: '',
};

/** @param given the file's name as its sender gave it */
export const refusedFile = (given: string, code: RefusedFile['code'], reason: string): RefusedFile => ({
  name: readFileName(given).display,
  code,
  reason,
});

/** Refusals that concern the file alone: the text beside it can be kept. The others are refusals of the message. */
export const isAboutFile = ({ code }: Pick<RefusedFile, 'code'>): boolean =>
  code !== 'session_closed' && code !== 'busy';

const shown = ({ name }: RefusedFile): string => {
  if (name === '') return 'without a name';
  return `“${name.length > MAX_SHOWN_CHARS ? `${name.slice(0, MAX_SHOWN_CHARS)}…` : name}”`;
};

const listed = (files: readonly RefusedFile[]): string => {
  const names = files.slice(0, MAX_NAMED).map(shown).join(', ');
  const rest = files.length - MAX_NAMED;
  return rest > 0 ? `${names} and ${rest} more` : names;
};

const whatWasKept = (kept: { readonly text: boolean; readonly files: boolean }): string => {
  if (kept.text) return 'Your text was kept, you need not send it again. ';
  return kept.files ? 'The other files were kept. ' : '';
};

/** Says in plain words which files were not kept, why, what became of the rest of the message, and what to do. */
export const noticeOf = (
  refused: readonly RefusedFile[],
  kept: { readonly text: boolean; readonly files: boolean },
): string => {
  const byReason = new Map<string, RefusedFile[]>();
  for (const file of refused) byReason.set(file.reason, [...(byReason.get(file.reason) ?? []), file]);
  const sentences = [...byReason].map(([reason, files]) => {
    const [first] = files;
    const what = files.length === 1 ? `The file ${listed(files)} was` : `The files ${listed(files)} were`;
    return `${what} not kept: ${reason} ${first === undefined ? '' : advice[first.code]}`.trim();
  });
  return `${whatWasKept(kept)}${sentences.join(' ')}`;
};
