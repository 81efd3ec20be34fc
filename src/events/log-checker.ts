import { expectedHash, FIRST_LOG_HASH, FIRST_PREVIOUS_HASH, logHashAfter } from './hash-chain.js';
import type { RecordedEvent } from './store.js';

/** What is wrong with a log, at the first place where it shows. */
export interface LogProblem {
  /**
   * `changed`: an event is not what was recorded. `missing`: one or more were removed. `reordered`: one stands where it was
   * not recorded. `unlinked`: an event and the one before it, in its stream or in the log, do not belong together.
   * `other-log`: each event is sound, but this is not the log whose head was noted. `behind_head`: a record stands where no reader
   * gets to, and keeps others from being appended.
   */
  readonly kind: 'changed' | 'missing' | 'reordered' | 'unlinked' | 'other-log' | 'behind_head';
  /** Of the bad record, or where the missing one should be. */
  readonly position: bigint;
  readonly stream?: string | undefined;
  readonly revision?: number | undefined;
  /** In plain words, without what the event says. */
  readonly what: string;
}

export interface LogChecker {
  /** The problem of the next event in order of position, or undefined when it is sound and in its place. */
  check(event: RecordedEvent): LogProblem | undefined;
  /** Goes on after a hole whose problem was told: the next position is taken as it comes. */
  skipHole(): void;
  readonly events: number;
  readonly streams: number;
  /** Position of the last event, 0 before the first. */
  readonly position: bigint;
  /** The log hash of the last event (see `hash-chain.ts`): one value that says what the whole log is. Hex. */
  readonly digest: string;
  /** Whether the store keeps the chain over all streams, so that the order between streams could be checked with it. */
  readonly chained: boolean;
}

/** Last revision and hash of each stream; 36 bytes for each besides its name, so that a large log fits. */
const createStreamTable = () => {
  const rows = new Map<string, number>();
  let hashes = Buffer.alloc(32 * 1024);
  let revisions = new Int32Array(1024);
  const grow = (): void => {
    hashes = Buffer.concat([hashes, Buffer.alloc(hashes.length)]);
    const more = new Int32Array(revisions.length * 2);
    more.set(revisions);
    revisions = more;
  };
  return {
    size: () => rows.size,
    last: (stream: string): { revision: number; hash: string } => {
      const row = rows.get(stream);
      if (row === undefined) return { revision: -1, hash: FIRST_PREVIOUS_HASH };
      return { revision: revisions[row] ?? -1, hash: hashes.toString('hex', row * 32, row * 32 + 32) };
    },
    set: (stream: string, revision: number, hash: string): void => {
      const row = rows.get(stream) ?? rows.size;
      if (row === revisions.length) grow();
      rows.set(stream, row);
      revisions[row] = revision;
      hashes.write(hash, row * 32, 'hex');
    },
  };
};

/** What the clocks of the nodes of one cluster may differ. */
const CLOCKS_DIFFER_MS = 60_000;

const range = (from: bigint, to: bigint): string =>
  from === to ? `position ${String(from)}` : `positions ${String(from)} to ${String(to)}`;

/** The problem of a hole in the positions. */
export const holeProblem = (after: bigint, next: bigint): LogProblem => ({
  kind: 'missing',
  position: after + 1n,
  what: `nothing is left at ${range(after + 1n, next - 1n)}`,
});

/** Where an event stands in its stream, against the one before it there. */
const placeProblem = (
  event: RecordedEvent,
  last: { revision: number; hash: string },
): Omit<LogProblem, 'position'> | undefined => {
  const { stream, revision } = event;
  const expected = last.revision + 1;
  if (revision > expected) {
    return {
      kind: 'missing',
      stream,
      revision: expected,
      what: `revision ${expected} is missing, revision ${revision} follows`,
    };
  }
  if (revision < expected) {
    const what = `revision ${revision} comes ${revision === last.revision ? 'twice' : `after revision ${last.revision}`}`;
    return { kind: 'reordered', stream, revision, what };
  }
  if (expectedHash(event) !== event.hash) {
    return { kind: 'changed', stream, revision, what: 'what is stored does not fit its hash' };
  }
  if (event.previousHash === last.hash) return undefined;
  const what =
    expected === 0
      ? 'it is the first of its stream but names an event before it'
      : `it was recorded after another revision ${last.revision} than the one that is there now`;
  return { kind: 'unlinked', stream, revision, what };
};

/**
 * Checks a log event by event. Finds what was changed, removed or moved as long as the hashes after it were not made anew;
 * a log that was rewritten as a whole is found by its digest, if one was noted elsewhere.
 * @param contiguous whether the store promises positions without holes
 */
export const createLogChecker = ({ contiguous }: { readonly contiguous: boolean }): LogChecker => {
  const table = createStreamTable();
  let digest: Buffer = Buffer.from(FIRST_LOG_HASH, 'hex');
  let chained = false;
  let position = 0n;
  let events = 0;
  let recordedAt = new Date(0).toISOString();
  // Where positions are not counted, times come from whichever node led at the time; their clocks differ a little.
  const slackMs = contiguous ? 0 : CLOCKS_DIFFER_MS;
  let afterHole = false;

  const orderProblem = (event: RecordedEvent): LogProblem | undefined => {
    const { stream, revision } = event;
    if (event.position <= position) {
      const what = `it comes after position ${String(position)}`;
      return { kind: 'reordered', position: event.position, stream, revision, what };
    }
    return contiguous && !afterHole && event.position > position + 1n
      ? holeProblem(position, event.position)
      : undefined;
  };

  /** Where a sound event of a sound stream stands among those of other streams. Behind a hole nothing can be said. */
  const chainProblem = (event: RecordedEvent, next: Buffer): LogProblem | undefined => {
    const { position: at, stream, revision, logHash } = event;
    const about = { position: at, stream, revision } as const;
    if (Date.parse(event.recordedAt) < Date.parse(recordedAt) - slackMs) {
      const what = 'it was recorded before the event that now stands before it in the log';
      return { kind: 'reordered', ...about, what };
    }
    if (afterHole || logHash === next.toString('hex') || (logHash === undefined && !chained)) return undefined;
    const what = 'it was recorded after other events than those that stand before it in the log now';
    return { kind: 'unlinked', ...about, what };
  };

  const check = (event: RecordedEvent): LogProblem | undefined => {
    const order = orderProblem(event);
    if (order !== undefined) return order;
    const place = placeProblem(event, table.last(event.stream));
    if (place !== undefined) return { position: event.position, ...place };
    const next = logHashAfter(digest, Buffer.from(event.hash, 'hex'));
    const chain = chainProblem(event, next);
    if (chain !== undefined) return chain;
    table.set(event.stream, event.revision, event.hash);
    chained ||= event.logHash !== undefined;
    digest = afterHole && event.logHash !== undefined ? Buffer.from(event.logHash, 'hex') : next;
    position = event.position;
    if (event.recordedAt > recordedAt) recordedAt = event.recordedAt;
    events++;
    afterHole = false;
    return undefined;
  };

  return {
    check,
    skipHole: () => void (afterHole = true),
    get events() {
      return events;
    },
    get streams() {
      return table.size();
    },
    get position() {
      return position;
    },
    get digest() {
      return digest.toString('hex');
    },
    get chained() {
      return chained;
    },
  };
};
