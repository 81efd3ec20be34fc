import { createDecipheriv, createHmac } from 'node:crypto';
import type { EvidenceItem } from '../commands/session/state.js';
import { isSubjectErased } from '../events/errors.js';
import type { KeyStore } from '../events/event-log.js';
import { ERASED } from '../events/personal.js';
import { isBlobStoreFull, type BlobStore } from './blob-store.js';
import type { ByteWorker, Decoded } from './byte-worker.js';
import { defaultEvidenceTypes, type EvidenceType } from './file-types.js';
import { inspectFile } from './inspect.js';
import { ownerOf } from './owner.js';
import type { ReceivedFile } from './receive-file.js';
import { refused, taken, type Checked } from './refusal.js';

export interface EvidenceLimits {
  /** Decoded. */
  readonly maxFileBytes: number;
  readonly maxSessionEvidenceBytes: number;
}

/** A file as it came in a message. */
export interface Upload {
  /** UUID; a retry of the same message brings the same one. */
  readonly evidenceId: string;
  readonly name: string;
  readonly type: string;
  /** Declared size in bytes, if any. */
  readonly size: number | null;
  readonly base64: string;
}

export interface EvidenceStore {
  /**
   * Checks a file and keeps it, sealed, before any event tells of it. One at a time per session.
   * Gives what `PostUserMessage` takes, or why not.
   */
  store(sessionId: string, upload: Upload): Promise<Checked<EvidenceItem>>;
  /** The same for a file that was received over HTTP. The received file is removed. */
  storeReceived(
    sessionId: string,
    file: ReceivedFile,
    about: Pick<Upload, 'evidenceId' | 'name' | 'type'>,
  ): Promise<Checked<EvidenceItem>>;
  /** The bytes of a stored file; null when they are not there or the key was destroyed. */
  read(sessionId: string, sha256: string): Promise<Buffer | null>;
  /** Removes every file of a session whose evidence was erased. May be repeated at will. Gives how many there were. */
  forget(sessionId: string): Promise<number>;
  /**
   * Removes files that no event tells of (a crash between storing and appending, an erasure that came in between) and
   * leftovers of interrupted writes, when they are older than `olderThanMs`. Gives how many were removed.
   */
  sweepOrphans(known: AsyncIterable<KnownFile>, olderThanMs: number): Promise<number>;
  /** Ends the worker thread. */
  close(): Promise<void>;
}

/** A file that an EvidenceUploaded of the log, or an upload not named yet, tells of. Those of erased sessions are not known. */
export interface KnownFile {
  readonly sessionId: string;
  /** `ERASED` when it cannot be read although nobody erased it (keys are missing): then all files of the session stay. */
  readonly sha256: string;
}

/** All sessions together; each may cost its size several times in memory. */
const MAX_UPLOADS_AT_ONCE = 16;
const HEADER_BYTES = 16; // `CIE1` and the IV
const TAG_BYTES = 16;

/**
 * Name of a file on the disk, made with the evidence key of its session: the
 * same file of one session has one name, that of two sessions has two, and who knows a file and the session cannot find out
 * whether it was given to us, least of all when the key has been destroyed.
 */
const nameOf = (key: Buffer, sha256: string): string =>
  createHmac('sha256', key).update(`evidence-name/${sha256}`).digest('hex');
const bindingOf = (sessionId: string, sha256: string): string => `${sessionId}/evidence/${sha256}`;

const openSealedBytes = (sealed: Buffer, key: Buffer, aad: string): Buffer => {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(4, HEADER_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(aad));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES, sealed.length - TAG_BYTES)), decipher.final()]);
};

interface Deps {
  readonly blobs: BlobStore;
  readonly keys: Pick<KeyStore, 'keyForSealing' | 'keyForOpening'>;
  readonly worker: ByteWorker;
  readonly limits: EvidenceLimits;
  readonly types?: readonly EvidenceType[];
}

const tooLarge = ({ maxFileBytes }: EvidenceLimits): Checked<never> =>
  refused('file_too_large', `The file is too large. At most ${Math.floor(maxFileBytes / 2 ** 20)} MB can be taken.`);

type About = Pick<Upload, 'evidenceId' | 'name' | 'type'>;

const keepUpload = async (deps: Deps, sessionId: string, upload: Upload): Promise<Checked<EvidenceItem>> => {
  const { limits, worker } = deps;
  // Before decoding: base64 takes at least 4 characters for 3 bytes.
  if (Math.floor(upload.base64.length / 4) * 3 - 2 > limits.maxFileBytes) return tooLarge(limits);
  const decoded = await worker.decode(upload.base64);
  if (decoded === null || (upload.size !== null && upload.size !== decoded.bytes.length))
    return refused('file_size_mismatch', 'The file did not arrive whole. Please send it again.');
  return keep(deps, sessionId, upload, decoded);
};

