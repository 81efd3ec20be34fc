import { beforeAll, describe, expect, it } from 'vitest';
import type * as Options from '../../bench/projections/options.js';
import type * as Run from '../../bench/projections/run.js';
import { buildBench, loadBench } from '../support/bench-build.js';

// A small run of `npm run bench:projections`: a real server, citizens on real sockets, the real command with real kill -9.

beforeAll(buildBench, 180_000);

describe('Read models are rebuilt, killed, verified and rolled back while citizens chat', () => {
  it('without an error or a wrong row for any reader, and with every message answered', async () => {
    const { runProjections } = await loadBench<typeof Run>('projections/run.js');
    const { defaults } = await loadBench<typeof Options>('projections/options.js');
    const { busy, reader, said } = await runProjections(
      {
        ...defaults,
        ...{ events: 3_000, citizens: 8, sayEveryMs: 500, drivers: 1, idleRounds: 1, rounds: 1, roundMs: 500 },
        ...{ kills: 2, takeOvers: 0, emmettEvents: 0 },
      },
      () => undefined,
    );
    expect(reader).toMatchObject({ errors: {}, wrong: 0, older: 0, faults: [] });
    expect(busy.killed.kills).toHaveLength(2);
    const orders = { ...busy.verified, ...busy.rolledBack };
    expect(orders).toEqual(Object.fromEntries(Object.keys(orders).map((name) => [name, 'ok'])));
    expect(said.unanswered).toBe(0);
    // It read before and after the swaps: at least two of each projection, and the roll-back.
    expect(reader.swaps).toBeGreaterThanOrEqual(3 * Object.keys(busy.verified).length);
  }, 300_000);
});
