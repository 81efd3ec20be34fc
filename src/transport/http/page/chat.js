// A small client of the classic profile. Everything that comes from the server or the citizen is shown as text, never as HTML.

// Until the server has told its own limits.
const LIMITS = { fileBytes: 10 * 2 ** 20, filesPerMessage: 10, classicFrameBytes: 14 * 2 ** 20 };
const STORE = 'citizen-session';
const BACKOFF = { firstMs: 500, mostMs: 30_000 };

const byId = (id) => document.getElementById(id);
const [log, status, typing, replies, problem] = ['log', 'status', 'typing', 'replies', 'problem'].map(byId);
const [form, text, fileInput, fileList, sendButton] = ['form', 'text', 'file', 'files', 'send'].map(byId);

/** What this tab remembers until it is closed: the session and what was said. */
const remembered = (() => {
  try {
    return JSON.parse(sessionStorage.getItem(STORE)) ?? { lines: [] };
  } catch {
    return { lines: [] };
  }
})();
let files = [];
let socket = null;
let attempts = 0;
let waiting = []; // Messages that no connection has taken yet.
let noticedFor = null; // The message that a notice about a file is shown for: its answer does not take the notice away.
let unanswered = []; // Sent, but nothing came back: sent again after a lost connection, under the same id.

const remember = () => {
  try {
    sessionStorage.setItem(STORE, JSON.stringify(remembered));
  } catch {
    // A full or forbidden store costs the memory of this tab, nothing else.
  }
};

const element = (name, className, content) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (content !== undefined) made.textContent = content;
  return made;
};

const scrollDown = () => log.parentElement.scrollTo({ top: log.parentElement.scrollHeight });

const show = ({ who, words, number }) => {
  const bubble = element('div', who === 'me' ? 'bubble mine' : 'bubble');
  bubble.append(element('span', 'who', who === 'me' ? 'You' : who === 'officer' ? 'Officer' : 'Assistant'));
  bubble.append(element('span', '', words));
  if (number) bubble.append(element('div', 'number', `Tracking number: ${number}`));
  log.append(bubble);
  scrollDown();
  return bubble;
};

const add = (line) => {
  remembered.lines = [...remembered.lines, line].slice(-200);
  remember();
  return show(line);
};

const complain = (words) => {
  problem.textContent = words;
  problem.hidden = words === '';
};

const suggest = (list) => {
  replies.replaceChildren(
    ...list.map(({ label, send }) => {
      const button = element('button', '', label);
      button.type = 'button';
      button.addEventListener('click', () => say(send, []));
      return button;
    }),
  );
  replies.hidden = list.length === 0;
  scrollDown();
};

const onFrame = (frame) => {
  if (frame.type === 'typing') {
    typing.hidden = !frame.data.isTyping;
    scrollDown();
  } else if (frame.type === 'message') {
    const { message, state, trackingNumber, role, quickReplies = [], inReplyTo } = frame.data;
    if (inReplyTo !== noticedFor) complain('');
    unanswered = [];
    add({
      who: role === 'officer' ? 'officer' : 'agent',
      words: message,
      number: state === 'completed' ? trackingNumber : undefined,
    });
    suggest(quickReplies);
  } else if (frame.type === 'error') {
    typing.hidden = true;
    onError(frame.data);
  }
};

/** What was refused goes back into the box; what was kept stays, whatever became of a file beside it. */
const onError = ({ error, kept, inReplyTo }) => {
  const refused = unanswered.find(({ id }) => id === inReplyTo) ?? (inReplyTo ? undefined : unanswered.at(-1));
  if (kept === false && refused) {
    unanswered = unanswered.filter((message) => message !== refused);
    refused.bubble.remove();
    remembered.lines = remembered.lines.filter((line) => line !== refused.line);
    remember();
    text.value = [refused.data.message, text.value].filter(Boolean).join('\n');
    complain(`${error} It was not sent: what you wrote stands in the box again.`);
    return;
  }
  if (kept === true) noticedFor = inReplyTo;
  else unanswered = [];
  complain(error);
};

const openSession = async () => {
  const response = await fetch('/api/agent/session', { method: 'POST' });
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  remembered.sessionId = body.sessionId;
  remembered.limits = body.limits;
  remember();
};

const forgetSession = () => {
  remembered.sessionId = undefined;
  remember();
};

const flush = () => {
  while (waiting.length > 0 && socket?.readyState === WebSocket.OPEN) {
    const message = waiting.shift();
    const data = { ...message.data, sessionId: remembered.sessionId };
    socket.send(JSON.stringify({ type: 'message', id: message.id, data }));
    message.bubble.classList.remove('waiting');
    unanswered.push(message);
  }
};

