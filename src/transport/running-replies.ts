// What goes on at this moment and is never recorded: replies that are being written (`shared-replies.ts` brings those of others).

export type ReplyEnd = 'finished' | 'cancelled' | 'failed' | 'put_off';

export type ReplyNews =
  | { readonly kind: 'started'; readonly replyId: string }
  /** All of the text so far. */
  | { readonly kind: 'text'; readonly replyId: string; readonly text: string }
  | { readonly kind: 'ended'; readonly replyId: string; readonly how: ReplyEnd };

export interface RunningReply {
  readonly replyId: string;
  readonly text: string;
}

export interface RunningReplies {
  started(sessionId: string, replyId: string): void;
  /** It is begun again: what was written before counts no more. */
  begun(sessionId: string, replyId: string): void;
  /** A piece of text was written. */
  wrote(sessionId: string, replyId: string, piece: string): void;
  ended(sessionId: string, replyId: string, how: ReplyEnd): void;
  /** The reply of a session that is being written, with its text so far. */
  current(sessionId: string): RunningReply | null;
  /** Gives news of one session, each with all of the text so far. Gives a function that leaves. */
  listen(sessionId: string, listener: (news: ReplyNews) => void): () => void;
  /** How many replies are being written. */
  size(): number;
}

export interface RunningRepliesSettings {
  /** Pieces of text are gathered for so long, in ms, … */
  readonly flushMs: number;
  /** … or until so many characters have come together (protocol.md table, row 9). */
  readonly flushChars: number;
}

interface Writing {
  readonly replyId: string;
  text: string;
  /** Characters that listeners have been told. */
  told: number;
  timer: NodeJS.Timeout | undefined;
}

/** Replies that are being written, one at a time for each session. */
export const createRunningReplies = (
  { flushMs, flushChars }: RunningRepliesSettings = { flushMs: 50, flushChars: 256 },
): RunningReplies => {
  const writing = new Map<string, Writing>();
  const listeners = new Map<string, Set<(news: ReplyNews) => void>>();

  const tell = (sessionId: string, news: ReplyNews): void => {
    for (const listener of [...(listeners.get(sessionId) ?? [])]) listener(news);
  };
  const flush = (sessionId: string, reply: Writing): void => {
    clearTimeout(reply.timer);
    reply.timer = undefined;
    if (reply.told === reply.text.length) return;
    reply.told = reply.text.length;
    tell(sessionId, { kind: 'text', replyId: reply.replyId, text: reply.text });
  };
  const find = (sessionId: string, replyId: string): Writing | undefined => {
    const reply = writing.get(sessionId);
    return reply?.replyId === replyId ? reply : undefined;
  };

  return {
    started: (sessionId, replyId) => {
      clearTimeout(writing.get(sessionId)?.timer);
      writing.set(sessionId, { replyId, text: '', told: 0, timer: undefined });
      tell(sessionId, { kind: 'started', replyId });
    },
    begun: (sessionId, replyId) => {
      const reply = find(sessionId, replyId);
      if (reply === undefined || reply.text === '') return;
      clearTimeout(reply.timer);
      Object.assign(reply, { text: '', told: 0, timer: undefined });
      tell(sessionId, { kind: 'started', replyId });
    },
    wrote: (sessionId, replyId, piece) => {
      const reply = find(sessionId, replyId);
      if (reply === undefined || piece === '') return;
      reply.text += piece;
      // The first words leave at once: whoever waits sees that there is an answer.
      if (reply.told === 0 || reply.text.length - reply.told >= flushChars) flush(sessionId, reply);
      else reply.timer ??= setTimeout(() => flush(sessionId, reply), flushMs);
    },
    ended: (sessionId, replyId, how) => {
      const reply = find(sessionId, replyId);
      if (reply === undefined) return;
      flush(sessionId, reply);
      writing.delete(sessionId);
      tell(sessionId, { kind: 'ended', replyId, how });
    },
    current: (sessionId) => {
      const reply = writing.get(sessionId);
      return reply === undefined ? null : { replyId: reply.replyId, text: reply.text };
    },
    listen: (sessionId, listener) => {
      const mine = listeners.get(sessionId) ?? new Set();
      listeners.set(sessionId, mine.add(listener));
      return () => {
        mine.delete(listener);
        if (mine.size === 0 && listeners.get(sessionId) === mine) listeners.delete(sessionId);
      };
    },
    size: () => writing.size,
  };
};
