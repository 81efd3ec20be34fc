import type { FrameData, ServerFrame } from '../frames.js';
import { ACK_TIMEOUT_MS, emit, HISTORY_PAGE, setTyping, timer, transmit } from './basics.js';
import { settle } from './outbox.js';
import type { ClientError } from '../errors.js';
import type { ChatMessage, LogEntry, Turn } from './types.js';

const toMessage = (frame: ServerFrame, fallbackId: string): ChatMessage => {
  const { data, position } = frame;
  return {
    id: data.clientId ?? frame.id ?? position ?? fallbackId,
    role: data.role ?? 'agent',
    text: data.message ?? '',
    state: 'received',
    at: frame.at ?? '',
    media: data.media ?? [],
    quickReplies: data.quickReplies ?? [],
    position,
    replyId: data.replyId,
    trackingNumber: data.trackingNumber ?? undefined,
    sessionState: data.state,
  };
};

const toEntry = (s: Turn, frame: ServerFrame): LogEntry => ({
  position: frame.position ?? null,
  prev: frame.prev ?? null,
  message: frame.type === 'message' ? toMessage(frame, s.at.id) : null,
});

/** Remembers where the conversation stands and tells it when it changed. */
export const setConversation = (s: Turn, { state, trackingNumber }: FrameData): void => {
  const known = s.conversation;
  const next = {
    state: state ?? known.state,
    trackingNumber: trackingNumber === undefined ? known.trackingNumber : trackingNumber,
  };
  if (next.state === known.state && next.trackingNumber === known.trackingNumber) return;
  s.conversation = next;
  emit(s, 'status', next);
};

/** Puts the next frame at the end of the log. */
export const append = (s: Turn, frame: ServerFrame): void => {
  const entry = toEntry(s, frame);
  s.log = [...s.log, entry];
  if (entry.position !== null) s.position = entry.position;
  const { message } = entry;
  if (message !== null) {
    settle(s, message.id);
    if (message.role !== 'citizen') setTyping(s, null);
    s.streaming = s.streaming.filter(({ replyId }) => replyId !== message.replyId);
    emit(s, 'message', message);
  }
  // Not during a replay: `welcome` told the newest, the replay tells old ones.
  if (s.phase !== 'replaying') setConversation(s, frame.data);
};

/**
 * A durable frame: at the end of the chain it is applied, one seen before is dropped. The first of a replay may leave a hole
 * (the server replays the newest page), which `history` fills. Gives false when something is missing otherwise.
 */
export const applyDurable = (s: Turn, frame: ServerFrame): boolean => {
  const { position } = frame;
  const prev = frame.prev ?? null;
  if (position === s.position || s.log.some((entry) => entry.position === position)) return true;
  if (prev !== s.position) {
    if (!s.firstOfReplay || position === undefined) return false;
    if (!s.earlier || s.position) s.holes = [...s.holes, { after: s.position, before: position }];
  }
  s.firstOfReplay = false;
  append(s, frame);
  return true;
};

/** Forgets the transcript, for the server will tell it from the start. What was confirmed but never came back is sent again. */
export const rebuild = (s: Turn): void => {
  s.outbox = s.outbox.map((item) => (item.state === 'received' ? { ...item, state: 'waiting', tries: 0 } : item));
  s.log = s.holes = s.streaming = [];
  s.filling = s.position = null;
};

/** Asks for the page before the last hole, one request at a time. */
export const fillHoles = (s: Turn): void => {
  const hole = s.holes.at(-1);
  if (hole === undefined || s.filling !== null || s.phase !== 'live') return;
  s.filling = s.at.id;
  transmit(s, { type: 'history', id: s.at.id, data: { before: hole.before, limit: HISTORY_PAGE } });
  timer(s, 'history', ACK_TIMEOUT_MS);
};

/** Inserts entries before the one at `before` (at the front when null); known ones are left out. */
const insert = (s: Turn, entries: readonly LogEntry[], before: string | null): void => {
  const fresh = entries.filter(({ position }) => !s.log.some((known) => known.position === position));
  const at = before === null ? 0 : s.log.findIndex(({ position }) => position === before);
  if (at < 0 || fresh.length === 0) return;
  s.log = [...s.log.slice(0, at), ...fresh, ...s.log.slice(at)];
  for (const { message } of fresh) {
    if (message === null) continue;
    settle(s, message.id);
    emit(s, 'message', message);
  }
};

const fill = (s: Turn, entries: readonly LogEntry[], complete: boolean): void => {
  const hole = s.holes.at(-1);
  s.filling = null;
  timer(s, 'history', null);
  if (hole === undefined) return;
  // Only what lies behind the hole's edge is new; a page may reach further back.
  const edge = entries.findIndex(({ position }) => position === hole.after);
  const fresh = entries.slice(edge + 1);
  insert(s, fresh, hole.before);
  const [first] = fresh;
  const done = complete || edge >= 0 || typeof first?.position !== 'string' || first.prev === hole.after;
  s.holes = [...s.holes.slice(0, -1), ...(done ? [] : [{ after: hole.after, before: first.position }])];
  fillHoles(s);
};

/** An answer to `history`: for a hole, or for the application. */
export const onHistory = (s: Turn, frame: ServerFrame): void => {
  const entries = (frame.data.items ?? []).map((item) => toEntry(s, item));
  const complete = frame.data.complete ?? false;
  if (frame.id === undefined) return;
  if (frame.id === s.filling) return fill(s, entries, complete);
  // Joins the transcript when it ends where the transcript begins.
  const front = s.log[0];
  if (front?.prev === (entries.at(-1)?.position ?? null)) insert(s, entries, null);
  const messages = entries.flatMap(({ message }) => message ?? []);
  s.fx.push({ type: 'history_page', id: frame.id, page: { messages, complete } });
};

/** History was refused: the hole is given up (and reported by the caller), or the application told. */
export const onHistoryError = (s: Turn, id: string, error: ClientError): void => {
  if (id === s.filling) {
    s.filling = null;
    timer(s, 'history', null);
    s.holes = s.holes.slice(0, -1);
  } else s.fx.push({ type: 'history_page', id, page: error });
};

/** A piece of a reply: overwritten from `offset` (UTF-16 units). A piece that leaves a gap is dropped; the message follows. */
export const onDelta = (s: Turn, { replyId, offset = 0, text = '' }: FrameData): void => {
  if (replyId === undefined || s.log.some(({ message }) => message?.replyId === replyId)) return;
  const known = s.streaming.find((stream) => stream.replyId === replyId)?.text ?? '';
  if (offset > known.length) return;
  const stream = { replyId, text: known.slice(0, offset) + text };
  s.streaming = [...s.streaming.filter((other) => other.replyId !== replyId), stream];
  emit(s, 'delta', stream);
};

export const onReply = (s: Turn, { replyId, phase, reason }: FrameData): void => {
  if (replyId === undefined || phase === undefined) return;
  if (phase === 'started') onDelta(s, { replyId });
  if (phase === 'aborted') s.streaming = s.streaming.filter((stream) => stream.replyId !== replyId);
  emit(s, 'reply', { replyId, phase, reason });
};