const keep = async (
  deps: Deps,
  sessionId: string,
  about: About,
  { bytes, sha256 }: Decoded,
): Promise<Checked<EvidenceItem>> => {
  const { limits, blobs, worker } = deps;
  const sizeBytes = bytes.length;
  if (sizeBytes > limits.maxFileBytes) return tooLarge(limits);
  const file = { name: about.name, declaredType: about.type, bytes };
  const inspected = await inspectFile(file, deps.types ?? defaultEvidenceTypes);
  if (!inspected.ok) return inspected;
  const key = await deps.keys.keyForSealing(sessionId, 'evidence');
  const [owner, name] = [ownerOf(sessionId), nameOf(key, sha256)];
  if (!(await blobs.has(owner, name))) {
    if ((await blobs.ownerBytes(owner)) + sizeBytes > limits.maxSessionEvidenceBytes)
      return refused('quota_exceeded', 'There is no room for more files in this conversation.');
    await blobs.put(owner, name, await worker.seal(bytes, key, bindingOf(sessionId, sha256)));
  }
  return taken({ evidenceId: about.evidenceId, ...inspected.value, sizeBytes, sha256 });
};

const orRefuse = async (work: () => Promise<Checked<EvidenceItem>>): Promise<Checked<EvidenceItem>> => {
  try {
    return await work();
  } catch (error) {
    if (isBlobStoreFull(error)) return refused('quota_exceeded', 'There is no room for more files just now.');
    if (isSubjectErased(error)) return refused('session_closed', 'This conversation was erased.');
    throw error;
  }
};

/** Evidence of all sessions, over a blob store. */
export const createEvidenceStore = (deps: Deps): EvidenceStore => {
  const tails = new Map<string, Promise<unknown>>();
  let running = 0;

  const oneAtATime = async <T>(sessionId: string, work: () => Promise<T>): Promise<T> => {
    const mine = (tails.get(sessionId) ?? Promise.resolve()).then(work, work);
    tails.set(sessionId, mine);
    try {
      return await mine;
    } finally {
      if (tails.get(sessionId) === mine) tails.delete(sessionId);
    }
  };

  const limited = async (
    sessionId: string,
    work: () => Promise<Checked<EvidenceItem>>,
  ): Promise<Checked<EvidenceItem>> => {
    if (running >= MAX_UPLOADS_AT_ONCE)
      return refused('busy', 'Many files arrive just now. Please try again in a moment.');
    running += 1;
    try {
      return await oneAtATime(sessionId, () => orRefuse(work));
    } finally {
      running -= 1;
    }
  };

  return {
    store: (sessionId, upload) => limited(sessionId, () => keepUpload(deps, sessionId, upload)),
    storeReceived: async (sessionId, file, about) => {
      try {
        return await limited(sessionId, async () => keep(deps, sessionId, about, await deps.worker.load(file)));
      } finally {
        await file.drop();
      }
    },
    read: async (sessionId, sha256) => {
      const key = await deps.keys.keyForOpening(sessionId, 'evidence');
      if (key === 'erased') return null;
      const sealed = await deps.blobs.get(ownerOf(sessionId), nameOf(key, sha256));
      return sealed === null ? null : openSealedBytes(sealed, key, bindingOf(sessionId, sha256));
    },
    // After those that are being stored just now: they may have got the key before it was destroyed.
    forget: (sessionId) => oneAtATime(sessionId, () => deps.blobs.removeAll(ownerOf(sessionId))),
    sweepOrphans: async (known, olderThanMs) => {
      const names = new Set<string>();
      const kept = new Set<string>();
      for await (const { sessionId, sha256 } of known) {
        const key = await deps.keys.keyForOpening(sessionId, 'evidence');
        if (key === 'erased' || sha256 === ERASED) kept.add(ownerOf(sessionId));
        else names.add(nameOf(key, sha256));
      }
      let removed = await deps.blobs.removeLeftovers(olderThanMs);
      for await (const blob of deps.blobs.list()) {
        if (names.has(blob.name) || kept.has(blob.owner)) continue;
        if (Date.now() - blob.writtenAt.getTime() < olderThanMs) continue;
        await deps.blobs.remove(blob.owner, blob.name);
        removed += 1;
      }
      return removed;
    },
    close: () => deps.worker.close(),
  };
};
