import type { Words } from '../../lib/words';

/** The words that the conversation shows, in one language. */
export type ChatWords = Pick<Words, 'chat' | 'connection' | 'files' | 'check' | 'filed'>;
