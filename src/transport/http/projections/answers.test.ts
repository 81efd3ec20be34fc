import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { adminDouble } from '../../../../test/support/projection-admin.js';
import type { RouteRequest } from '../route.js';
import { plain } from './answers.js';
import { projectionRoutes } from './routes.js';

const gone = () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
const broken = () => Promise.reject(new TypeError('row is null'));
const request: RouteRequest<unknown> = {
  ...{ params: { name: 'transcript' }, body: undefined, address: 'x', websocketBase: null, ref: 'x' },
  ...{ stream: Readable.from([]), query: () => undefined },
  header: (name) => (name === 'authorization' ? 'Bearer token-of-tests' : undefined),
};
const ask = async (operationId: string, fails: () => Promise<never>, patienceMs?: number) => {
  const { admin } = adminDouble({ list: fails, status: fails, rollback: fails });
  const clock = { now: () => new Date(0) };
  const { routes } = projectionRoutes({
    ...{ token: 'token-of-tests', projections: admin, clock, onError: () => undefined, patienceMs },
  });
  return routes.find((route) => route.operationId === operationId)?.answer(request);
};

describe('while the database is away', () => {
  it.each(['listProjections', 'rebuildProjections', 'verifyProjection', 'rollBackProjection'])(
    '%s says just that, with 503',
    async (operationId) => {
      const given = await ask(operationId, gone);
      expect(given).toMatchObject({ ok: true, value: { status: 503, body: { code: 'database_unreachable' } } });
    },
  );

  it('who orders something is told to look first, and who looks is not', async () => {
    const told = async (operationId: string): Promise<string> => JSON.stringify(await ask(operationId, gone));
    expect(await told('rollBackProjection')).toContain('See how everything stands');
    expect(await told('listProjections')).toContain('"The database does not answer."');
  });

  it('who asks how everything stands is not kept waiting until the last try has failed', async () => {
    const given = await ask('listProjections', () => new Promise<never>(() => undefined), 1);
    expect(given).toMatchObject({ ok: true, value: { status: 503, body: { code: 'database_unreachable' } } });
  });

  it('a mistake of ours is not taken for it', async () => {
    await expect(ask('listProjections', broken)).rejects.toThrow('row is null');
  });
});

it('numbers are told as finely as anybody can measure, and positions as decimal strings', () => {
  const told = {
    position: 12_345_678_901_234_567n,
    eventsPerSecond: 70_210.836_177_474_4,
    lagSeconds: 0.1 + 0.2,
    rows: 7,
  };
  expect(plain([told])).toEqual([
    { position: '12345678901234567', eventsPerSecond: 70_210.836, lagSeconds: 0.3, rows: 7 },
  ]);
});
