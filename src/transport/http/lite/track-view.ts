import { randomUUID } from 'node:crypto';
import { markup, type Html } from './html.js';
import { hidden, page, problemBox, wordsOf, type LiteContext } from './page.js';
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
export interface TrackPage {
  readonly status: LiteStatus | null;
  readonly problem: string | null;
  /** What stands in the field for the number. */
  readonly number: string;
  /** As it was given, for the form that answers the office. Empty: only the number was given. */
  readonly accessKey: string;
  /** An answer that could not be taken. */
  readonly text: string;
  readonly isAnswered: boolean;
}

/** Before anything was asked. */
export const emptyTrackPage: TrackPage = {
  status: null,
  problem: null,
  number: '',
  accessKey: '',
  text: '',
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

/** The office's question with a box. Number and key go along in the body, as they came. */
const questionForm = (context: LiteContext, { status, accessKey, text }: TrackPage): Html | null => {
  if (!status?.question) return null;
  const words = wordsOf(context);
  return markup`<form method="post" action="/lite/answer">
    ${hidden(context)}<input type="hidden" name="id" value="${randomUUID()}" />
    <input type="hidden" name="trackingNumber" value="${status.trackingNumber}" />
    <input type="hidden" name="accessKey" value="${accessKey}" />
    <h2>${words.answerHeading}</h2>
    <ol><li><small>${words.roles.officer}</small><p>${status.question}</p></li></ol>
    <label for="answer">${words.answer}</label>
    <textarea id="answer" name="answer" rows="4">${text}</textarea>
    <button>${words.answerSend}</button>
  </form>`;
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
    ${problemBox(words, shown.problem)}
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
  const { status, problem, number, accessKey } = shown;
  return page(
    context,
    '/lite/track',
    markup`<h1>${words.track}</h1>
      ${status === null ? problemBox(words, problem) : statusView(context, shown, status)}
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
        <input id="accessKey" name="accessKey" value="${status === null ? accessKey : ''}" autocomplete="off" />
        <button>${words.show}</button>
      </form>`,
  );
};
