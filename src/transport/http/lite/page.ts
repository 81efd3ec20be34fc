import type { Language } from '../../../events/catalogue/session.js';
import { markup, type Html } from './html.js';
import { liteWords, type LiteWords } from './words.js';

const EXIT_URL = 'https://www.bbc.com/weather';

/** What every light page needs to know. */
export interface LiteContext {
  readonly language: Language;
  /** Names this chat to the script without telling the session; null: none has begun. */
  readonly chatName: string | null;
  /** Hidden field that proves that a form is ours; empty before there is a session. */
  readonly formToken: string;
}

/** The words of the page's language. */
export const wordsOf = ({ language }: LiteContext): LiteWords => liteWords[language];
/** Keeps the language in an address. */
export const queryOf = ({ language }: LiteContext): string => (language === 'en' ? '' : `?lang=${language}`);

/** For the chat, which has a language of its own: without one in the address, the page speaks that. */
export const chatQueryOf = ({ language }: LiteContext): string => `?lang=${language}`;

/** At the top, where it stays in view, and at the end for browsers that cannot keep it there. */
const exitLink = (words: LiteWords): Html =>
  markup`<a class="exit" href="${EXIT_URL}" rel="noreferrer" data-exit>${words.exit}</a>`;

/** A whole page around its content. Titles are neutral: a history tells no more than that help was looked for. */
export const page = (context: LiteContext, path: string, content: Html, script = false): string => {
  const words = wordsOf(context);
  const other = `${path}?lang=${context.language === 'en' ? 'kri' : 'en'}`;
  return markup`<!doctype html>
    <html lang="${context.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${words.title}</title>
        <script src="/small.js" async fetchpriority="high"></script>
        <link rel="stylesheet" href="/lite/lite.css" />
        <link rel="icon" href="/icon.svg" />
        ${script ? markup`<script src="/live/live.js" type="module"></script>` : null}
      </head>
      <body>
        <header>
          <strong>${words.site}</strong>
          <a href="${other}" hreflang="${context.language === 'en' ? 'kri' : 'en'}">${words.other}</a>
          ${exitLink(words)}
        </header>
        <main>${content}</main>
        <footer>
          <nav>
            <a href="/lite/${queryOf(context)}">${words.start}</a>
            <a href="/lite/chat${chatQueryOf(context)}#end">${words.write}</a>
            <a href="/lite/track${queryOf(context)}">${words.track}</a>
            <a href="${context.language === 'en' ? '/' : '/kri/'}">${words.full}</a>
            ${exitLink(words)}
          </nav>
          ${words.draft === '' ? null : markup`<p class="soft">${words.draft}</p>`}
        </footer>
      </body>
    </html>`.markup;
};

/** Fields that every form carries. */
export const hidden = ({ language, formToken }: LiteContext): Html =>
  markup`<input type="hidden" name="lang" value="${language}" /><input
      type="hidden"
      name="token"
      value="${formToken}"
    />`;

/** What went wrong, and what it is about. */
export interface Trouble {
  readonly problem: string | null;
  /** The field that it is about; null: the whole page. */
  readonly field: string | null;
}

export const noTrouble: Trouble = { problem: null, field: null };

/** What went wrong, read out at once, unless it stands beside a field. */
export const problemBox = (words: LiteWords, { problem, field }: Trouble): Html | null =>
  problem === null || field !== null ? null : markup`<p class="wrong" role="alert">${words.problem}: ${problem}</p>`;

/** What is wrong with a field, beside it: the field gets the focus, and its description is read out there. */
export const fieldProblem = (name: string, { problem, field }: Trouble): Html | null =>
  problem === null || field !== name ? null : markup`<p class="wrong" id="${name}-wrong">${problem}</p>`;

/** Ties a field to what is wrong with it. */
export const fieldMarks = (name: string, { problem, field }: Trouble): Html | null =>
  problem === null || field !== name ? null : markup`aria-invalid="true" aria-describedby="${name}-wrong" autofocus`;
