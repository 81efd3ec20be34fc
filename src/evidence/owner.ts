import { createHash } from 'node:crypto';

/** The folder of a session's files: the session id never stands on the disk. */
export const ownerOf = (sessionId: string): string =>
  createHash('sha256').update(`evidence-owner/${sessionId}`).digest('hex');
