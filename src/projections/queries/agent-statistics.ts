import type { Period } from '../../platform/period.js';
import { agentReplies, type ToolCounts } from '../read-models/agent-replies.js';
import { viewName } from '../sql.js';
import type { Database } from './rows.js';

/** What replies are counted by. `setup`: model and prompt together. */
export const statisticsBy = ['setup', 'model', 'prompt', 'day'] as const;
export type StatisticsBy = (typeof statisticsBy)[number];

/** Milliseconds that so many of a hundred replies did not exceed; null: nothing was measured. */
export interface Percentiles {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** Counts by code. */
export type Counts = Readonly<Record<string, number>>;

/** How one group of replies was made. */
export interface ReplyStatistics {
  /** The model's name, or the assistant's where no model was asked; null where the group is not made by it. */
  readonly model: string | null;
  /** Version of the prompt with the first 8 digits of its hash; `none` where no model was asked; null as above. */
  readonly prompt: string | null;
  /** Day (UTC, YYYY-MM-DD); null as above. */
  readonly day: string | null;
  readonly replies: number;
  /** Made by the model to the end. */
  readonly byModel: number;
  /** Stopped by the citizen. */
  readonly cancelled: number;
  /** Why not the model, or not the model alone, answered. */
  readonly fallbacks: Counts;
  /** What the output guard changed. */
  readonly corrected: Counts;
  readonly toolCalls: number;
  readonly toolsRefused: number;
  /** By name: how often it was called, and how often its command was refused, wholly or in part. */
  readonly tools: ToolCounts;
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** Replies of which some tokens are an estimate. */
  readonly estimated: number;
  readonly retries: number;
  readonly firstTokenMs: Percentiles;
  readonly latencyMs: Percentiles;
}

/** Tokens used of what may be used; limit 0: there is none. */
export interface BudgetState {
  readonly used: number;
  readonly limit: number;
}

export interface BudgetReport {
  /** The last 60 minutes. */
  readonly hour: BudgetState;
  /** The calendar month (UTC). */
  readonly month: BudgetState;
  /** `used`: of the conversation that used most among those of the last 24 hours; `over`: how many of them used theirs up. */
  readonly session: BudgetState & { readonly over: number };
}

export interface BudgetLimits {
  readonly modelSessionTokens: number;
  readonly modelHourTokens: number;
  readonly modelMonthTokens: number;
}

const model = `coalesce(model, agent) AS model`;
const prompt = `coalesce(prompt_version || ' ' || left(prompt_hash, 8), 'none') AS prompt`;
const keys: Readonly<Record<StatisticsBy, string>> = {
  setup: `${model}, ${prompt}, NULL::text AS day`,
  model: `${model}, NULL::text AS prompt, NULL::text AS day`,
  prompt: `NULL::text AS model, ${prompt}, NULL::text AS day`,
  day: `NULL::text AS model, NULL::text AS prompt, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day`,
};

const percentiles = (column: string): string =>
  `percentile_disc(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY ${column})`;

const counts = (rows: string): string =>
  `(SELECT coalesce(json_object_agg(code, n), '{}') FROM (SELECT code, count(*) AS n FROM ${rows} GROUP BY code) c)`;

/** Of one group, out of `replies`: its tools by name. */
const toolCounts = `(
    SELECT coalesce(json_object_agg(name, json_build_object('called', called, 'refused', refused)), '{}') FROM (
      SELECT t.key AS name, sum((t.value ->> 'called')::int) AS called, sum((t.value ->> 'refused')::int) AS refused
      FROM replies r
      -- An older version of the table that still serves has no names.
      CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(r.tools) WHEN 'object' THEN r.tools ELSE '{}' END) t
      WHERE (r.model, r.prompt, r.day) IS NOT DISTINCT FROM (g.model, g.prompt, g.day) GROUP BY t.key
    ) n)`;

const statement = (by: StatisticsBy): string => `
  WITH replies AS (
    SELECT ${keys[by]}, agent, fallback, corrected, cancelled, tokens_in, tokens_out, tokens_estimated, tool_calls, tools_refused,
           tools, first_token_ms, latency_ms, retries
    FROM ${viewName(agentReplies)} WHERE at >= $1 AND at < $2
  ), grouped AS (
    SELECT model, prompt, day, count(*) AS replies,
           count(*) FILTER (WHERE agent = 'model' AND fallback IS NULL AND NOT cancelled) AS by_model,
           count(*) FILTER (WHERE cancelled) AS cancelled,
           sum(tool_calls) AS tool_calls, sum(tools_refused) AS tools_refused,
           sum(tokens_in::bigint) AS tokens_in, sum(tokens_out::bigint) AS tokens_out,
           count(*) FILTER (WHERE tokens_estimated) AS estimated, sum(retries) AS retries,
           ${percentiles('first_token_ms')} AS first_token, ${percentiles('latency_ms')} AS latency,
           array_agg(fallback) FILTER (WHERE fallback IS NOT NULL) AS fallback_codes,
           string_agg(corrected, ',') AS corrected_codes
    FROM replies GROUP BY model, prompt, day
  )
  SELECT model, prompt, day, replies, by_model, cancelled, tool_calls, tools_refused, tokens_in, tokens_out, estimated, retries,
         first_token, latency,
         ${counts('unnest(fallback_codes) AS code')} AS fallbacks,
         ${counts(`regexp_split_to_table(corrected_codes, ',') AS code`)} AS corrected,
         ${toolCounts} AS tools
  FROM grouped g ORDER BY day NULLS FIRST, replies DESC, model, prompt`;

interface Raw {
  readonly model: string | null;
  readonly prompt: string | null;
  readonly day: string | null;
  readonly first_token: readonly (number | null)[] | null;
  readonly latency: readonly (number | null)[] | null;
  readonly fallbacks: Counts;
  readonly corrected: Counts;
  readonly tools: ToolCounts;
  /** Sums and counts come as texts. */
  readonly [figure: string]: unknown;
}

const percentilesOf = (values: readonly (number | null)[] | null): Percentiles => ({
  p50: values?.[0] ?? null,
  p95: values?.[1] ?? null,
  p99: values?.[2] ?? null,
});

const statisticsOf = (raw: Raw): ReplyStatistics => {
  const figure = (name: string): number => Number(raw[name] ?? 0);
  return {
    model: raw.model,
    prompt: raw.prompt,
    day: raw.day,
    replies: figure('replies'),
    byModel: figure('by_model'),
    cancelled: figure('cancelled'),
    fallbacks: raw.fallbacks,
    corrected: raw.corrected,
    toolCalls: figure('tool_calls'),
    toolsRefused: figure('tools_refused'),
    tools: raw.tools,
    tokensIn: figure('tokens_in'),
    tokensOut: figure('tokens_out'),
    estimated: figure('estimated'),
    retries: figure('retries'),
    firstTokenMs: percentilesOf(raw.first_token),
    latencyMs: percentilesOf(raw.latency),
  };
};

/** How replies of a period were made, group by group, out of the read model `agent-replies`. As old as its lag. */
export const readAgentStatistics = async (
  db: Database,
  { since, until }: Period,
  by: StatisticsBy,
): Promise<ReplyStatistics[]> => {
  const { rows } = await db.query<Raw>(statement(by), [since, until]);
  return rows.map(statisticsOf);
};

/** Start of the calendar month (UTC). */
export const monthStart = (now: Date): Date => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));

