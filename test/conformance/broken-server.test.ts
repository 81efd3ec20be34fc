import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { allCases } from '../../src/conformance/all-cases.js';
import { runCases } from '../../src/conformance/run.js';
import { startTinyServer, type Fault } from './support/tiny-server.js';

/** For each fault the case that must notice it. */
const noticed: Readonly<Record<Fault, string>> = {
  echoes: 'C31',
  'says-error-everywhere': 'C35',
  'types-after-message': 'C36',
  'selects-any-protocol': 'C03',
  'talks-before-hello': 'V05',
  'records-twice': 'V21',
  'acks-another-position': 'V20',
  'breaks-chain': 'V24',
  'replays-one-too-many': 'V40',
  'forgets-a-frame': 'V40',
  'believes-any-position': 'V43',
  'keeps-frames-from-other-tabs': 'V25',
};

const run = async (fault: Fault | null, ids: readonly string[]) => {
  const server = await startTinyServer(fault);
  const cases = allCases.filter(({ id }) => ids.includes(id));
  const results = await runCases(
    { ws: `${server.url.replace('http', 'ws')}/`, http: server.url, replyMs: 1000 },
    cases.map((each) => ({ ...each, limitMs: Math.min(each.limitMs ?? 15_000, 15_000) })),
  );
  await server.close();
  return results;
};

describe('the conformance suite can fail', () => {
  it('passes a small server that does nothing wrong', async () => {
    const results = await run(null, [...new Set(Object.values(noticed))]);
    expect(results.map(({ id, outcome, reason }) => [id, outcome, reason])).toEqual(
      results.map(({ id }) => [id, 'passed', null]),
    );
  });

  it.each(Object.entries(noticed) as [Fault, string][])('notices a server that %s, in case %s', async (fault, id) => {
    const [result] = await run(fault, [id]);
    expect(result?.outcome).toBe('failed');
    expect(result?.reason).toBeTruthy();
  });

  it('ends in bounded time against a server that says nothing at all', async () => {
    const mute = createServer();
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as AddressInfo;
    const [silent] = await runCases(
      { ws: `ws://127.0.0.1:${port}/`, http: `http://127.0.0.1:${port}`, replyMs: 10 },
      allCases.filter(({ id }) => id === 'C10').map((each) => ({ ...each, limitMs: 300 })),
    );
    mute.close();
    expect(silent).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/took longer/) as unknown });
  });
});
