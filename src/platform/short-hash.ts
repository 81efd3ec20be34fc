import { createHash } from 'node:crypto';

/** First 8 hex digits of the SHA-256 of a text: how logs name a session without its id (security checklist, row 2). */
export const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);
