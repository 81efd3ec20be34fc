// Makes the light chat live: the same conversation over the client library, drawn without a framework. Without this script, or
// when it does not load, the page's form does all of it.
import { createCitizenClient, type ChatMessage, type Snapshot } from '@citizen-interface/client';
import { forgetLight, keepInTab, LIGHT_PREFIX, tabStorage } from '../lib/tab';

type Words = Readonly<Record<'waiting' | 'sent' | 'received' | 'failed' | 'on' | 'off' | 'typing' | 'ended', string>> &
  Readonly<Record<'you' | 'files' | 'agent' | 'officer' | 'system', string>>;

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

const element = (name: string, content: string): HTMLElement => {
  const made = document.createElement(name);
  made.textContent = content;
  return made;
};

const line = ({ role, text: content, media, state: fate, error }: ChatMessage): HTMLElement => {
  const item = element('li', '');
  const names = media.flatMap(({ name }) => name ?? []).join(', ');
  const isOwn = role === 'citizen';
  item.className = isOwn ? 'own' : '';
  item.append(element('small', isOwn ? words.you : words[role]), element('p', content));
  if (names !== '') item.append(element('small', `${words.files}: ${names} `));
  if (isOwn) item.append(element('small', error === undefined ? words[fate] : `${words[fate]}: ${error.message}`));
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

const drawQuick = ({ messages }: Snapshot): void => {
  const replies = messages.at(-1)?.quickReplies ?? [];
  quick.replaceChildren(
    ...replies.map(({ label, send }) => {
      const button = element('button', label);
      button.addEventListener('click', (event) => {
        event.preventDefault();
        client.send(send);
      });
      return button;
    }),
  );
};

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
  const isAtEnd = innerHeight + scrollY > document.body.scrollHeight - 300;
  said.ariaLive = last === null || now.phase !== 'live' ? 'off' : 'polite';
  last = now.messages;
  if (forget !== null && last.length > 0) forget.hidden = false;
  drawLog(now);
  drawQuick(now);
  if (isAtEnd) form.scrollIntoView({ block: 'end' });
});

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const files = [...(file.files ?? [])];
  if (text.value.trim() === '' && files.length === 0) return;
  try {
    client.connect();
    client.send(text.value, files);
    form.reset();
  } catch (error) {
    state.textContent = error instanceof Error ? error.message : '';
  }
});
forget?.addEventListener('submit', () => {
  client.end();
  forgetLight();
});
// A conversation is opened by the first message, not by a visit.
if (chat !== '') client.connect();
