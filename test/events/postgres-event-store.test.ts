import { eventStoreContract } from '../contract/event-store-contract.js';
import { storeDatabase } from './support/postgres-store.js';

eventStoreContract('PostgreSQL', async () => {
  const database = await storeDatabase();
  return {
    store: await database.openStore(),
    openAnother: () => database.openStore(),
    close: () => database.drop(),
  };
});
