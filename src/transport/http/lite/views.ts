import { randomUUID } from 'node:crypto';
import type { Language } from '../../../events/catalogue/session.js';
import { protocolError } from '../../protocol/result.js';
import type { V1DurableFrame, V1MessageFrame } from '../../protocol/v1-server-frames.js';
import { markup, type Html } from './html.js';
import {
  chatQueryOf,
  fieldMarks,
  fieldProblem,
  hidden,
  page,
  problemBox,
  queryOf,
  wordsOf,
  type LiteContext,
  type Trouble,
} from './page.js';
import { liveProblems, problemWords } from './problem-words.js';
import type { LiteWords } from './words.js';

/** The first light page. */
export const startView = (context: LiteContext, isForgotten: boolean): string => {
  const words = wordsOf(context);
  return page(
    context,
    '/lite/',
    markup`${isForgotten ? markup`<p role="status" data-forget-light><b>${words.forgotten}</b></p>` : null}
      <h1>${words.heading}</h1>
      <p>${words.lead}</p>
      <p><a href="/lite/chat${chatQueryOf(context)}#end">${words.write}</a></p>
      <p><a href="/lite/track${queryOf(context)}">${words.track}</a></p>
      <h2>${words.data}</h2>
      <p>${words.dataText}</p>`,
  );
};

