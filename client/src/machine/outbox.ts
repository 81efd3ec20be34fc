import type { ClientError } from '../errors.js';
import type { MediaInfo, ServerFrame } from '../frames.js';
import { backoffMs } from './backoff.js';
import { ACK_TIMEOUT_MS, emit, MAX_TRIES, report, timer, transmit } from './basics.js';
import type { ChatMessage, InputOf, OutboxItem, Turn } from './types.js';

// Messages go one at a time, in the order of writing: one that waits (for the connection, for its files, after a refusal "for
// now") is never overtaken. One that failed waits for a person, who may be long: the others go on without it.

/** How a message that is still here looks to the application. */
export const toBubble = (item: OutboxItem): ChatMessage => ({
  id: item.id,
  role: 'citizen',
  text: item.text,
  state: item.state,
  at: item.at,
  // Only what describes the files: an inline file has its content here too.
  media: item.media.map((file): MediaInfo => ({ ...file, data: undefined })),
  quickReplies: [],
  error: item.error,
  progress: item.progress,
});

export const change = (s: Turn, id: string, changes: Partial<OutboxItem>): void => {
  s.outbox = s.outbox.map((item) => (item.id === id ? { ...item, ...changes } : item));
};

/** Nothing is under way any more; what was sent without an answer waits again, with the same id. */
export const recall = (s: Turn): void => {
  if (s.inFlight !== null) change(s, s.inFlight, { state: 'waiting' });
  s.inFlight = null;
  s.held = false;
};

/** Sends the next message, if it is its turn. */
export const flush = (s: Turn): void => {
  if (s.phase !== 'live' || s.inFlight !== null || s.held || s.session === null) return;
  const item = s.outbox.find(({ state }) => state === 'waiting');
  if (item === undefined || item.uploading) return;
  const { id, text, media } = item;
  const data = { message: text, sessionId: s.session.sessionId, media: media.length === 0 ? undefined : media };
  if (s.transport === 'classic') {
    // No acknowledgement there: what is written to the socket counts as sent, and nothing more is ever known.
    transmit(s, { type: 'message', data });
    s.outbox = s.outbox.filter((other) => other !== item);
    s.log = [...s.log, { position: null, prev: null, message: toBubble({ ...item, state: 'sent' }) }];
    return flush(s);
  }
  s.inFlight = id;
  change(s, id, { state: 'sent' });
  transmit(s, { type: 'message', id, data });
  timer(s, 'ack', ACK_TIMEOUT_MS);
};

const answered = (s: Turn, id: string): void => {
  if (s.inFlight !== id) return;
  s.inFlight = null;
  timer(s, 'ack', null);
};

/** A full outbox is refused before, by the caller. */
export const enqueue = (s: Turn, { type: _, ...message }: InputOf<'send'>): void => {
  const item = { ...message, at: new Date(s.at.now).toISOString(), state: 'waiting' as const, tries: 0 };
  s.outbox = [...s.outbox, item];
  flush(s);
};

/** Its durable frame is here: the bubble of the outbox makes room for it. */
export const settle = (s: Turn, id: string): void => {
  s.outbox = s.outbox.filter((item) => item.id !== id);
  answered(s, id);
};

/** The server has it durably; the text leaves the storage now. */
export const onAck = (s: Turn, { id, data }: ServerFrame): void => {
  if (id === undefined) return;
  // With `duplicate` the durable frame may lie in the transcript already; then there is no bubble left to keep.
  if (s.log.some(({ message }) => message?.id === id)) settle(s, id);
  change(s, id, { state: 'received' });
  answered(s, id);
  s.error = null;
  emit(s, 'ack', { id, position: data.position ?? null, duplicate: data.duplicate ?? false });
  flush(s);
};

/** A message was refused: later again when that can help (then true), else it is up to a person. */
export const onRefused = (s: Turn, id: string, error: ClientError): boolean => {
  const item = s.outbox.find((other) => other.id === id);
  if (item === undefined || s.inFlight !== id) return false;
  answered(s, id);
  if (error.retryable && item.tries + 1 < MAX_TRIES) {
    change(s, id, { state: 'waiting', tries: item.tries + 1 });
    timer(s, 'hold', (error.retryAfterMs ?? 500) + backoffMs(s.policy, item.tries, s.at.chance));
    return (s.held = true);
  }
  change(s, id, { state: 'failed', error });
  flush(s);
  return false;
};

export const onUploaded = (s: Turn, { id, media }: InputOf<'uploaded'>): void => {
  change(s, id, { media, uploading: false, progress: undefined });
  flush(s);
};

export const onUploadFailed = (s: Turn, { id, error }: InputOf<'upload_failed'>): void => {
  // Taken away meanwhile, or the conversation ended: nobody has to know.
  if (!s.outbox.some((item) => item.id === id)) return;
  change(s, id, { state: 'failed', error });
  report(s, error);
  flush(s);
};

/** A person asks for a failed message again: same id, for the server never recorded it; now last in the row. */
export const retry = (s: Turn, { id, uploading }: InputOf<'retry'>): void => {
  const known = s.outbox.find((item) => item.id === id && item.state === 'failed');
  // Never without its files: they may be on their way still, or lost in a reload.
  if (known === undefined || (known.uploading && !uploading)) return;
  const again = { ...known, uploading, state: 'waiting' as const, tries: 0, error: undefined };
  s.outbox = [...s.outbox.filter((other) => other !== known), again];
  flush(s);
};

export const discard = (s: Turn, { id }: InputOf<'discard'>): void => {
  s.outbox = s.outbox.filter((item) => item.id !== id || ['sent', 'received'].includes(item.state));
  flush(s);
};

/** The conversation that these were written for is gone: they are kept to be read and copied, not sent elsewhere by themselves. */
export const failAll = (s: Turn, error: ClientError): void => {
  s.outbox = s.outbox.map((item) => ({ ...item, state: 'failed', error }));
  s.inFlight = null;
};
