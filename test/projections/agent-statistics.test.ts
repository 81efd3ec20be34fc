import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReplyProvenance } from '../../src/events/catalogue/session.js';
import { readAgentStatistics, readBudgets } from '../../src/projections/queries/agent-statistics.js';
import { agentReplies } from '../../src/projections/read-models/agent-replies.js';
import type { RunningProjections } from '../../src/projections/start.js';
import type { TestDatabase } from '../support/database.js';
import { createMemoryLog } from '../support/memory-log.js';
import { projectionDatabase, start } from '../support/projection-database.js';
import { createStory, sealed, uuid } from '../support/projection-events.js';

describe('figures about replies', () => {
  let database: TestDatabase;
  let running: RunningProjections;
  const all = { since: new Date(0), until: new Date('2100-01-01') };
  const limits = { modelSessionTokens: 1_000, modelHourTokens: 0, modelMonthTokens: 10_000 };

  beforeAll(async () => {
    database = await projectionDatabase();
    const log = createMemoryLog();
    running = await start(database.pool, log, [agentReplies]);
    const story = createStory();
    const reply = (stream: string, agent: Partial<ReplyProvenance>): void =>
      void story.add(stream, 'AgentReplied', {
        ...{ answers: uuid(9), text: sealed('r'), quickReplies: [] },
        agent: { name: 'model', version: '1', latencyMs: 5, ...agent },
      });
    const model = { model: 'small', promptVersion: 'leoma.v1', promptHash: 'abcdef0123', tokensIn: 10, tokensOut: 2 };
    for (let n = 1; n <= 100; n += 1)
      reply('session-a', { ...model, firstTokenMs: n, latencyMs: 10 * n, tools: [{ name: 'submit', outcome: 'no' }] });
    reply('session-a', { ...model, name: 'guided', fallback: 'auth', retries: 2, tokensEstimated: true });
    reply('session-b', {
      ...{ ...model, model: 'large', corrected: ['number', 'link'], cancelled: true },
      tools: ['record_details', 'record_details', 'submit'].map((name) => ({ name, outcome: 'ok' })),
    });
    reply('session-b', { name: 'guided', fallback: 'breaker_open' });
    log.publish(story.events);
    await running.waitFor(103n, { timeoutMs: 20_000 });
  });
  afterAll(async () => {
    await running.stop();
    await database.drop();
  });

  it('count replies, outcomes, tools and tokens by model and prompt', async () => {
    const [small, ...others] = await readAgentStatistics(database.pool, all, 'setup');
    expect(small).toEqual({
      ...{ model: 'small', prompt: 'leoma.v1 abcdef01', day: null, replies: 101, byModel: 100, cancelled: 0 },
      ...{ fallbacks: { auth: 1 }, corrected: {}, toolCalls: 100, toolsRefused: 100, retries: 2, estimated: 1 },
      tools: { submit: { called: 100, refused: 100 } },
      ...{ tokensIn: 1010, tokensOut: 202 },
      firstTokenMs: { p50: 50, p95: 95, p99: 99 },
      latencyMs: { p50: 500, p95: 950, p99: 990 },
    });
    expect(others).toMatchObject([
      { model: 'guided', prompt: 'none', fallbacks: { breaker_open: 1 }, firstTokenMs: { p50: null } },
      {
        ...{ model: 'large', cancelled: 1, byModel: 0, corrected: { number: 1, link: 1 } },
        tools: { record_details: { called: 2, refused: 0 }, submit: { called: 1, refused: 0 } },
      },
    ]);
  });

  it.each([
    ['model', ['small', 'guided', 'large']],
    ['prompt', ['leoma.v1 abcdef01', 'none']],
  ] as const)('group by %s alone', async (by, names) => {
    const groups = await readAgentStatistics(database.pool, all, by);
    expect(groups.map((group) => group[by])).toEqual(names);
  });

  it('group by day', async () => {
    const groups = await readAgentStatistics(database.pool, all, 'day');
    expect(groups.reduce((sum, { replies }) => sum + replies, 0)).toBe(103);
    expect(groups[0]?.day).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  it('leave out what lies outside of the period', async () => {
    expect(await readAgentStatistics(database.pool, { ...all, until: new Date(1) }, 'setup')).toEqual([]);
  });

  it('tell what is used of each budget, and which conversations used theirs up', async () => {
    const [{ at }] = (await database.pool.query<{ at: Date }>('SELECT max(at) AS at FROM agent_replies_v2')).rows as [
      { at: Date },
    ];
    expect(await readBudgets(database.pool, limits, at)).toEqual({
      // One reply a minute: 61 within the hour, both ends included, one of them without a model.
      hour: { used: 720, limit: 0 },
      month: { used: 1224, limit: 10_000 },
      session: { used: 1212, limit: 1_000, over: 1 },
    });
  });
});
