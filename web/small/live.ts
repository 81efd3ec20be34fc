// Makes the light chat live: the same conversation over the client library, drawn without a framework. Without this script, or
// when it does not load, the page's form does all of it.
import {
  createCitizenClient,
  CitizenError,
  type ChatMessage,
  type ClientError,
  type Snapshot,
} from '@citizen-interface/client';
import { withDraft } from '../lib/draft';
import { showNews } from '../lib/news-title';
import { DRAFT_KEY, forgetLight, keepInTab, LIGHT_PREFIX, tabStorage } from '../lib/tab';
import { accessKeyIn } from '../lib/tracking-number';

type Words = Readonly<Record<'waiting' | 'sent' | 'received' | 'failed' | 'again' | 'back', string>> &
  Readonly<Record<'on' | 'off' | 'typing' | 'ended', string>> &
  Readonly<Record<'you' | 'files' | 'agent' | 'officer' | 'system' | 'empty', string>> & {
    /** What errors are called in the language of the page; null: the server's words are in it. */
    readonly problems: Readonly<Record<string, string>> | null;
  };

const byId = (id: string): HTMLElement => document.getElementById(id) ?? document.body;

const log = byId('log');
const said = byId('said');
const form = byId('say') as HTMLFormElement;
const text = byId('message') as HTMLTextAreaElement;
const file = byId('file') as HTMLInputElement;
const quick = byId('quick');
const state = byId('state');
const words = JSON.parse(log.dataset['words'] ?? '{}') as Words;
const language = document.documentElement.lang;
const forget = document.getElementById('forget');
const files = document.getElementById('files');
const ticket = byId('ticket');
const news = byId('news');

// Another chat in the cookie is another chat here. A chat has no name before the page was loaded with its cookie: then it gets
// one. Without a cookie nothing may be left of an earlier chat, or the next person would read it.
const chat = log.dataset['chat'] ?? '';
const unnamed = tabStorage.getItem(LIGHT_PREFIX);
if (chat === '') forgetLight();
else if (unnamed !== null) {
  if (tabStorage.getItem(LIGHT_PREFIX + chat) === null) keepInTab(LIGHT_PREFIX + chat, unnamed);
  tabStorage.removeItem(LIGHT_PREFIX);
}

const client = createCitizenClient({
  sessionUrl: '/lite/session',
  apiUrl: location.origin,
  sessionBody: { language },
  earlier: 'asked',
  storageKey: LIGHT_PREFIX + chat,
});

const problemOf = ({ code, message }: ClientError): string =>
  words.problems === null ? message : (words.problems[code] ?? words.problems['internal'] ?? message);

const element = (name: string, content: string): HTMLElement => {
  const made = document.createElement(name);
  made.textContent = content;
  return made;
};

const button = (label: string, press: () => void): HTMLElement => {
  const made = element('button', label);
  made.addEventListener('click', (event) => {
    event.preventDefault();
    press();
  });
  return made;
};

/** What is written is kept over a reload, until it is sent. */
const keepDraft = (): void => keepInTab(DRAFT_KEY, text.value);
const putInBox = (words: string): void => {
  text.value = withDraft(text.value, words);
  keepDraft();
};

/** What can be done about a message that did not go: nothing that was written is lost with it. Its files must be chosen again. */
const waysOut = ({ id, text: content, error }: ChatMessage): readonly HTMLElement[] => [
  ...(error?.retryable === true ? [button(words.again, () => client.retry(id))] : []),
  button(words.back, () => {
    putInBox(content);
    client.discard(id);
    text.focus();
  }),
];

const line = (message: ChatMessage): HTMLElement => {
  const { role, text: content, media, state: fate, error } = message;
  const item = element('li', '');
  const names = media.flatMap(({ name }) => name ?? []).join(', ');
  const isOwn = role === 'citizen';
  item.className = isOwn ? 'own' : '';
  item.append(element('small', isOwn ? words.you : words[role]), element('p', content));
  if (names !== '') item.append(element('small', `${words.files}: ${names} `));
  if (isOwn) item.append(element('small', error === undefined ? words[fate] : `${words[fate]}: ${problemOf(error)}`));
  if (fate === 'failed') item.append(...waysOut(message));
  return item;
};

const lines = new Map<string, { readonly message: ChatMessage; readonly item: HTMLElement }>();

/** Only what has changed is touched, so that a screen reader is told each message once. */
const drawLog = ({ messages }: Snapshot): void => {
  const ids = new Set(messages.map(({ id }) => id));
  for (const [id, { item }] of lines) {
    if (ids.has(id)) continue;
    item.remove();
    lines.delete(id);
  }
  messages.forEach((message, at) => {
    const known = lines.get(message.id);
    let item = known?.item;
    if (known?.message !== message) {
      const made = line(message);
      if (item === undefined) item = made;
      else item.replaceChildren(...made.childNodes);
      lines.set(message.id, { message, item });
    }
    if (item !== undefined && log.children[at] !== item) log.insertBefore(item, log.children[at] ?? null);
  });
};

