import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CitizenClient, Surroundings } from '../src/index.js';
import { createSimulation, createStorage } from './support/simulation.js';

// Whatever the network and the server do, in the end the client shows the server's log exactly, and every message that was
// sent stands in it once and in the order of writing.

const action = fc.oneof(
  { weight: 5, arbitrary: fc.constant('send' as const) },
  { weight: 4, arbitrary: fc.constant('reply' as const) },
  { weight: 1, arbitrary: fc.constant('status' as const) },
  { weight: 3, arbitrary: fc.constant('cut' as const) },
  { weight: 1, arbitrary: fc.constant('silence' as const) },
  { weight: 1, arbitrary: fc.constant('restart' as const) },
  { weight: 1, arbitrary: fc.constant('restore' as const) },
  { weight: 1, arbitrary: fc.constant('reload' as const) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('offline' as const, 'online' as const, 'hidden' as const, 'visible' as const),
  },
  { weight: 1, arbitrary: fc.constantFrom('block' as const, 'unblock' as const) },
  {
    weight: 6,
    arbitrary: fc.constantFrom('pass 10' as const, 'pass 300' as const, 'pass 4000' as const, 'pass 90000' as const),
  },
);

const changes: Record<string, Surroundings> = {
  offline: { online: false },
  online: { online: true },
  hidden: { visible: false },
  visible: { visible: true },
};

const shown = (client: CitizenClient): readonly string[] =>
  client.getSnapshot().messages.map(({ role, text }) => `${role}:${text}`);

const run = async (
  seed: number,
  pageSize: number,
  delayMs: number,
  duplicates: number,
  actions: readonly string[],
): Promise<{
  shown: readonly string[];
  log: readonly string[];
  sent: readonly string[];
  states: readonly string[];
}> => {
  const simulation = createSimulation(seed, { pageSize });
  const { clock, server, weather } = simulation;
  Object.assign(weather, { delayMs, duplicates });
  const storage = createStorage();
  let tab = simulation.newClient({}, storage);
  const sent: string[] = [];
  let said = 0;
  tab.client.connect();

  for (const name of actions) {
    if (name === 'send') {
      if (tab.client.getSnapshot().messages.filter(({ state }) => state !== 'received').length >= 20) continue;
      sent.push(`citizen:m${sent.length}`);
      tab.client.send(`m${sent.length - 1}`);
    } else if (name === 'reply') server.say(`r${(said += 1)}`);
    else if (name === 'status') server.status('evidence_upload');
    else if (name === 'cut') simulation.cut();
    else if (name === 'silence') simulation.silence();
    else if (name === 'restart') {
      server.broadcast({ type: 'drain', data: { reconnectAfterMs: 700, deadlineMs: 5_000 } });
      server.closeAll(1012);
    } else if (name === 'restore') {
      server.restore();
      simulation.cut();
    } else if (name === 'reload') {
      // The page goes: its connections end, its storage stays.
      tab.tell({ online: true });
      simulation.cut();
      tab.client.close();
      tab = simulation.newClient({}, storage);
      tab.client.connect();
    } else if (name === 'block' || name === 'unblock') weather.blocked = name === 'block';
    else if (name.startsWith('pass')) await clock.advance(Number(name.slice(5)));
    else tab.tell(changes[name]!);
  }

  weather.blocked = false;
  tab.tell({ online: true });
  tab.tell({ visible: true });
  await clock.advance(400_000);
  return {
    shown: shown(tab.client),
    log: server.transcript(),
    sent,
    states: tab.client.getSnapshot().messages.map(({ state }) => state),
  };
};

test('after any faults the transcript is the log, and every message was recorded once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.constantFrom(3, 7, 200),
      fc.constantFrom(0, 30, 400),
      fc.constantFrom(0, 0.3),
      fc.array(action, { minLength: 5, maxLength: 60 }),
      async (...scenario) => {
        const result = await run(...scenario);
        expect(result.shown).toEqual(result.log);
        expect(result.log.filter((line) => line.startsWith('citizen:'))).toEqual(result.sent);
        expect(new Set(result.states).size).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: Number(process.env['MODEL_RUNS'] ?? 400), seed: 20_260_101 },
  );
}, 120_000);
