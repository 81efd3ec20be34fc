import { randomUUID } from 'node:crypto';
import { markup, type Html } from './html.js';
import {
  fieldMarks,
  fieldProblem,
  hidden,
  noTrouble,
  page,
  problemBox,
  wordsOf,
  type LiteContext,
  type Trouble,
} from './page.js';
import type { LiteWords } from './words.js';

/** How a case stands, as `POST /api/track` says it. */
export interface LiteStatus {
  readonly trackingNumber: string;
  readonly words: string;
  readonly lastChange: string;
  readonly nextStep: string;
  readonly nextStepDue: string | null;
  readonly citizenMustAct: boolean;
  readonly transcript?: readonly {
    readonly role: 'citizen' | 'agent' | 'officer' | 'system';
    readonly text: string;
    readonly listsAnswers: boolean;
  }[];
  readonly evidence?: readonly { readonly name: string }[];
  readonly question?: string | null;
}

/** What the page shows; each part may be missing. */
export interface TrackPage extends Trouble {
  readonly status: LiteStatus | null;
  /** What stands in the field for the number. */
  readonly number: string;
  /** As it was given, for the form that answers the office. Empty: only the number was given. */
  readonly accessKey: string;
  /** An answer that could not be taken. */
  readonly text: string;
  /** Of the form in which it came; empty: a new one. */
  readonly id: string;
  readonly isAnswered: boolean;
}

/** Before anything was asked. */
export const emptyTrackPage: TrackPage = {
  ...noTrouble,
  status: null,
  number: '',
  accessKey: '',
  text: '',
  id: '',
  isAnswered: false,
};

const dates = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
/** 2026-03-04 as 4 March 2026, wherever it stands in a text. */
export const withReadableDates = (text: string): string =>
  text.replace(/\b\d{4}-\d\d-\d\d\b/g, (day) => dates.format(new Date(day)));

const nextOf = ({ citizenMustAct, question, transcript, nextStep }: LiteStatus, words: LiteWords): string => {
  if (!citizenMustAct) return nextStep;
  if (question) return words.nextAnswer;
  return transcript === undefined ? words.mustActKey : nextStep;
};

/** The box for an answer to the office. Number and key go along in the body, as they came. */
const answerForm = (context: LiteContext, shown: TrackPage, number: string, question: string | null): Html => {
  const words = wordsOf(context);
  return markup`<form method="post" action="/lite/answer">
    ${hidden(context)}<input type="hidden" name="id" value="${shown.id === '' ? randomUUID() : shown.id}" />
    <input type="hidden" name="trackingNumber" value="${number}" />
    <input type="hidden" name="accessKey" value="${shown.accessKey}" />
    <h2>${words.answerHeading}</h2>
    ${question === null ? null : markup`<ol><li><small>${words.roles.officer}</small><p>${question}</p></li></ol>`}
    <label for="answer">${words.answer}</label>
    ${fieldProblem('answer', shown)}
    <textarea id="answer" name="answer" rows="4" ${fieldMarks('answer', shown)}>${shown.text}</textarea>
    <button>${words.answerSend}</button>
  </form>`;
};

/** The office's question with a box. */
const questionForm = (context: LiteContext, shown: TrackPage): Html | null =>
  shown.status?.question ? answerForm(context, shown, shown.status.trackingNumber, shown.status.question) : null;

/** While the case cannot be read: what went wrong, and the answer, to be sent once more. */
export const unsentAnswerView = (context: LiteContext, shown: TrackPage): string => {
  const words = wordsOf(context);
  return page(
    context,
    '/lite/track',
    markup`<h1>${words.track}</h1>
      ${problemBox(words, shown)}
      ${answerForm(context, shown, shown.number, null)}`,
  );
};

/** The last list of the answers stands in full, earlier ones are folded; browsers that cannot fold show them. */
const ownWords = ({ transcript = [], evidence = [] }: LiteStatus, words: LiteWords): Html => {
  const lastList = transcript.findLastIndex(({ listsAnswers }) => listsAnswers);
  const names = evidence.map(({ name }) => name).join(', ');
  return markup`${names === '' ? null : markup`<p>${words.files}: ${names}</p>`}
    <ol>
      ${transcript.map(
        ({ role, text, listsAnswers }, at) =>
          markup`<li ${role === 'citizen' ? markup`class="own"` : null}>
            <small>${role === 'citizen' ? words.you : words.roles[role]}</small>
            ${listsAnswers && at < lastList ? markup`<details><summary>${words.answersShown}</summary><p>${text}</p></details>` : markup`<p>${text}</p>`}
          </li>`,
      )}
    </ol>`;
};

const statusView = (context: LiteContext, shown: TrackPage, status: LiteStatus): Html => {
  const words = wordsOf(context);
  const { nextStepDue } = status;
  return markup`${shown.isAnswered ? markup`<p role="status"><b>${words.answered}</b></p>` : null}
    ${status.citizenMustAct ? markup`<p class="wrong">${words.mustAct}</p>` : null}
    ${problemBox(words, shown)}
    ${questionForm(context, shown)}
    <div class="ticket">
      <small>${status.trackingNumber}: ${words.stands}</small><b>${withReadableDates(status.words)}</b>
    </div>
    <p>${words.lastChange}: ${withReadableDates(status.lastChange)}</p>
    <p>${words.next}: ${nextOf(status, words)}</p>
    ${nextStepDue === null ? null : markup`<p>${words.due}: ${withReadableDates(nextStepDue)}</p>`}
    ${ownWords(status, words)}`;
};

/** The form for a number, and above it what was found. Number and key go in the body and stand in no address. */
export const trackView = (context: LiteContext, shown: TrackPage): string => {
  const words = wordsOf(context);
  const { status, number, accessKey } = shown;
  return page(
    context,
    '/lite/track',
    markup`<h1>${words.track}</h1>
      ${status === null ? problemBox(words, shown) : statusView(context, shown, status)}
      <form method="post" action="/lite/track">
        ${hidden(context)}
        <label for="trackingNumber">${words.number}</label>
        ${fieldProblem('trackingNumber', shown)}
        <input
          id="trackingNumber"
          name="trackingNumber"
          value="${number}"
          autocomplete="off"
          placeholder="OMB-XXXX-XXXX-XXXX"
          ${fieldMarks('trackingNumber', shown)}
        />
        <label for="accessKey">${words.keyOptional}</label>
        <input id="accessKey" name="accessKey" value="${status === null ? accessKey : ''}" autocomplete="off" />
        <button>${words.show}</button>
      </form>`,
  );
};
