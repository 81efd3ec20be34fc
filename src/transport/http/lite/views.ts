import { randomUUID } from 'node:crypto';
import type { Language } from '../../../events/catalogue/session.js';
import type { V1DurableFrame, V1MessageFrame } from '../../protocol/v1-server-frames.js';
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

const wordsOf = ({ language }: LiteContext): LiteWords => liteWords[language];
const queryOf = ({ language }: LiteContext): string => (language === 'en' ? '' : `?lang=${language}`);

/** A whole page around its content. Titles are neutral: a history tells no more than that help was looked for. */
const page = (context: LiteContext, path: string, content: Html, script = false): string => {
  const words = wordsOf(context);
  const other = context.language === 'en' ? `${path}?lang=kri` : path;
  return markup`<!doctype html>
    <html lang="${context.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${words.title}</title>
        <link rel="stylesheet" href="/lite/lite.css" />
        <link rel="icon" href="/icon.svg" />
        ${script ? markup`<script src="/live/live.js" type="module"></script>` : null}
      </head>
      <body>
        <header>
          <strong>${words.site}</strong>
          <a href="${other}" hreflang="${context.language === 'en' ? 'kri' : 'en'}">${words.other}</a>
          <a href="${EXIT_URL}" rel="noreferrer">${words.exit}</a>
        </header>
        <main>${content}</main>
        <footer>
          <nav>
            <a href="/lite/${queryOf(context)}">${words.start}</a>
            <a href="/lite/chat${queryOf(context)}#end">${words.write}</a>
            <a href="/lite/track${queryOf(context)}">${words.track}</a>
            <a href="${context.language === 'en' ? '/' : '/kri/'}">${words.full}</a>
          </nav>
          ${words.draft === '' ? null : markup`<p class="soft">${words.draft}</p>`}
        </footer>
      </body>
    </html>`.markup;
};

/** Fields that every form carries. */
const hidden = ({ language, formToken }: LiteContext): Html =>
  markup`<input type="hidden" name="lang" value="${language}" /><input
      type="hidden"
      name="token"
      value="${formToken}"
    />`;

const problemBox = (words: LiteWords, problem: string | null): Html | null =>
  problem === null ? null : markup`<p class="wrong" role="alert">${words.problem}: ${problem}</p>`;

/** The first light page. */
export const startView = (context: LiteContext, isForgotten: boolean): string => {
  const words = wordsOf(context);
  return page(
    context,
    '/lite/',
    markup`${isForgotten ? markup`<p role="status"><b>${words.forgotten}</b></p>` : null}
      <h1>${words.heading}</h1>
      <p>${words.lead}</p>
      <p><a href="/lite/chat${queryOf(context)}#end">${words.write}</a></p>
      <p><a href="/lite/track${queryOf(context)}">${words.track}</a></p>
      <h2>${words.data}</h2>
      <p>${words.dataText}</p>`,
  );
};

/** One message; what people and models write is text, never markup. */
const messageLine = ({ data }: V1MessageFrame, words: LiteWords): Html => {
  const isOwn = data.role === 'citizen';
  const names = (data.media ?? []).map(({ name }) => name).join(', ');
  const who = data.role === 'citizen' ? words.you : words.roles[data.role];
  return markup`<li ${isOwn ? markup`class="own"` : null}>
    <small>${who}</small>
    <p>${data.message}</p>
    ${names === '' ? null : markup`<small>${words.files}: ${names}</small>`}${isOwn ? markup`<small>${words.live.received}</small>` : null}
  </li>`;
};

const ticket = (number: string, key: string | undefined, words: LiteWords): Html =>
  markup`<div class="ticket">
    <small>${words.number}</small
    ><b>${number}</b>${key === undefined ? null : markup`<small>${words.key}</small><b>${key}</b>`}
    <p>${words.keep}</p>
  </div>`;

const accessKey = /(?<![\w-])[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}(?![\w-])/;

export interface ChatPage {
  readonly frames: readonly V1DurableFrame[];
  /** Nothing lies before them. */
  readonly complete: boolean;
  readonly problem: string | null;
  /** What was written and could not be taken. */
  readonly text: string;
}

const quickReplies = (last: V1MessageFrame | undefined): readonly Html[] =>
  (last?.data.quickReplies ?? []).map(
    ({ label, send }) => markup`<button name="quick" value="${send}" formnovalidate>${label}</button>`,
  );

