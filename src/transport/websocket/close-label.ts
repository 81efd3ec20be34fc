import { closeCodes } from '../protocol/codes.js';

/** Codes that no frame carries: closed without a code, and cut off. */
const withoutFrame: ReadonlySet<number> = new Set([1005, 1006]);

/** A close code as a label of metrics: a peer may close with any number, labels come from the table alone. */
export const closeLabel = (code: number): string =>
  Object.hasOwn(closeCodes, code) || withoutFrame.has(code) ? String(code) : 'other';
