import { eventStoreContract } from '../../contract/event-store-contract.js';
import { startDouble } from '../../support/eventstoredb-double/index.js';
import { openStore } from './support.js';

// Against the double. The same cases against a real server: npm run test:eventstore
eventStoreContract('EventStoreDB', async () => {
  const double = await startDouble();
  const store = await openStore(double.url);
  return {
    store,
    openAnother: () => openStore(double.url),
    close: async () => {
      await store.close();
      await double.stop();
    },
  };
});
