import type { Metrics } from '../platform/metrics.js';
import { isStoreUnavailable, isWrongExpectedRevision } from './store-errors.js';
import type { EventStore } from './store.js';

/** The same store, telling how long appends take and how they end. */
export const measuredStore = (store: EventStore, metrics: Pick<Metrics, 'appended'>): EventStore => ({
  ...store,
  append: async (stream, events, options) => {
    const from = performance.now();
    try {
      const result = await store.append(stream, events, options);
      metrics.appended('ok', performance.now() - from);
      return result;
    } catch (error) {
      const outcome = isWrongExpectedRevision(error)
        ? 'conflict'
        : isStoreUnavailable(error)
          ? 'unavailable'
          : 'refused';
      metrics.appended(outcome, performance.now() - from);
      throw error;
    }
  },
});
