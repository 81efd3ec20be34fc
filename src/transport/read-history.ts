import { sessionStream } from '../events/catalogue/index.js';
import type { EventLog } from '../events/event-log.js';
import { CHECKPOINT_EVENTS, type FrameCheckpoints } from './frame-checkpoints.js';
import type { V1DurableFrame } from './protocol/v1-server-frames.js';
import { emptyFold, foldFrame, type FrameFold, type FrameSource } from './session-frames.js';

/** A page holds no more than this many characters of text, so that it fits into what a slow socket may buffer. */
export const PAGE_CHARS = 256 * 1024;
/** What a frame takes besides its text. */
const FRAME_CHARS = 400;

export interface HistoryPage {
  /** Oldest first. */
  readonly items: readonly V1DurableFrame[];
  /** Nothing lies before them. */
  readonly complete: boolean;
}

/** About how many characters a frame has on the wire. */
const sizeOf = ({ data }: V1DurableFrame): number =>
  FRAME_CHARS + ('message' in data ? data.message.length + 100 * (data.media?.length ?? 0) : 0);

/** The newest frames that fit into a page: at most `limit`, at most `PAGE_CHARS`, at least one. */
export const newestPage = (frames: readonly V1DurableFrame[], limit: number): readonly V1DurableFrame[] => {
  let first = frames.length;
  let chars = 0;
  while (first > 0 && frames.length - first < limit) {
    chars += sizeOf(frames[first - 1] as V1DurableFrame);
    if (chars > PAGE_CHARS && first < frames.length) break;
    first -= 1;
  }
  return frames.slice(first);
};

interface Deps {
  readonly log: Pick<EventLog, 'readStream'>;
  readonly checkpoints: FrameCheckpoints;
}

/** Frames of the events after `from` and before `before`, the newest `limit` of them. */
const foldRange = async (
  { log, checkpoints }: Deps,
  source: FrameSource,
  range: { readonly from: FrameFold; readonly before: number; readonly limit: number },
): Promise<readonly V1DurableFrame[]> => {
  let fold = range.from;
  let frames: V1DurableFrame[] = [];
  for await (const event of log.readStream(sessionStream(source.sessionId), fold.view.revision + 1)) {
    if (event.meta.revision >= range.before) break;
    const [next, frame] = foldFrame(fold, event, source);
    fold = next;
    if (frame !== null) frames.push(frame);
    if (frames.length > range.limit * 2) frames = frames.slice(-range.limit);
    if ((event.meta.revision + 1) % CHECKPOINT_EVENTS === 0) checkpoints.save(source.sessionId, fold);
  }
  return frames.slice(-range.limit);
};

/**
 * The page of frames just before `before` (a revision; null: the newest ones).
 * @throws whatever makes the log unreadable
 */
export const readHistory = async (
  deps: Deps,
  source: FrameSource,
  { before, limit }: { readonly before: number | null; readonly limit: number },
): Promise<HistoryPage> => {
  const end = before ?? Number.MAX_SAFE_INTEGER;
  // One frame more than asked for tells whether there is something before them.
  for (let back = CHECKPOINT_EVENTS; ; back *= 4) {
    const from =
      before === null
        ? deps.checkpoints.framesBack(source.sessionId, limit + 1)
        : deps.checkpoints.atOrBefore(source.sessionId, before - back);
    const frames = await foldRange(deps, source, { from, before: end, limit: limit + 1 });
    if (frames.length <= limit && from.frames > 0) {
      if (before !== null) continue;
      const all = await foldRange(deps, source, { from: emptyFold, before: end, limit: limit + 1 });
      return pageOf(all, limit);
    }
    return pageOf(frames, limit);
  }
};

const pageOf = (frames: readonly V1DurableFrame[], limit: number): HistoryPage => {
  const items = newestPage(frames, limit);
  return { items, complete: items.length === frames.length };
};
