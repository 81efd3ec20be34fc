/**
 * The port to where the bytes of evidence lie. They arrive sealed; the store knows neither content nor session: `owner`
 * is a name made from the session, `name` one made from content and key (see `store-evidence.ts`).
 */
export interface BlobStore {
  /**
   * Keeps the bytes durably, all or none, under owner and name. The same name again changes nothing.
   * @throws BlobStoreFullError when the quota of all files or the disk leaves no room
   */
  put(owner: string, name: string, sealed: Buffer): Promise<void>;
  /** Null when there is nothing of that name. */
  get(owner: string, name: string): Promise<Buffer | null>;
  has(owner: string, name: string): Promise<boolean>;
  /** Bytes of all files of one owner. */
  ownerBytes(owner: string): Promise<number>;
  /** Every file, with the time of its last write. */
  list(): AsyncIterable<StoredBlob>;
  remove(owner: string, name: string): Promise<void>;
  /** Removes all files of one owner, durably; what is gone already is no error. Gives how many there were. */
  removeAll(owner: string): Promise<number>;
  /**
   * Removes what interrupted writes left behind, if older than so many ms, and counts anew what the quota holds (another
   * process may have removed files). Gives how many.
   */
  removeLeftovers(olderThanMs: number): Promise<number>;
}

export interface StoredBlob {
  readonly owner: string;
  readonly name: string;
  readonly bytes: number;
  readonly writtenAt: Date;
}

export interface BlobStoreFullError extends Error {
  readonly code: 'blob_store_full';
}

export const blobStoreFull = (why: string): BlobStoreFullError =>
  Object.assign(new Error(`No room for evidence: ${why}`), { code: 'blob_store_full' as const });

export const isBlobStoreFull = (error: unknown): error is BlobStoreFullError =>
  error instanceof Error && 'code' in error && error.code === 'blob_store_full';
