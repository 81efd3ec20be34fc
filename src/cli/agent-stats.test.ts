import { describe, expect, it } from 'vitest';
import type { BudgetReport, ReplyStatistics } from '../projections/queries/agent-statistics.js';
import { runStats, type StatsCommand } from './agent-stats.js';

const group: ReplyStatistics = {
  ...{ model: 'small', prompt: 'leoma.v1 abcdef01', day: null, replies: 1200, byModel: 1100, cancelled: 3 },
  ...{ fallbacks: { auth: 2, rate_limited: 95 }, corrected: {}, toolCalls: 40, toolsRefused: 4 },
  tools: { submit: { called: 8, refused: 4 }, record_details: { called: 32, refused: 0 } },
  ...{ tokensIn: 1_500_000, tokensOut: 9_000, estimated: 2, retries: 7 },
  firstTokenMs: { p50: 310, p95: 900, p99: 1500 },
  latencyMs: { p50: null, p95: null, p99: null },
};
const budgets: BudgetReport = {
  hour: { used: 50, limit: 100 },
  month: { used: 500, limit: 0 },
  session: { used: 20, limit: 30, over: 1 },
};

const run = async (given: Partial<StatsCommand> = {}) => {
  let out = '';
  let err = '';
  const code = await runStats({
    period: { since: new Date('2026-11-01T00:00:00Z'), until: new Date('2026-11-02T00:00:00Z') },
    statistics: () => Promise.resolve([group]),
    budgets: () => Promise.resolve(budgets),
    output: { out: (text) => (out += text), err: (text) => (err += text) },
    ...given,
  });
  return { code, out, err };
};

describe('citizen agent stats', () => {
  it('prints a group with its fallbacks, the most frequent first, and says what was not measured', async () => {
    const { code, out } = await run();
    expect(code).toBe(0);
    expect(out).toContain('small · leoma.v1 abcdef01');
    expect(out).toContain('1,100 (91.7 %)');
    expect(out).toContain('rate_limited 95, auth 2');
    expect(out).toContain('40 called, 4 refused: record_details 32, submit 8 (4 refused)');
    expect(out).toContain('p50 310, p95 900, p99 1,500 ms');
    expect(out).toContain('whole reply   not measured');
  });

  it('prints the budgets, also those without a limit', async () => {
    const { out } = await run();
    expect(out).toContain('50 of 100 (50.0 %)');
    expect(out).toContain('500 of no limit');
    expect(out).toContain('1 used up');
  });

  it('says so when there were no replies', async () => {
    expect((await run({ statistics: () => Promise.resolve([]) })).out).toContain('No replies in this time.');
  });

  it('prints one JSON object for programs', async () => {
    const { out } = await run({ json: true });
    expect(JSON.parse(out)).toMatchObject({ since: '2026-11-01T00:00:00.000Z', groups: [group], budgets });
  });

  it('ends with 2 when the figures cannot be read', async () => {
    const { code, err } = await run({ budgets: () => Promise.reject(new Error('connection refused')) });
    expect(code).toBe(2);
    expect(err).toBe('The figures could not be read: connection refused\n');
  });
});
