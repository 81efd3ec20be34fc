import { afterAll, beforeAll, describe } from 'vitest';
import { idsAcrossStreamsContract } from '../contract/event-store/ids-across-streams.js';
import { eventStoreContract } from '../contract/event-store-contract.js';
import type { EventStore } from '../../src/events/store.js';
import { storeDatabase, type StoreDatabase } from './support/postgres-store.js';

eventStoreContract('PostgreSQL', async () => {
  const database = await storeDatabase();
  return {
    store: await database.openStore(),
    openAnother: () => database.openStore(),
    close: () => database.drop(),
  };
});

describe('PostgreSQL: ids across streams', () => {
  let database: StoreDatabase;
  let store: EventStore;
  beforeAll(async () => {
    database = await storeDatabase();
    store = await database.openStore();
  });
  afterAll(() => database.drop());
  idsAcrossStreamsContract(() => ({ store }));
});
