import { createLogChecker, holeProblem, type LogChecker, type LogProblem } from './log-checker.js';
import { isLogGap, type EventStore, type RecordedEvent } from './store.js';

export type { LogProblem } from './log-checker.js';

/** A place in the log and the digest of everything up to it, as noted by an earlier check and kept elsewhere. */
export interface NotedHead {
  readonly position: bigint;
  /** Lower-case hex SHA-256. */
  readonly digest: string;
}

export interface VerifyProgress {
  readonly events: number;
  readonly position: bigint;
  /** Where the log ended when the check began. */
  readonly head: bigint;
}

export interface VerifyReport {
  readonly ok: boolean;
  /** Sound events, up to the problem if there is one. */
  readonly events: number;
  readonly streams: number;
  /** Of the sound part; to be kept elsewhere and given back as `expectHead`. */
  readonly head: NotedHead;
  readonly problem?: LogProblem | undefined;
}

export interface VerifyOptions {
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined;
  /** The digest that the log must have had at that position. The only thing that finds a log that was rewritten as a whole. */
  readonly expectHead?: NotedHead | undefined;
  /** Whether the store promises positions without holes. Default true. */
  readonly contiguous?: boolean | undefined;
}

const PROGRESS_EVERY_EVENTS = 1_000;

interface Found {
  readonly problem: LogProblem;
  /** For a hole: reading can go on after this position. */
  readonly resumeAfter?: bigint;
}

const cutOff = (end: bigint, head: bigint, who: string): Found => ({
  problem: {
    kind: 'missing',
    position: end + 1n,
    what: `the end of the log was cut off: it stops at position ${String(end)}, but ${who} position ${String(head)}`,
  },
});

const hole = (after: bigint, next: bigint): Found => ({ problem: holeProblem(after, next), resumeAfter: next - 1n });

type Inspect = (event: RecordedEvent) => LogProblem | undefined;

/** The first problem after a position, `until` another or the head; a hole that the store itself reports is one too. */
const firstProblem = async (
  store: EventStore,
  range: { readonly after: bigint; readonly until?: bigint },
  head: bigint,
  inspect: Inspect,
): Promise<Found | undefined> => {
  let seen = range.after;
  try {
    for await (const event of store.readAll(range)) {
      const problem = inspect(event);
      if (problem !== undefined) {
        return problem.kind === 'missing' && problem.stream === undefined
          ? { problem, resumeAfter: event.position - 1n }
          : { problem };
      }
      seen = event.position;
    }
    return undefined;
  } catch (error) {
    if (!isLogGap(error)) throw error;
    // A store that reads in pages reports a hole without giving the events of that page which come before it.
    const before =
      seen < error.after ? await firstProblem(store, { after: seen, until: error.after }, head, inspect) : undefined;
    if (before !== undefined) return before;
    return error.found === null ? cutOff(error.after, head, 'its own head says') : hole(error.after, error.found);
  }
};

/**
 * What stood in a hole: the stream whose revisions jump behind it. Reads on to find it; it stays unknown when it was the
 * last of its stream.
 */
const nameMissing = async (store: EventStore, found: Found, checker: LogChecker, head: bigint): Promise<LogProblem> => {
  if (found.resumeAfter === undefined) return found.problem;
  checker.skipHole();
  const next = await firstProblem(store, { after: found.resumeAfter }, head, (event) => checker.check(event));
  if (next?.problem.kind !== 'missing' || next.problem.stream === undefined) return found.problem;
  const { stream, revision } = next.problem;
  return { ...found.problem, stream, revision, what: `${found.problem.what}; in its stream, ${next.problem.what}` };
};

const rewritten = (position: bigint): LogProblem => ({
  kind: 'other-log',
  position,
  what: `up to position ${String(position)} this is not the log whose digest was noted: it was rewritten as a whole, or replaced`,
});

/** Compares the digest at the noted position, once, when the walk gets there. */
const createNotedCheck = (noted: NotedHead | undefined) => {
  let open = noted !== undefined && noted.position > 0n;
  return {
    /** After an event was found sound. */
    reach: (position: bigint, digest: string): LogProblem | undefined => {
      if (!open || noted === undefined || position < noted.position) return undefined;
      open = false;
      return position === noted.position && digest === noted.digest ? undefined : rewritten(noted.position);
    },
    /** At the end of the log. */
    end: (position: bigint): Found | undefined =>
      open && noted !== undefined ? cutOff(position, noted.position, 'the digest was noted at') : undefined,
  };
};

/**
 * Walks the whole log and names the first record that is bad, missing or out of place. Needs no key: what is hashed is what
 * is stored, so a log is sound also when keys were destroyed. Events recorded during the walk are checked or left for the
 * next one. Memory grows with the number of streams (about 150 bytes each), not of events.
 *
 * What it cannot find by itself: a log that somebody rewrote from some event on, every later hash included, or whose end
 * was cut off together with its head. For that, keep `head` of the report elsewhere and give it as `expectHead` next time.
 * @throws whatever the store throws when it cannot be read
 */
export const verifyLog = async (store: EventStore, options: VerifyOptions = {}): Promise<VerifyReport> => {
  const head = (await store.head()).position;
  const checker = createLogChecker({ contiguous: options.contiguous ?? true });
  const noted = createNotedCheck(options.expectHead);
  const report = (): void => options.onProgress?.({ events: checker.events, position: checker.position, head });
  const found =
    (await firstProblem(store, { after: 0n }, head, (event) => {
      const problem = checker.check(event) ?? noted.reach(checker.position, checker.digest);
      if (checker.events % PROGRESS_EVERY_EVENTS === 0) report();
      return problem;
    })) ??
    (checker.position < head ? cutOff(checker.position, head, 'its own head says') : undefined) ??
    noted.end(checker.position);
  report();
  const { events, streams } = checker;
  const sound = { events, streams, head: { position: checker.position, digest: checker.digest } };
  if (found === undefined) return { ok: true, ...sound };
  return { ok: false, ...sound, problem: await nameMissing(store, found, checker, head) };
};
