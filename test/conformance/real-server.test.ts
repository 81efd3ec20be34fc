import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allCases } from '../../src/conformance/all-cases.js';
import { profiles, type CaseResult } from '../../src/conformance/case.js';
import { runCases } from '../../src/conformance/run.js';
import { startTestServer, type TestServer } from '../transport/support/test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ SESSIONS_PER_IP_PER_MINUTE: '1000' });
});
afterAll(() => server.drop());

/** Cases that cannot be judged with the guided assistant, and why. */
const expectedSkips: readonly string[] = [];

describe('our own server conforms to PROTOCOL.md', () => {
  it.each(profiles)(
    'profile %s: no case fails, and none is skipped unexpectedly',
    async (profile) => {
      const cases = allCases.filter((each) => each.profile === profile);
      const target = { ws: `${server.url.replace('http', 'ws')}/`, http: server.url, replyMs: 10_000 };
      const results = await runCases(target, cases);
      const short = ({ id, reason }: CaseResult): string => `${id}: ${reason ?? ''}`;
      expect(results.filter(({ outcome }) => outcome === 'failed').map(short)).toEqual([]);
      const skipped = results.filter(({ outcome, id }) => outcome === 'skipped' && !expectedSkips.includes(id));
      expect(skipped.map(short)).toEqual([]);
    },
    300_000,
  );
});
