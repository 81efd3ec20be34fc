import { errorDefinitions } from '../../protocol/codes.js';
import type { ProtocolError } from '../../protocol/result.js';
import type { LiteForm } from './form.js';
import { noTrouble } from './page.js';
import { problemWords } from './problem-words.js';
import { unsentView, type Unsent } from './views.js';
import { contextOf, sayWhen, sendPage, type Visit } from './visit.js';
import { liteWords } from './words.js';

const MAX_ID_CHARS = 64;

export const nothingUnsent: Unsent = { ...noTrouble, text: '', id: '' };

/** While the conversation cannot be read: why, and what was written. @param token of the form in which that came */
export const showUnsent = (visit: Visit, unsent: Unsent, error: ProtocolError, token?: string): void => {
  const context = contextOf(visit);
  const problem = unsent.problem ?? problemWords(visit.language, error);
  sayWhen(visit.response, error);
  sendPage(
    visit,
    unsentView({ ...context, formToken: token ?? context.formToken }, { ...unsent, problem }),
    errorDefinitions[error.code].http,
  );
};

const fileCodes: readonly string[] = [
  ...['file_too_large', 'file_size_mismatch', 'file_type_rejected', 'file_infected', 'quota_exceeded'],
  'too_many_files',
];
/** Which field of the form an error is about; null: none of them. */
const fieldOf = (code: ProtocolError['code']): string | null => {
  if (code === 'message_empty' || code === 'message_too_long') return 'message';
  return fileCodes.includes(code) ? 'file' : null;
};

/** What was written, as the page shows it again. No page can put a file back into its field. */
export const unsentOf = (
  language: Visit['language'],
  form: LiteForm,
  problem: string,
  field: string | null,
): Unsent => ({
  problem: form.file === null || field === 'file' ? problem : `${problem} ${liteWords[language].fileAgain}`,
  field,
  text: form.field('message') === '' ? form.field('quick') : form.field('message'),
  id: form.field('id').slice(0, MAX_ID_CHARS),
});

/** The form once more, with what an error says. */
export const unsentFor = (language: Visit['language'], form: LiteForm, error: ProtocolError): Unsent =>
  unsentOf(language, form, problemWords(language, error), fieldOf(error.code));
