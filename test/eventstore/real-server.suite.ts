import { randomBytes } from 'node:crypto';
import { EventStoreDBClient } from '@eventstore/db-client';
import { afterAll, describe, expect, it } from 'vitest';
import { fileAll } from '../../demo/file-all.js';
import { readConnectionString } from '../../src/events/eventstoredb/connection-string.js';
import { verifyLog } from '../../src/events/verify.js';
import { eventStoreContract } from '../contract/event-store-contract.js';
import { collect, newEvents, newStream } from '../contract/event-store/support.js';
import { openStore } from '../events/eventstoredb/support.js';

// `npm run test:eventstore`: the contract suite and the 607 filings against the server that EVENTSTORE_URL names, in streams of
// their own, which are deleted in the end. Other programs may use the server meanwhile.
const url = process.env['EVENTSTORE_URL'] ?? '';
const runName = randomBytes(5).toString('hex');
const contractPrefix = `citizen_test_${runName}.`;
const filingsPrefix = `citizen_filings_${runName}.`;

/** Softly deletes every stream of a log: the next scavenge of the server takes the space back. */
const removeStreams = async (prefix: string): Promise<void> => {
  const store = await openStore(url, { streamPrefix: prefix });
  const streams = new Set((await collect(store.readAll())).map(({ stream }) => stream));
  await store.close();
  const client = EventStoreDBClient.connectionString(readConnectionString(url).connectionString);
  for (const stream of streams) await client.deleteStream(prefix + stream);
  await client.dispose();
};

eventStoreContract('EventStoreDB, a real server', async () => {
  const open = () => openStore(url, { streamPrefix: contractPrefix });
  const store = await open();
  return { store, openAnother: open, close: () => store.close() };
});

describe('a real server', () => {
  afterAll(async () => {
    await removeStreams(contractPrefix);
    await removeStreams(filingsPrefix);
  });
  it('gives 5,000 events back whole and in order, and verify finds them sound', async () => {
    const store = await openStore(url, { streamPrefix: contractPrefix, readPageEvents: 500 });
    const after = (await store.head()).position;
    await Promise.all(
      Array.from({ length: 50 }, () => store.append(newStream(), newEvents(100), { expected: 'noStream' })),
    );
    expect(await collect(store.readAll({ after }))).toHaveLength(5_000);
    expect(await verifyLog(store)).toMatchObject({ ok: true });
    await store.close();
  });
  it('takes 607 filings with a kill -9 of our server half-way: none missing, none doubled, one reply each', async () => {
    const report = await fileAll({
      atOnce: 60,
      kill: true,
      env: { EVENTSTORE_URL: url, EVENTSTORE_STREAM_PREFIX: filingsPrefix },
      onProgress: () => undefined,
    });
    expect(report.faults).toEqual([]);
    expect(report).toMatchObject({ citizens: 607, completed: 607, received: 607, kills: 1, chainIntact: true });
  }, 1_200_000);
});
