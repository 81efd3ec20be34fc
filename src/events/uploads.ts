/** A file that was checked and stored, as EvidenceUploaded will tell of it. */
export interface UploadedFile {
  /** UUID, under which messages name it. */
  readonly evidenceId: string;
  readonly name: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/**
 * Files that came before the message that will name them (POST /api/uploads). Their bytes lie with all evidence; here stands
 * only whose they are, until a message has named them. No message of another session can.
 */
export interface Uploads {
  /** @throws SubjectErasedError when the evidence of this session was erased */
  add(sessionId: string, file: UploadedFile): Promise<void>;
  /** The file of that id, of this very session, not too old to be named; null when there is none. */
  claim(sessionId: string, uploadId: string): Promise<UploadedFile | null>;
  /** Bytes that were uploaded and may still be named: the sweep of evidence leaves them alone. Without erased sessions. */
  list(): Promise<readonly { readonly sessionId: string; readonly sha256: string }[]>;
  /** Forgets all of one session whose evidence was erased. */
  forget(sessionId: string): Promise<void>;
  /** Forgets those that came at least so long ago: a message has named them by now, or none will. Gives how many. */
  sweep(olderThanMs: number): Promise<number>;
}
