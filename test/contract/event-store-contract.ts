import { afterAll, beforeAll, describe } from 'vitest';
import { appendingContract } from './event-store/appending.js';
import { idempotenceContract } from './event-store/idempotence.js';
import { integrityContract } from './event-store/integrity.js';
import { racesContract } from './event-store/races.js';
import { readingContract } from './event-store/reading.js';
import { subscribingContract } from './event-store/subscribing.js';
import type { StoreUnderTest, Subject } from './event-store/support.js';

export type { StoreUnderTest } from './event-store/support.js';

/**
 * The promises of the `EventStore` port as tests. Every adapter passes all of them, unchanged. Positions need not be
 * contiguous; nobody else may write to the log meanwhile.
 * @param makeStore opens an event log that may be empty or not; a small page (about 50 events) tests more
 */
export function eventStoreContract(name: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(`event store contract: ${name}`, () => {
    let made: StoreUnderTest | undefined;
    let other: Subject['other'] | undefined;
    const underTest = (): StoreUnderTest => {
      if (made === undefined) throw new Error('The store was not made');
      return made;
    };
    const subject = (): Subject => {
      if (other === undefined) throw new Error('The second store was not made');
      return { store: underTest().store, other };
    };
    beforeAll(async () => {
      made = await makeStore();
      other = await made.openAnother();
    });
    afterAll(async () => {
      await other?.close();
      await made?.close();
    });

    describe('appending', () => appendingContract(subject));
    describe('repeated event ids', () => idempotenceContract(subject));
    describe('races', () => racesContract(subject));
    describe('reading', () => readingContract(subject));
    describe('subscribing', () => subscribingContract(subject));
    describe('integrity', () => integrityContract(subject, () => underTest().openAnother()));
  });
}