/** The session may be gone (another server, erased data): a socket cannot tell why it was refused, the status can. */
const sessionIsGone = async () => {
  const response = await fetch(`/api/agent/session/${remembered.sessionId}/status`);
  return response.status === 404;
};

const later = () => {
  const most = Math.min(BACKOFF.mostMs, BACKOFF.firstMs * 2 ** attempts);
  attempts += 1;
  status.textContent = 'Not connected. Trying again…';
  setTimeout(() => void connect(), most / 2 + (Math.random() * most) / 2);
};

const connect = async () => {
  try {
    if (remembered.sessionId && attempts > 1 && (await sessionIsGone())) forgetSession();
    if (!remembered.sessionId) await openSession();
  } catch (error) {
    if (error.message) complain(error instanceof TypeError ? 'The service cannot be reached just now.' : error.message);
    return later();
  }
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const opened = new WebSocket(`${scheme}://${location.host}/ws?sessionId=${encodeURIComponent(remembered.sessionId)}`);
  socket = opened;
  opened.addEventListener('open', () => {
    attempts = 0;
    status.textContent = 'Connected';
    complain('');
    waiting = [...unanswered, ...waiting];
    unanswered = [];
    flush();
  });
  opened.addEventListener('message', (event) => onFrame(JSON.parse(event.data)));
  opened.addEventListener('close', (event) => {
    typing.hidden = true;
    if ([1009, 4400].includes(event.code)) {
      unanswered = []; // It would be refused again.
      complain('The last message could not be taken.');
    }
    if (event.code === 4409) status.textContent = 'Opened in another tab. Reload to use it here.';
    else later();
  });
};

const asBase64 = (file) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(String(reader.result).replace(/^data:[^,]*,/, '')));
    reader.addEventListener('error', () => reject(reader.error));
    reader.readAsDataURL(file);
  });

const say = async (words, chosen) => {
  suggest([]);
  const media = await Promise.all(
    chosen.map(async (file) => ({ name: file.name, type: file.type, size: file.size, data: await asBase64(file) })),
  );
  const named = chosen.map(({ name }) => `📎 ${name}`).join('\n');
  const line = { who: 'me', words: [words, named].filter(Boolean).join('\n') };
  const bubble = add(line);
  bubble.classList.add('waiting');
  const id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
  waiting.push({ id, data: { message: words, ...(media.length > 0 ? { media } : {}) }, bubble, line });
  flush();
};

const showFiles = () => {
  fileList.replaceChildren(
    ...files.map((file) => {
      const remove = element('button', '', `${file.name} ✕`);
      remove.type = 'button';
      remove.setAttribute('aria-label', `Do not send ${file.name}`);
      remove.addEventListener('click', () => {
        files = files.filter((other) => other !== file);
        showFiles();
        text.focus();
      });
      const item = element('li');
      item.append(remove);
      return item;
    }),
  );
  fileList.hidden = files.length === 0;
};

fileInput.addEventListener('change', () => {
  const chosen = [...fileInput.files];
  fileInput.value = '';
  const { fileBytes, filesPerMessage, classicFrameBytes } = { ...LIMITS, ...remembered.limits };
  // As base64 a file is a third larger, and its frame holds the text too.
  const most = Math.min(fileBytes, (classicFrameBytes - 64 * 1024) * 0.75);
  const tooLarge = chosen.filter((file) => file.size > most);
  files = [...files, ...chosen.filter((file) => file.size <= most)];
  complain(tooLarge.length > 0 ? `A file may have at most ${Math.floor(most / 2 ** 20)} MB.` : '');
  if (files.length > filesPerMessage) complain(`At most ${filesPerMessage} files at once.`);
  files = files.slice(0, filesPerMessage);
  showFiles();
});

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const words = text.value.trim();
  if (words === '' && files.length === 0) return text.focus();
  // One frame must stay below the limit of the server: files are sent one by one, the words with the first.
  const [first, ...rest] = files;
  sendButton.disabled = true;
  const sending = async () => {
    await say(words, first ? [first] : []);
    for (const file of rest) await say('', [file]);
  };
  sending()
    .catch(() => complain('The file could not be read.'))
    .finally(() => (sendButton.disabled = false));
  text.value = '';
  files = [];
  showFiles();
  complain('');
  text.focus();
});

text.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});

addEventListener('online', () => {
  if (socket?.readyState !== WebSocket.OPEN && socket?.readyState !== WebSocket.CONNECTING) void connect();
});

for (const line of remembered.lines) show(line);
void connect();