/** The conversation and one form. With a script it becomes live (web/small/live.ts). */
export const chatView = (context: LiteContext, { frames, complete, problem, text }: ChatPage): string => {
  const words = wordsOf(context);
  const messages = frames.filter((frame) => frame.type === 'message');
  const last = messages.at(-1);
  const filed = messages.findLast(
    ({ data }) => data.role === 'agent' && data.trackingNumber !== undefined && accessKey.test(data.message),
  );
  const number = frames.at(-1)?.data.trackingNumber ?? filed?.data.trackingNumber;
  return page(
    context,
    '/lite/chat',
    markup`<h1>${words.write}</h1>
      ${complete ? null : markup`<p class="soft">${words.newest}</p>`}
      <p id="welcome">${words.welcome}</p>
      <div role="log" id="said">
      <ol
        id="log"
        data-chat="${context.chatName ?? ''}"
        data-words="${JSON.stringify({ ...words.live, ...words.roles, you: words.you, files: words.files })}"
      >
        ${messages.map((frame) => messageLine(frame, words))}
      </ol>
      </div>
      ${typeof number === 'string' ? ticket(number, filed === undefined ? undefined : accessKey.exec(filed.data.message)?.[0], words) : null}
      ${problemBox(words, problem)}
      ${last?.data.role === 'citizen' && problem === null ? markup`<p role="status">${words.pending} <a href="/lite/chat${queryOf(context)}#end">${words.look}</a></p>` : null}
      <p id="state" class="soft" role="status" hidden></p>
      <form id="say" method="post" action="/lite/chat" enctype="multipart/form-data">
        ${hidden(context)}<input type="hidden" name="id" value="${randomUUID()}" />
        <p class="quick" id="quick">${quickReplies(last)}</p>
        <label for="message">${words.message}</label>
        <textarea id="message" name="message" rows="3">${text}</textarea>
        <label for="file">${words.file}</label>
        <input id="file" name="file" type="file" accept="image/*,application/pdf,.doc,.docx,audio/*" />
        <button id="end">${words.send}</button>
      </form>
      <form id="forget" method="post" action="/lite/forget" ${context.chatName === null ? markup`hidden` : null}>
        ${hidden(context)}<button class="plain">${words.forget}</button>
      </form>`,
    true,
  );
};

/** How a case stands, as `POST /api/track` says it. */
export interface LiteStatus {
  readonly trackingNumber: string;
  readonly words: string;
  readonly lastChange: string;
  readonly nextStep: string;
  readonly nextStepDue: string | null;
  readonly citizenMustAct: boolean;
  readonly transcript?: readonly { readonly role: 'citizen' | 'agent' | 'officer' | 'system'; readonly text: string }[];
  readonly evidence?: readonly { readonly name: string }[];
}

const statusView = (status: LiteStatus, words: LiteWords): Html => {
  const names = (status.evidence ?? []).map(({ name }) => name).join(', ');
  return markup`<div class="ticket"><small>${status.trackingNumber}: ${words.stands}</small><b>${status.words}</b></div>
    ${status.citizenMustAct ? markup`<p class="wrong">${words.mustAct}</p>` : null}
    <p>${words.lastChange}: ${status.lastChange}</p>
    <p>${words.next}: ${status.nextStep}</p>
    ${status.nextStepDue === null ? null : markup`<p>${words.due}: ${status.nextStepDue}</p>`}
    ${names === '' ? null : markup`<p>${words.files}: ${names}</p>`}
    <ol>
      ${(status.transcript ?? []).map(
        ({ role, text }) =>
          markup`<li ${role === 'citizen' ? markup`class="own"` : null}>
            <small>${role === 'citizen' ? words.you : words.roles[role]}</small>
            <p>${text}</p>
          </li>`,
      )}
    </ol>`;
};

/** The form for a number, and above it what was found. Number and key go in the body and stand in no address. */
export const trackView = (
  context: LiteContext,
  {
    status,
    problem,
    number,
  }: { readonly status: LiteStatus | null; readonly problem: string | null; readonly number: string },
): string => {
  const words = wordsOf(context);
  return page(
    context,
    '/lite/track',
    markup`<h1>${words.track}</h1>
      ${status === null ? null : statusView(status, words)} ${problemBox(words, problem)}
      <form method="post" action="/lite/track">
        ${hidden(context)}
        <label for="trackingNumber">${words.number}</label>
        <input
          id="trackingNumber"
          name="trackingNumber"
          value="${number}"
          autocomplete="off"
          placeholder="OMB-XXXX-XXXX-XXXX"
        />
        <label for="accessKey">${words.keyOptional}</label>
        <input id="accessKey" name="accessKey" autocomplete="off" />
        <button>${words.show}</button>
      </form>`,
  );
};