/** News about a complaint and what could not be sent leave the question before them open. */
const drawQuick = ({ messages }: Snapshot): void => {
  const last = messages.filter(({ role, state: fate }) => role !== 'system' && fate !== 'failed').at(-1);
  const replies = last?.quickReplies ?? [];
  quick.replaceChildren(...replies.map(({ label, send }) => button(label, () => void client.send(send))));
};

/** Two and two, as the page itself has them: a row is never broken inside a group. */
const showGroups = (place: HTMLElement, value: string): void =>
  place.replaceChildren(
    ...(value.match(/\w+-\w+-?/g) ?? []).map((pair) => {
      const at = pair.indexOf('-') + 1;
      const span = element('span', pair.slice(0, at));
      span.append(element('wbr', ''), pair.slice(at));
      return span;
    }),
  );

/** Number and key, as soon as the complaint is filed. The page has the box with its words. */
const drawTicket = ({ messages, conversation }: Snapshot): void => {
  const key = messages.flatMap(({ role, text: told }) => (role === 'agent' ? (accessKeyIn(told) ?? []) : [])).at(-1);
  const [number, keyPlace] = ticket.querySelectorAll('b');
  if (conversation.trackingNumber === null || number === undefined) return;
  ticket.hidden = false;
  showGroups(number, conversation.trackingNumber);
  if (key === undefined || keyPlace === undefined) return;
  showGroups(keyPlace, key);
  if (keyPlace.parentElement !== null) keyPlace.parentElement.hidden = false;
};

const isAtEnd = (): boolean => innerHeight + scrollY > document.body.scrollHeight - 300;
const onScroll = (): void => {
  if (isAtEnd()) news.hidden = true;
};
addEventListener('scroll', onScroll, { passive: true });

let heard = 0;
let seen = 0;
/** While the page is not looked at, its title counts what was said since. */
const tellNews = (): void => {
  if (!document.hidden) seen = heard;
  showNews(heard - seen);
};
document.addEventListener('visibilitychange', tellNews);

const stateOf = ({ phase, typing, streaming }: Snapshot): string => {
  if (phase === 'failed') return words.ended;
  if (phase !== 'live') return phase === 'backoff' ? words.off : '…';
  return typing !== null || streaming.length > 0 ? words.typing : words.on;
};

let last: readonly ChatMessage[] | null = null;
client.subscribe(() => {
  const now = client.getSnapshot();
  state.hidden = false;
  const words = stateOf(now);
  if (state.textContent !== words) state.textContent = words;
  // What the server has drawn stays until the conversation is here.
  if (now.messages === last || (now.messages.length === 0 && now.phase !== 'live')) return;
  if (last === null) log.replaceChildren();
  const wasAtEnd = isAtEnd();
  const others = now.messages.filter(({ role }) => role !== 'citizen').length;
  if (last !== null && !wasAtEnd && others > heard) news.hidden = false;
  heard = others;
  tellNews();
  said.ariaLive = last === null || now.phase !== 'live' ? 'off' : 'polite';
  last = now.messages;
  if (files !== null && last.some(({ media }) => media.length > 0)) files.hidden = false;
  if (forget !== null && last.length > 0) forget.hidden = false;
  drawLog(now);
  drawQuick(now);
  drawTicket(now);
  if (wasAtEnd) form.scrollIntoView({ block: 'end' });
});

/** Says beside the box that there is nothing in it, as the page does without this script. */
const tellEmpty = (isEmpty: boolean): void => {
  document.getElementById('message-wrong')?.remove();
  text.removeAttribute('aria-invalid');
  text.removeAttribute('aria-describedby');
  if (!isEmpty) return;
  const told = element('p', words.empty);
  told.id = 'message-wrong';
  told.className = 'wrong';
  text.before(told);
  text.ariaInvalid = 'true';
  text.setAttribute('aria-describedby', told.id);
  text.focus();
};

form.addEventListener('submit', (event) => {
  // Without cookies the conversation would be gone with this page: the form says so.
  if (!navigator.cookieEnabled) return;
  event.preventDefault();
  const files = [...(file.files ?? [])];
  const isEmpty = text.value.trim() === '' && files.length === 0;
  tellEmpty(isEmpty);
  if (isEmpty) return;
  try {
    client.connect();
    client.send(text.value, files);
    form.reset();
    keepDraft();
  } catch (error) {
    state.textContent = error instanceof CitizenError ? problemOf(error.error) : String(error);
  }
});
text.addEventListener('input', keepDraft);
// What was written before this script came, or before the page was loaded again.
putInBox(tabStorage.getItem(DRAFT_KEY) ?? '');
// It was removed in another tab (`small.ts`).
addEventListener('forgotten', () => client.end());
// A conversation is opened by the first message, not by a visit.
if (chat !== '') client.connect();