/** Asks once more before the chat is removed; without a script nothing else could. */
export const forgetView = (context: LiteContext): string => {
  const words = wordsOf(context);
  return page(
    context,
    '/lite/forget',
    markup`<h1>${words.forget}?</h1>
      <p>${words.forgetAsk}</p>
      <form method="post" action="/lite/forget">
        ${hidden(context)}
        <button class="danger">${words.forgetYes}</button>
        <p><a href="/lite/chat${chatQueryOf(context)}#end">${words.forgetNo}</a></p>
      </form>`,
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
    ${names === '' ? null : markup`<small>${words.files}: ${names}</small> `}${isOwn ? markup`<small>${words.live.received}</small>` : null}
  </li>`;
};

/** Two and two: a row that is too long is broken there, then between groups, and never inside one. */
const groups = (value = ''): readonly Html[] =>
  (value.match(/\w+-\w+-?/g) ?? []).map((pair) => {
    const at = pair.indexOf('-') + 1;
    return markup`<span>${pair.slice(0, at)}<wbr>${pair.slice(at)}</span>`;
  });

/** Number and key. Empty and hidden before there is one: the script fills it in when the complaint is filed (web/small/live.ts). */
const ticket = (number: string | undefined, key: string | undefined, words: LiteWords): Html =>
  markup`<div class="ticket" id="ticket" ${number === undefined ? markup`hidden` : null}>
    <small>${words.number}</small><b>${groups(number)}</b>
    <div ${key === undefined ? markup`hidden` : null}><small>${words.key}</small><b>${groups(key)}</b></div>
    <p>${words.keep}</p>
  </div>`;

const accessKey = /(?<![\w-])[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}(?![\w-])/;

/** What could not be taken, so that it is shown again. */
export interface Unsent extends Trouble {
  readonly text: string;
  /** Of its form: sent once more under the same one, it is the same message. Empty: a new one. */
  readonly id: string;
}

export interface ChatPage extends Unsent {
  readonly frames: readonly V1DurableFrame[];
  /** Nothing lies before them. */
  readonly complete: boolean;
  /** There are files that can be taken back. */
  readonly hasFiles: boolean;
  /** What the helper speaks; null: no conversation has begun. */
  readonly spoken: Language | null;
}

/** Of the last message; news about a complaint, which a note tells, leaves the question before it open. */
const quickReplies = (messages: readonly V1MessageFrame[]): readonly Html[] =>
  (messages.findLast(({ data }) => data.role !== 'system')?.data.quickReplies ?? []).map(
    ({ label, send }) => markup`<button name="quick" value="${send}" formnovalidate>${label}</button>`,
  );

/** The form to write in. What is wrong with it stands beside what it is about. */
const sayForm = (context: LiteContext, unsent: Unsent, replies: readonly Html[]): Html => {
  const words = wordsOf(context);
  return markup`<form id="say" method="post" action="/lite/chat" enctype="multipart/form-data">
    ${hidden(context)}<input type="hidden" name="id" value="${unsent.id === '' ? randomUUID() : unsent.id}" />
    <p class="quick" id="quick">${replies}</p>
    <label for="message">${words.message}</label>
    ${fieldProblem('message', unsent)}
    <textarea id="message" name="message" rows="3" ${fieldMarks('message', unsent)}>${unsent.text}</textarea>
    <label for="file">${words.file}</label>
    ${fieldProblem('file', unsent)}
    <input id="file" name="file" type="file" accept="image/*,application/pdf,.doc,.docx,audio/*" ${fieldMarks('file', unsent)} />
    <button id="end">${words.send}</button>
  </form>`;
};

/** Whoever changed the language of the page in the middle of a conversation: the helper goes on in the one before until told. */
const speakForm = (context: LiteContext): Html =>
  markup`<form method="post" action="/lite/chat">
    ${hidden(context)}<input type="hidden" name="id" value="${randomUUID()}" />
    <button name="quick" value="${context.language === 'en' ? 'speak English' : 'speak Krio'}">${wordsOf(context).speak}</button>
  </form>`;

/** While the conversation cannot be read: what went wrong, and what was written, to be sent once more. */
export const unsentView = (context: LiteContext, unsent: Unsent): string => {
  const words = wordsOf(context);
  return page(
    context,
    '/lite/chat',
    markup`<h1>${words.write}</h1>
      ${problemBox(words, unsent)}
      ${sayForm(context, unsent, [])}`,
  );
};

/** Any other page that cannot be shown. @param again where to ask once more; null: a form was sent, and "Back" has it */
export const problemView = (context: LiteContext, problem: string, again: string | null): string => {
  const words = wordsOf(context);
  return page(
    context,
    '/lite/',
    markup`<h1>${words.site}</h1>
      ${problemBox(words, { problem, field: null })}
      <p>${again === null ? words.goBack : markup`<a href="${again}">${words.tryAgain}</a>`}</p>`,
  );
};

/** The conversation and one form. With a script it becomes live (web/small/live.ts). */
export const chatView = (context: LiteContext, { frames, complete, hasFiles, spoken, ...unsent }: ChatPage): string => {
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
    markup`<p role="status" data-forgotten hidden><b>${words.forgotten}</b></p>
      <h1>${words.write}</h1>
      ${complete ? null : markup`<p class="soft">${words.newest}</p>`}
      <p id="welcome">${words.welcome}</p>
      <div role="log" id="said">
      <ol
        id="log"
        data-chat="${context.chatName ?? ''}"
        data-words="${JSON.stringify({ ...words.live, ...words.roles, you: words.you, files: words.files, empty: problemWords(context.language, protocolError('message_empty')), problems: liveProblems(context.language) })}"
      >
        ${messages.map((frame) => messageLine(frame, words))}
      </ol>
      </div>
      ${ticket(number ?? undefined, accessKey.exec(filed?.data.message ?? '')?.[0], words)}
      ${problemBox(words, unsent)}
      ${last?.data.role === 'citizen' && unsent.problem === null ? markup`<p role="status">${words.pending} <a href="/lite/chat${chatQueryOf(context)}#end">${words.look}</a></p>` : null}
      <p id="state" class="soft" role="status" hidden></p>
      <p id="news" hidden><a href="#end">${words.live.news}</a></p>
      <p id="files" ${hasFiles ? null : markup`hidden`}><a href="/lite/files${chatQueryOf(context)}">${words.filesLook}</a></p>
      ${sayForm(context, unsent, quickReplies(messages))}
      ${spoken === null || spoken === context.language ? null : speakForm(context)}
      <p id="forget" ${context.chatName === null ? markup`hidden` : null}>
        <a href="/lite/forget${queryOf(context)}">${words.forget}</a>
      </p>`,
    true,
  );
};
