import type { Period } from '../platform/period.js';
import type { BudgetReport, Counts, Percentiles, ReplyStatistics } from '../projections/queries/agent-statistics.js';
import { messageOf, type ExitCode, type Output } from './output.js';

export interface StatsCommand {
  readonly period: Period;
  readonly statistics: () => Promise<readonly ReplyStatistics[]>;
  readonly budgets: () => Promise<BudgetReport>;
  readonly output: Output;
  /** One JSON object instead of words. */
  readonly json?: boolean | undefined;
}

const grouped = (count: number): string => count.toLocaleString('en-US');
const share = (part: number, whole: number): string => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`);

const listOf = (counts: Counts): string =>
  Object.entries(counts)
    .sort(([a, m], [b, n]) => n - m || a.localeCompare(b))
    .map(([code, n]) => `${code} ${grouped(n)}`)
    .join(', ') || 'none';

/** The most called first; what was refused stands in brackets. */
const toolsOf = ({ tools, toolCalls, toolsRefused }: ReplyStatistics): string => {
  const names = Object.entries(tools)
    .sort(([a, m], [b, n]) => n.called - m.called || a.localeCompare(b))
    .map(
      ([name, { called, refused }]) =>
        `${name} ${grouped(called)}${refused === 0 ? '' : ` (${grouped(refused)} refused)`}`,
    );
  const all = `${grouped(toolCalls)} called, ${grouped(toolsRefused)} refused`;
  return names.length === 0 ? all : `${all}: ${names.join(', ')}`;
};

const timesOf = ({ p50, p95, p99 }: Percentiles): string =>
  p50 === null ? 'not measured' : `p50 ${grouped(p50)}, p95 ${grouped(p95 ?? p50)}, p99 ${grouped(p99 ?? p50)} ms`;

const groupText = (group: ReplyStatistics): string => {
  const lines: readonly (readonly [string, string])[] = [
    ['replies', grouped(group.replies)],
    ['by the model', `${grouped(group.byModel)} (${share(group.byModel, group.replies)})`],
    ['fallbacks', listOf(group.fallbacks)],
    ['stopped', grouped(group.cancelled)],
    ['corrected', listOf(group.corrected)],
    ['tools', toolsOf(group)],
    [
      'tokens',
      `${grouped(group.tokensIn)} in, ${grouped(group.tokensOut)} out${group.estimated === 0 ? '' : ` (estimated in ${grouped(group.estimated)} replies)`}`,
    ],
    ['first text', timesOf(group.firstTokenMs)],
    ['whole reply', timesOf(group.latencyMs)],
    ['retries', grouped(group.retries)],
  ];
  const name = [group.day, group.model, group.prompt].filter((part) => part !== null).join(' · ');
  return [name, ...lines.map(([label, value]) => `  ${label.padEnd(13)} ${value}`), ''].join('\n');
};

const budgetText = (name: string, used: number, limit: number, more = ''): string =>
  `  ${name.padEnd(13)} ${grouped(used)} of ${limit === 0 ? 'no limit' : `${grouped(limit)} (${share(used, limit)})`}${more}`;

const budgetsText = ({ hour, month, session }: BudgetReport): string =>
  [
    'Budgets, in tokens',
    budgetText('last hour', hour.used, hour.limit),
    budgetText('this month', month.used, month.limit),
    budgetText('conversation', session.used, session.limit, `: the largest of the last day; ${session.over} used up`),
    '',
  ].join('\n');

/**
 * `citizen agent stats`: how replies were made, and what is left of the budgets. Nothing of what was said.
 * @returns 0, or 2 when the read model could not be read
 */
export const runStats = async (command: StatsCommand): Promise<ExitCode> => {
  const { output, period, json } = command;
  try {
    const [groups, budgets] = await Promise.all([command.statistics(), command.budgets()]);
    const [since, until] = [period.since.toISOString(), period.until.toISOString()];
    if (json === true) {
      output.out(`${JSON.stringify({ since, until, groups, budgets })}\n`);
      return 0;
    }
    const body = groups.length === 0 ? 'No replies in this time.\n' : groups.map(groupText).join('\n');
    output.out(`Replies from ${since} to ${until}\n\n${body}\n${budgetsText(budgets)}`);
    return 0;
  } catch (error) {
    output.err(`The figures could not be read: ${messageOf(error)}\n`);
    return 2;
  }
};