/** What is used of the budgets of the language model now. */
export const readBudgets = async (db: Database, limits: BudgetLimits, now: Date): Promise<BudgetReport> => {
  const { rows } = await db.query<Readonly<Record<'hour' | 'month' | 'session' | 'over', string | null>>>(
    `WITH of_sessions AS (
       SELECT sum(tokens_in::bigint + tokens_out) AS tokens FROM ${viewName(agentReplies)}
       WHERE session_id IN (SELECT session_id FROM ${viewName(agentReplies)} WHERE at >= $3) GROUP BY session_id
     )
     SELECT (SELECT sum(tokens_in::bigint + tokens_out) FROM ${viewName(agentReplies)} WHERE at >= $1) AS hour,
            (SELECT sum(tokens_in::bigint + tokens_out) FROM ${viewName(agentReplies)} WHERE at >= $2) AS month,
            (SELECT max(tokens) FROM of_sessions) AS session,
            (SELECT count(*) FROM of_sessions WHERE $4 > 0 AND tokens >= $4) AS over`,
    [
      new Date(now.getTime() - 3_600_000),
      monthStart(now),
      new Date(now.getTime() - 86_400_000),
      limits.modelSessionTokens,
    ],
  );
  const used = (name: 'hour' | 'month' | 'session' | 'over'): number => Number(rows[0]?.[name] ?? 0);
  return {
    hour: { used: used('hour'), limit: limits.modelHourTokens },
    month: { used: used('month'), limit: limits.modelMonthTokens },
    session: { used: used('session'), limit: limits.modelSessionTokens, over: used('over') },
  };
};
