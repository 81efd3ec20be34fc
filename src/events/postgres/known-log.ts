import { isExpected } from '../expected-revision.js';
import { FIRST_PREVIOUS_HASH } from '../hash-chain.js';
import { chainHashes, chainLogHashes, type AppendRequest, type Decision, type Written } from './append-batch.js';

/**
 * What this process knows of the log's end for as long as nobody else writes: the last position, and the last event of the
 * streams that it wrote itself. From that it can decide appends alone, and needs the database only to write them: the
 * statement that does (see planned-batch.ts) writes nothing unless the log still ends where this process believes. Whatever
 * cannot be decided so (a stream that is not known, a wrong revision) is left to `append_batch`.
 */
export interface KnownLog {
  /** Whether plans can be made now. */
  readonly certain: boolean;
  /** Places for all of these requests, or undefined. Later plans count on it, so it must be carried out at once. */
  plan(requests: readonly AppendRequest[], nowMs: number): Plan | undefined;
  /** The database is asked to decide; no plans until its answer is told to the function that this gives. */
  asking(): (requests: readonly AppendRequest[], decisions: readonly Decision[]) => void;
  /** A plan or a question failed: what was counted on may not be so. */
  forget(): void;
}

/** A batch that is decided but not written. */
export interface Plan {
  readonly requests: readonly AppendRequest[];
  readonly decisions: readonly Decision[];
  /**
   * Where the log must end for this, and with which hash: another process may have written as many events as an earlier plan
   * wanted to, and then the position alone would still fit.
   */
  readonly after: bigint;
  readonly afterHash: Buffer;
  readonly last: bigint;
  /** Of the whole log, once this is written. */
  readonly logHash: Buffer;
  readonly recordedMs: number;
}

interface StreamEnd {
  readonly revision: number;
  readonly hash: Buffer;
}

/** Streams that are remembered, about 300 bytes each. */
const MAX_STREAMS = 20_000;
const noEvents: StreamEnd = { revision: -1, hash: Buffer.from(FIRST_PREVIOUS_HASH, 'hex') };

/** Whether what was written comes right after a log that ends with this hash. */
const continues = (logHash: Buffer, { hashes, logHashes }: Written): boolean => {
  const [expected] = chainLogHashes(logHash, hashes.slice(1, 2));
  const [found] = logHashes;
  return expected !== undefined && found !== undefined && expected.equals(found);
};

export function createKnownLog(): KnownLog {
  const streams = new Map<string, StreamEnd>(); // in order of their last write
  let end: { readonly position: bigint; readonly recordedMs: number; readonly logHash: Buffer } | undefined;
  let certain = false;
  let questions = 0;
  let epoch = 0; // counts what was forgotten

  const remember = (stream: string, { written, result }: Decision): void => {
    const hash = written?.hashes.at(-1);
    if (hash === undefined || result instanceof Error) return;
    streams.delete(stream);
    streams.set(stream, { revision: result.revision, hash });
    const [oldest] = streams.keys();
    if (streams.size > MAX_STREAMS && oldest !== undefined) streams.delete(oldest);
  };
  const forget = (): void => {
    streams.clear();
    end = undefined;
    certain = false;
    epoch += 1;
  };
  /** The ends of the streams, if each is known and as expected. A new stream is not looked up: its revision 0 is unique. */
  const endsOf = (requests: readonly AppendRequest[]): StreamEnd[] | undefined => {
    const ends: StreamEnd[] = [];
    for (const { stream, expected } of requests) {
      const found = streams.get(stream) ?? (expected === 'noStream' ? noEvents : undefined);
      if (found === undefined || !isExpected(expected, found.revision)) return undefined;
      ends.push(found);
    }
    return ends;
  };

  const plan = (requests: readonly AppendRequest[], nowMs: number): Plan | undefined => {
    if (!certain || questions > 0 || end === undefined) return undefined;
    const ends = endsOf(requests);
    if (ends === undefined) return undefined;
    const recordedMs = Math.max(nowMs, end.recordedMs);
    const { position: after, logHash: afterHash } = end;
    let { position, logHash } = end;
    const decisions = requests.map((request, index): Decision => {
      const { revision, hash } = ends[index] ?? noEvents;
      const hashes = chainHashes(request, hash, revision + 1, recordedMs);
      const logHashes = chainLogHashes(logHash, hashes.slice(1));
      position += BigInt(request.events.length);
      logHash = logHashes.at(-1) ?? logHash;
      return {
        result: { revision: revision + request.events.length, position, duplicate: false },
        written: { recordedMs, hashes, logHashes },
      };
    });
    for (const [index, decided] of decisions.entries()) remember(requests[index]?.stream ?? '', decided);
    end = { position, recordedMs, logHash };
    return { requests, decisions, after, afterHash, last: position, logHash, recordedMs };
  };

  const learn = (requests: readonly AppendRequest[], decisions: readonly Decision[]): void => {
    let first: bigint | undefined;
    let last = end;
    let follows = false;
    for (const [index, { result, written }] of decisions.entries()) {
      if (written === undefined || result instanceof Error) continue;
      if (first === undefined) {
        first = result.position - BigInt(requests[index]?.events.length ?? 0);
        follows = end?.position === first && continues(end.logHash, written);
      }
      const logHash = written.logHashes.at(-1);
      if (logHash !== undefined) last = { position: result.position, recordedMs: written.recordedMs, logHash };
    }
    if (first === undefined) return;
    // Nobody else wrote since the end that was known: all that is remembered is still so.
    certain = follows;
    if (!certain) streams.clear();
    end = last;
    for (const [index, decided] of decisions.entries()) remember(requests[index]?.stream ?? '', decided);
  };

  return {
    get certain() {
      return certain && questions === 0;
    },
    plan,
    forget,
    asking() {
      questions += 1;
      const asked = epoch;
      let answered = false;
      return (requests, decisions) => {
        if (answered) return;
        answered = true;
        questions -= 1;
        if (asked === epoch) learn(requests, decisions);
      };
    },
  };
}
