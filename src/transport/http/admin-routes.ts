import { z } from 'zod';
import type { Clock } from '../../platform/clock.js';
import { parsePeriod, type Period } from '../../platform/period.js';
import {
  statisticsBy,
  type BudgetReport,
  type ReplyStatistics,
  type StatisticsBy,
} from '../../projections/queries/agent-statistics.js';
import type { ProjectionAdmin } from '../../projections/queries/administration.js';
import { fail, protocolError } from '../protocol/result.js';
import { adminHeader, adminOnly } from './admin-access.js';
import { answer, type Route, type RouteRequest } from './route.js';

export interface AdminRouteDeps {
  /** The setting ADMIN_TOKEN. */
  readonly token: string;
  readonly clock: Clock;
  readonly statistics: (period: Period, by: StatisticsBy) => Promise<readonly ReplyStatistics[]>;
  readonly budgets: () => Promise<BudgetReport>;
  readonly projections: ProjectionAdmin;
}

const count = z.number().int().nonnegative();
const counts = z.record(z.string(), count);
const percentiles = z.strictObject({ p50: count.nullable(), p95: count.nullable(), p99: count.nullable() });
const budget = { used: count, limit: count.describe('0: no limit.') };

const statsSchema = z.strictObject({
  since: z.iso.datetime(),
  until: z.iso.datetime(),
  by: z.enum(statisticsBy),
  groups: z.array(
    z.strictObject({
      model: z.string().nullable(),
      prompt: z.string().nullable(),
      day: z.iso.date().nullable(),
      replies: count,
      byModel: count.describe('Made by the model to the end.'),
      cancelled: count,
      fallbacks: counts.describe('Why not the model, or not the model alone, answered: replies by code.'),
      corrected: counts.describe('What the output guard changed: corrections by code.'),
      toolCalls: count,
      toolsRefused: count,
      tokensIn: count,
      tokensOut: count,
      estimated: count.describe('Replies of which some tokens are an estimate.'),
      retries: count,
      firstTokenMs: percentiles,
      latencyMs: percentiles,
    }),
  ),
  budgets: z.strictObject({
    hour: z.strictObject(budget),
    month: z.strictObject(budget),
    session: z.strictObject({ ...budget, over: count }),
  }),
});

const stats = async ({ clock, statistics, budgets }: AdminRouteDeps, request: RouteRequest<unknown>) => {
  const period = parsePeriod(request.query('since'), request.query('until'), clock.now());
  const by = z.enum(statisticsBy).safeParse(request.query('by') ?? 'setup');
  if (period === undefined || !by.success) return fail(protocolError('bad_request'));
  const [groups, used] = await Promise.all([statistics(period, by.data), budgets()]);
  return answer(
    200,
    { since: period.since.toISOString(), until: period.until.toISOString(), by: by.data, groups, budgets: used },
    { 'Cache-Control': 'no-store' },
  );
};

/** Figures for the office. Nothing of what citizens said is in them. */
export const adminRoutes = (deps: AdminRouteDeps): readonly Route[] => [
  {
    method: 'get',
    path: '/api/admin/agent/stats',
    operationId: 'agentStatistics',
    summary:
      'How replies were made, by model and prompt. Query: since, until (a date, or 24h, 7d back), by (setup, model, prompt, day)',
    headers: adminHeader,
    responses: { 200: { description: 'Figures of the read model, and the budgets now.', schema: statsSchema } },
    problems: ['unauthorized', 'bad_request'],
    answer: adminOnly(deps.token, (request) => stats(deps, request)),
  },
];
