import { monthStart } from '../../projections/queries/agent-statistics.js';
import type { ModelSettings } from './settings.js';

/** Tokens in replies, as the read model `agent-replies` counts them. */
export interface UsageReader {
  ofSession(sessionId: string): Promise<number>;
  /** Of all sessions, in replies recorded since then. */
  since(time: Date): Promise<number>;
}

export type BudgetName = 'budget_session' | 'budget_hour' | 'budget_month';

export interface Budgets {
  /** The first budget that is used up, or undefined. */
  exceeded(sessionId: string): Promise<BudgetName | undefined>;
  /** Tokens that a turn of this process used: counts before the read model knows of it. */
  spent(tokens: number): void;
}

const HOUR_MS = 3_600_000;

type Limits = Pick<ModelSettings, 'modelSessionTokens' | 'modelHourTokens' | 'modelMonthTokens'>;

/**
 * What conversations may use. The counters are the recorded replies themselves, so they outlive every restart and are the same
 * for all processes. The sums of the hour and the month are asked for at most every `refreshMs`; in between this process adds its
 * own. So a budget can be overrun by what is under way, never by more.
 */
export const createBudgets = (
  limits: Limits,
  usage: UsageReader,
  { now = () => new Date(), refreshMs = 5_000 }: { readonly now?: () => Date; readonly refreshMs?: number } = {},
): Budgets => {
  let known: { readonly at: number; readonly hour: Promise<number>; readonly month: Promise<number> } | undefined;
  let own = 0;

  const sums = () => {
    const at = now().getTime();
    if (known === undefined || at - known.at >= refreshMs || at < known.at) {
      const none = Promise.resolve(0);
      known = {
        at,
        hour: limits.modelHourTokens === 0 ? none : usage.since(new Date(at - HOUR_MS)),
        month: limits.modelMonthTokens === 0 ? none : usage.since(monthStart(now())),
      };
      own = 0;
    }
    return known;
  };
  const isOver = (used: number, limit: number): boolean => limit > 0 && used >= limit;

  return {
    exceeded: async (sessionId) => {
      const { hour, month } = sums();
      const [session, ofHour, ofMonth] = await Promise.all([
        limits.modelSessionTokens === 0 ? 0 : usage.ofSession(sessionId),
        hour,
        month,
      ]).catch((error: unknown) => {
        known = undefined;
        throw error;
      });
      if (isOver(session, limits.modelSessionTokens)) return 'budget_session';
      if (isOver(ofHour + own, limits.modelHourTokens)) return 'budget_hour';
      if (isOver(ofMonth + own, limits.modelMonthTokens)) return 'budget_month';
      return undefined;
    },
    spent: (tokens) => {
      own += tokens;
    },
  };
};
