/** What the double keeps: an append-only log of records in memory, with the rules of the real server for streams. */
export interface StoredRecord {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  /** Like the server's: grows with the size of what was written, so that it has holes. */
  readonly position: bigint;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
  /** Milliseconds since 1970; never goes back. */
  readonly createdMs: number;
}

export interface Proposed {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export type Expected = 'any' | 'noStream' | 'streamExists' | number;

export type AppendOutcome =
  | { readonly kind: 'ok'; readonly revision: number; readonly position: bigint }
  | { readonly kind: 'wrong'; readonly current: number }
  | { readonly kind: 'tombstoned' }
  | { readonly kind: 'denied' }
  /** An error that the client of 2024 has no name for. */
  | { readonly kind: 'strange'; readonly code: number; readonly message: string }
  | { readonly kind: 'too-large'; readonly most: number };

interface Stream {
  readonly records: StoredRecord[];
  /** Revisions before this one are hidden (truncated, softly deleted). */
  hiddenBefore: number;
  deleted: boolean;
  tombstoned: boolean;
}

/** Default of the real server (MaxAppendSize). */
const MAX_APPEND_BYTES = 1024 * 1024;

export interface MemoryServer {
  readonly all: readonly StoredRecord[];
  append(stream: string, expected: Expected, proposed: readonly Proposed[]): AppendOutcome;
  /** Visible records in order of revision; undefined when there is no such stream. */
  read(stream: string): readonly StoredRecord[] | 'tombstoned' | undefined;
  /** Hides everything; the stream can be written again and goes on counting. */
  softDelete(stream: string): void;
  tombstone(stream: string): void;
  truncate(stream: string, before: number): void;
  /** Changes what is stored, as somebody with access to the disk might. */
  tamper(position: bigint, change: Partial<StoredRecord>): void;
  /** Told of every record that is appended. Gives the way to stop that. */
  watch(listener: () => void): () => void;
}

export const createMemoryServer = (): MemoryServer => {
  const all: StoredRecord[] = [];
  const streams = new Map<string, Stream>();
  const listeners = new Set<() => void>();
  let position = 1_000n;
  let lastMs = 0;

  const streamOf = (name: string): Stream => {
    const found = streams.get(name) ?? { records: [], hiddenBefore: 0, deleted: false, tombstoned: false };
    streams.set(name, found);
    return found;
  };
  /** As the server does: the same ids at the place where they would stand are a repetition, whatever is in them. */
  const repeated = (records: readonly StoredRecord[], from: number, proposed: readonly Proposed[]): boolean =>
    proposed.length > 0 && proposed.every(({ id }, index) => records[from + index]?.id === id);
  const decide = (stream: Stream, expected: Expected, proposed: readonly Proposed[]): 'write' | number | 'wrong' => {
    const { records } = stream;
    const current = records.length - 1;
    const exists = records.length > 0 && !stream.deleted;
    if (expected === 'any' || expected === 'streamExists') {
      const at = records.findIndex(({ id }) => id === proposed[0]?.id);
      if (at !== -1 && repeated(records, at, proposed)) return at;
      return expected === 'any' || exists ? 'write' : 'wrong';
    }
    const wanted = expected === 'noStream' ? -1 : expected;
    if (wanted === current || (wanted === -1 && stream.deleted)) return 'write';
    return wanted < current && repeated(records, wanted + 1, proposed) ? wanted + 1 : 'wrong';
  };
  const write = (name: string, stream: Stream, proposed: readonly Proposed[]): AppendOutcome => {
    lastMs = Math.max(lastMs, Date.now());
    for (const one of proposed) {
      position += BigInt(60 + one.data.length + one.metadata.length);
      const record = { ...one, stream: name, revision: stream.records.length, position, createdMs: lastMs };
      stream.records.push(record);
      all.push(record);
    }
    stream.deleted = false;
    for (const listener of [...listeners]) listener();
    return { kind: 'ok', revision: stream.records.length - 1, position };
  };
  const append: MemoryServer['append'] = (name, expected, proposed) => {
    const stream = streamOf(name);
    if (stream.tombstoned) return { kind: 'tombstoned' };
    const bytes = proposed.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
    if (bytes > MAX_APPEND_BYTES) return { kind: 'too-large', most: MAX_APPEND_BYTES };
    const decision = decide(stream, expected, proposed);
    if (decision === 'write') return write(name, stream, proposed);
    if (decision === 'wrong') return { kind: 'wrong', current: stream.records.length - 1 };
    const last = stream.records[decision + proposed.length - 1];
    return { kind: 'ok', revision: last?.revision ?? 0, position: last?.position ?? 0n };
  };

  return {
    all,
    append,
    read: (name) => {
      const stream = streams.get(name);
      if (stream?.tombstoned === true) return 'tombstoned';
      if (stream === undefined || stream.deleted || stream.records.length === 0) return undefined;
      return stream.records.slice(stream.hiddenBefore);
    },
    softDelete: (name) => {
      const stream = streamOf(name);
      stream.hiddenBefore = stream.records.length;
      stream.deleted = true;
    },
    tombstone: (name) => void (streamOf(name).tombstoned = true),
    truncate: (name, before) => void (streamOf(name).hiddenBefore = before),
    tamper: (at, change) => {
      const index = all.findIndex((record) => record.position === at);
      const record = all[index];
      if (record === undefined) throw new Error('There is no such record');
      all[index] = { ...record, ...change };
      const { records } = streamOf(record.stream);
      records[record.revision] = all[index];
    },
    watch: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
