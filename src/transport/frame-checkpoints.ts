import { createLru } from '../commands/lru.js';
import { emptyFold, type FrameFold } from './session-frames.js';

/**
 * Folds of sessions at some of their revisions, in memory: a client that is nearly up to date does not make the server read
 * the whole conversation again. Only a short cut: without them (after a restart) everything is folded from the start.
 */
export interface FrameCheckpoints {
  /** The latest one at or before a revision; the empty fold when there is none. */
  atOrBefore(sessionId: string, revision: number): FrameFold;
  /** The latest one that has at least so many frames between itself and the latest of all. */
  framesBack(sessionId: string, frames: number): FrameFold;
  save(sessionId: string, fold: FrameFold): void;
  /** After an erasure: nothing that was read before it may be kept. */
  forget(sessionId: string): void;
}

/** Distance of the checkpoints that are kept for a long conversation, in events; the newest is always kept. */
export const CHECKPOINT_EVENTS = 128;
/** Most checkpoints of one session; the oldest go first. */
const MAX_PER_SESSION = 32;
const SESSIONS = 5_000;

export const createFrameCheckpoints = (sessions = SESSIONS): FrameCheckpoints => {
  const kept = createLru<readonly FrameFold[]>(sessions);
  const latest = (sessionId: string, fits: (fold: FrameFold) => boolean): FrameFold =>
    kept.get(sessionId)?.findLast(fits) ?? emptyFold;
  return {
    atOrBefore: (sessionId, revision) => latest(sessionId, ({ view }) => view.revision <= revision),
    framesBack: (sessionId, frames) => {
      const newest = kept.get(sessionId)?.at(-1);
      return newest === undefined ? emptyFold : latest(sessionId, (fold) => newest.frames - fold.frames >= frames);
    },
    save: (sessionId, fold) => {
      const { revision } = fold.view;
      const known = kept.get(sessionId) ?? [];
      if (revision < 0 || known.some(({ view }) => view.revision === revision)) return;
      const sorted = [...known, fold].sort((a, b) => a.view.revision - b.view.revision);
      const spread = sorted.filter(({ view }, at) => {
        const next = sorted[at + 1];
        if (next === undefined) return true;
        const slot = Math.floor(view.revision / CHECKPOINT_EVENTS);
        return slot !== Math.floor(next.view.revision / CHECKPOINT_EVENTS);
      });
      kept.set(sessionId, spread.slice(-MAX_PER_SESSION));
    },
    forget: (sessionId) => kept.delete(sessionId),
  };
};
