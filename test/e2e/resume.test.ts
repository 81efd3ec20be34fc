import { beforeAll, describe, expect, it } from 'vitest';
import type * as Storm from '../../bench/resume/scenarios/storm.js';
import { buildBench, loadBench } from '../support/bench-build.js';

// A small run of `npm run bench:resume -- kills`: real server processes, real sockets, real kill -9. Its drivers are processes of
// compiled code, so it is compiled first.

beforeAll(buildBench, 180_000);

describe('Sixty citizens whose networks die every few seconds, and a server that is killed', () => {
  it('hear and are heard: everything once and in order, both ways, by the log itself', async () => {
    const { runStorm } = await loadBench<typeof Storm>('resume/scenarios/storm.js');
    const { audit, records } = await runStorm({
      ...{ client: 'v1', citizens: 60, seconds: 20, drivers: 2, seed: 7, servers: 1, kills: 1 },
    });
    const perfect = { lost: 0, doubled: 0, outOfOrder: 0, unknown: 0 };
    expect(audit).toMatchObject({
      toServer: { expected: 480, delivered: 480, ...perfect },
      toCitizen: perfect,
      frames: perfect,
      notAnsweredOnce: 0,
      acknowledgedAndLost: 0,
      chainIntact: true,
    });
    // It was a storm: everybody lost their connection to the kill, and most of them to a cut as well.
    const losses = records.reduce((sum, record) => sum + record.absences.length, 0);
    expect(losses).toBeGreaterThan(100);
  }, 300_000);
});
