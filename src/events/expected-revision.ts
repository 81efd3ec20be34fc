import type { ExpectedRevision } from './store.js';

/** Whether a stream that ends at this revision (-1: there is none) is what an append expects. See `EventStore.append`. */
export const isExpected = (expected: ExpectedRevision, revision: number): boolean => {
  switch (expected) {
    case 'any':
      return true;
    case 'noStream':
      return revision === -1;
    case 'streamExists':
      return revision >= 0;
    default:
      return revision === expected;
  }
};
