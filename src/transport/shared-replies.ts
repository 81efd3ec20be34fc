import { z } from 'zod';
import type { Broadcast } from '../events/broadcast.js';
import type { ReplyEnd, RunningReplies } from './running-replies.js';

// A reply is written by one process, and its citizen may be connected to another. What is written is told to all of them; it is
// of the moment, so what gets lost is only shown later, with the message itself.

/** Replies of this process and of all others that share its log. The writing side is for this process. */
export interface SharedReplies extends Pick<RunningReplies, 'started' | 'begun' | 'wrote' | 'ended'> {
  /** Asks the process that writes this reply to stop it. False: none is known to. */
  cancelElsewhere(sessionId: string, replyId: string): boolean;
  stop(): void;
}

/** Text of one word; even if each character needs six bytes of JSON, and those are written as JSON once more, it fits. */
const PIECE_CHARS = 600;
/** How often a process tells that it still writes, and after how long a silence it is taken for dead. */
const ALIVE_MS = 5_000;
const SILENT_MS = 15_000;

const base = { s: z.string(), r: z.string() };
const wordSchema = z.discriminatedUnion('k', [
  z.object({ ...base, k: z.literal('started') }),
  /** Still writing: so many characters by now. */
  z.object({ ...base, k: z.literal('alive'), o: z.number() }),
  z.object({ ...base, k: z.literal('text'), o: z.number(), x: z.string() }),
  z.object({ ...base, k: z.literal('ended'), how: z.enum(['finished', 'cancelled', 'failed', 'put_off']) }),
  /** Some text was missed: tell all of it. */
  z.object({ ...base, k: z.literal('ask') }),
  z.object({ ...base, k: z.literal('cancel') }),
]);
type Word = z.infer<typeof wordSchema>;

interface Here {
  readonly replyId: string;
  /** Characters that the others have been told. */
  told: number;
  readonly leave: () => void;
}
interface Elsewhere {
  readonly replyId: string;
  heardAt: number;
  /** Its text was asked for and has not come yet. */
  asked: boolean;
}

export interface SharedRepliesDeps {
  /** Shows replies to the clients of this process, wherever they are written. */
  readonly replies: RunningReplies;
  readonly broadcast: Pick<Broadcast, 'tell' | 'hear'>;
  /** Stops a reply of this process; somebody elsewhere asked for it. */
  readonly cancelHere: (sessionId: string, replyId: string) => void;
  /** Milliseconds. */
  readonly now: () => number;
}

const read = (word: string): Word | null => {
  try {
    return wordSchema.safeParse(JSON.parse(word)).data ?? null;
  } catch {
    return null;
  }
};

/** Joins the replies of this process with those that others tell of. */
export const shareReplies = ({ replies, broadcast, cancelHere, now }: SharedRepliesDeps): SharedReplies => {
  const here = new Map<string, Here>();
  const elsewhere = new Map<string, Elsewhere>();
  let beat: NodeJS.Timeout | undefined;

  const tell = (word: Word): void => broadcast.tell(JSON.stringify(word));
  const tellText = (s: string, mine: Here, text: string): void => {
    for (; mine.told < text.length; mine.told = Math.min(text.length, mine.told + PIECE_CHARS))
      tell({ k: 'text', s, r: mine.replyId, o: mine.told, x: text.slice(mine.told, mine.told + PIECE_CHARS) });
  };
  const end = (s: string, { replyId }: Elsewhere, how: ReplyEnd): void => {
    elsewhere.delete(s);
    replies.ended(s, replyId, how);
  };

  const onBeat = (): void => {
    for (const [s, { replyId: r, told: o }] of here) tell({ k: 'alive', s, r, o });
    for (const [s, other] of elsewhere) if (now() - other.heardAt > SILENT_MS) end(s, other, 'put_off');
    if (here.size + elsewhere.size > 0) return;
    clearInterval(beat);
    beat = undefined;
  };
  const keepBeating = (): void => {
    beat ??= setInterval(onBeat, ALIVE_MS).unref();
  };

  /** The reply of somebody else that a word is about, made known if it was not. */
  const follow = (s: string, r: string): Elsewhere => {
    const known = elsewhere.get(s);
    if (known?.replyId === r) return Object.assign(known, { heardAt: now() });
    const other = { replyId: r, heardAt: now(), asked: false };
    elsewhere.set(s, other);
    replies.started(s, r);
    keepBeating();
    return other;
  };
  /** Takes text that stands at `offset`; asks for all of it when something before it is missing. */
  const takeText = (s: string, r: string, offset: number, text: string): void => {
    const other = follow(s, r);
    const known = replies.current(s)?.text.length ?? 0;
    if (offset > known) {
      if (!other.asked) tell({ k: 'ask', s, r });
      other.asked = true;
      return;
    }
    other.asked = false;
    replies.wrote(s, r, text.slice(known - offset));
  };

  const onWord = (word: Word): void => {
    const { s, r } = word;
    const mine = here.get(s);
    if (word.k === 'ask' || word.k === 'cancel') {
      if (mine?.replyId !== r) return;
      if (word.k === 'cancel') cancelHere(s, r);
      else tellText(s, Object.assign(mine, { told: 0 }), replies.current(s)?.text ?? '');
      return;
    }
    // One process at a time writes for a session; while it is this one, others speak of the past.
    if (mine !== undefined) return;
    switch (word.k) {
      case 'started': {
        const again = elsewhere.get(s)?.replyId === r;
        follow(s, r);
        if (again) replies.begun(s, r);
        return;
      }
      case 'alive': {
        follow(s, r).asked = false; // the answer may have been lost
        takeText(s, r, word.o, '');
        return;
      }
      case 'text': {
        takeText(s, r, word.o, word.x);
        return;
      }
      case 'ended': {
        const other = elsewhere.get(s);
        if (other?.replyId === r) end(s, other, word.how);
        return;
      }
    }
  };
  broadcast.hear((text) => {
    const word = read(text);
    if (word !== null) onWord(word);
  });

  const begin = (s: string, r: string): void => {
    here.get(s)?.leave();
    elsewhere.delete(s);
    const leave = replies.listen(s, (news) => {
      if (news.replyId !== r) return;
      switch (news.kind) {
        case 'started':
          mine.told = 0;
          {
            tell({ k: 'started', s, r });
            return;
          }
        case 'text': {
          tellText(s, mine, news.text);
          return;
        }
        case 'ended':
          here.delete(s);
          leave();
          {
            tell({ k: 'ended', s, r, how: news.how });
            return;
          }
      }
    });
    const mine: Here = { replyId: r, told: 0, leave };
    here.set(s, mine);
    keepBeating();
    replies.started(s, r);
  };

  return {
    started: begin,
    begun: (s, r) => replies.begun(s, r),
    wrote: (s, r, piece) => replies.wrote(s, r, piece),
    ended: (s, r, how) => replies.ended(s, r, how),
    cancelElsewhere: (s, r) => {
      if (elsewhere.get(s)?.replyId !== r) return false;
      tell({ k: 'cancel', s, r });
      return true;
    },
    stop: () => {
      clearInterval(beat);
      for (const { leave } of here.values()) leave();
      here.clear();
    },
  };
};
