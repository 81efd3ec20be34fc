import { logHashAfter } from './hash-chain.js';
import { createLogChecker, holeProblem, type LogChecker, type LogProblem } from './log-checker.js';
import { isLogGap, type EventStore, type LogHead, type RecordedEvent } from './store.js';

export type { LogProblem } from './log-checker.js';

/** A place in the log and the digest of everything up to it, as noted by an earlier check and kept elsewhere. */
export interface NotedHead {
  readonly position: bigint;
  /** The log hash there (see `hash-chain.ts`), lower-case hex. */
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
  /**
   * `chained`: the store keeps a chain over all streams, which was checked. `by-time`: it keeps one for each stream only, so
   * that events of different streams which changed places are found by their times, or by `expectHead`, or not at all.
   */
  readonly order: 'chained' | 'by-time';
  readonly problem?: LogProblem | undefined;
}

export interface VerifyOptions {
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined;
  /** Shown every sound event once, in order, as long as no problem is found. */
  readonly onEvent?: ((event: RecordedEvent) => void) | undefined;
  /** A head that the log must have had. The only thing that finds an end cut off with its head, or a log rewritten whole. */
  readonly expectHead?: NotedHead | undefined;
  /** Whether the store promises positions without holes. Default: what it says itself. */
  readonly contiguous?: boolean | undefined;
}

const PROGRESS_EVERY_EVENTS = 1_000;

interface Found {
  readonly problem: LogProblem;
  /** For a hole, or where one may have been closed: reading can go on after this position. */
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
    for await (const event of store.readAll({ ...range, hashes: 'all' })) {
      const problem = inspect(event);
      if (problem !== undefined) {
        return problem.kind === 'unlinked' || (problem.kind === 'missing' && problem.stream === undefined)
          ? { problem, resumeAfter: store.contiguous ? event.position - 1n : seen }
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
 * What stood in a hole, open or closed: the stream whose revisions jump behind it. Reads on to find it; it stays unknown when it was the
 * last of its stream.
 */
const nameMissing = async (store: EventStore, found: Found, checker: LogChecker, head: bigint): Promise<LogProblem> => {
  if (found.resumeAfter === undefined) return found.problem;
  checker.skipHole();
  const next = await firstProblem(store, { after: found.resumeAfter }, head, (event) => checker.check(event));
  if (next?.problem.kind !== 'missing' || next.problem.stream === undefined) return found.problem;
  const { stream, revision } = next.problem;
  const what = `${found.problem.what}; in its stream, ${next.problem.what}`;
  return { ...found.problem, kind: 'missing', stream, revision, what };
};

/** What the walk does not come to, because it ends at the head. */
const misplacedRecord = async (store: EventStore, head: bigint): Promise<Found | undefined> => {
  const found = await store.misplaced?.();
  if (found === undefined) return undefined;
  const where =
    found.position < 1n ? 'before the beginning of the log' : `behind the head of the log, position ${String(head)}`;
  const what = `a record stands ${where}: it was put in by hand, or the head was set back; nothing can be appended as long as it is there`;
  return { problem: { kind: 'behind_head', ...found, what } };
};

const rewritten = (position: bigint): LogProblem => ({
  kind: 'other-log',
  position,
  what: `up to position ${String(position)} this is not the log whose head was noted: it was rewritten as a whole, or replaced`,
});

const strangeHead = (position: bigint): LogProblem => ({
  kind: 'unlinked',
  position,
  what: `the head of the log does not belong to position ${String(position)}: the end was exchanged, or cut off and the head moved back`,
});

/** Compares the digest at a position that is known beforehand, once, when the walk gets there. */
const createHeadCheck = (noted: NotedHead | undefined, wrong: (position: bigint) => LogProblem) => {
  let open = noted !== undefined;
  return {
    /** At the start, and after an event was found sound. */
    reach: (position: bigint, digest: string): LogProblem | undefined => {
      if (!open || noted === undefined || position < noted.position) return undefined;
      open = false;
      return position === noted.position && digest === noted.digest ? undefined : wrong(noted.position);
    },
    /** At the end of the log. */
    end: (position: bigint): Found | undefined =>
      open && noted !== undefined ? cutOff(position, noted.position, 'its head was noted at') : undefined,
  };
};

/**
 * An event whose chain over all streams is broken, if it only changed places: then some later event is the one that was
 * recorded here. Reads on to find it.
 */
const nameMoved = async (store: EventStore, problem: LogProblem, digest: string): Promise<LogProblem> => {
  const before = Buffer.from(digest, 'hex');
  let logHashHere: string | undefined;
  try {
    for await (const event of store.readAll({ after: problem.position - 1n, hashes: 'all' })) {
      logHashHere ??= event.logHash;
      if (event.logHash === undefined) break;
      const logHash = logHashAfter(before, Buffer.from(event.hash, 'hex')).toString('hex');
      if (event.position > problem.position && (logHash === event.logHash || logHash === logHashHere)) {
        const what = `the event that was recorded here now stands at position ${String(event.position)}`;
        return { ...problem, kind: 'reordered', what };
      }
    }
  } catch (error) {
    if (!isLogGap(error)) throw error;
  }
  return problem;
};

const headOf = ({ position, logHash }: LogHead): NotedHead | undefined =>
  logHash === undefined ? undefined : { position, digest: logHash };

/**
 * Walks the whole log and names the first record that is bad, missing or out of place. Needs no key: what is hashed is what
 * is stored, so a log is sound also when keys were destroyed. Events recorded during the walk are checked or left for the
 * next one. Memory grows with the number of streams (about 150 bytes each), not of events.
 *
 * What it cannot find by itself: a log that somebody rewrote from some event on, every later hash and the head included, or
 * whose end was cut off with its head made anew. For that, keep `head` of the report elsewhere and give it as `expectHead`
 * next time. A store without a chain over all streams leaves one thing more to that (see `VerifyReport.order`).
 * @throws whatever the store throws when it cannot be read
 */
export const verifyLog = async (store: EventStore, options: VerifyOptions = {}): Promise<VerifyReport> => {
  const storedHead = await store.head();
  const head = storedHead.position;
  const checker = createLogChecker({ contiguous: options.contiguous ?? store.contiguous });
  const noted = createHeadCheck(options.expectHead, rewritten);
  const own = createHeadCheck(headOf(storedHead), strangeHead);
  const atHead = (): LogProblem | undefined =>
    own.reach(checker.position, checker.digest) ?? noted.reach(checker.position, checker.digest);
  const report = (): void => options.onProgress?.({ events: checker.events, position: checker.position, head });
  const atStart = atHead();
  const found =
    (atStart && { problem: atStart }) ??
    (await firstProblem(store, { after: 0n }, head, (event) => {
      const problem = checker.check(event) ?? atHead();
      if (problem === undefined) options.onEvent?.(event);
      if (checker.events % PROGRESS_EVERY_EVENTS === 0) report();
      return problem;
    })) ??
    (checker.position < head ? cutOff(checker.position, head, 'its own head says') : undefined) ??
    noted.end(checker.position) ??
    (await misplacedRecord(store, head));
  report();
  const { events, streams, position, digest } = checker;
  const order = checker.chained || storedHead.logHash !== undefined ? 'chained' : 'by-time';
  const sound = { events, streams, head: { position, digest }, order } as const;
  if (found === undefined) return { ok: true, ...sound };
  const named = await nameMissing(store, found, checker, head);
  const outOfPlace = order === 'chained' && named.kind === 'unlinked' && named.position > position;
  return { ok: false, ...sound, problem: outOfPlace ? await nameMoved(store, named, digest) : named };
};
