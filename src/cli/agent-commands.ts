import { Option, type Command } from 'commander';
import type { Config } from '../platform/config.js';
import { parsePeriod, type Period } from '../platform/period.js';
import {
  readAgentStatistics,
  readBudgets,
  statisticsBy,
  type StatisticsBy,
} from '../projections/queries/agent-statistics.js';
import type { Storage } from '../storage.js';
import { runStats } from './agent-stats.js';
import { processOutput, type ExitCode } from './output.js';

type WithStorage = (work: (storage: Storage, config: Config) => Promise<ExitCode>) => Promise<void>;

interface PeriodOptions {
  readonly since?: string;
  readonly until?: string;
}

const PERIOD_HELP = `
Times: 2026-11-01, 2026-11-01T08:00Z, or 24h, 7d back from now. Default: the last 30 days.`;

const periodOf = (program: Command, { since, until }: PeriodOptions, now: Date): Period =>
  parsePeriod(since, until, now) ??
  program.error('error: --since and --until are times such as 2026-11-01, 24h or 7d, the first before the second', {
    exitCode: 2,
  });

/** Adds `citizen agent …`. */
export const addAgentCommands = (program: Command, withStorage: WithStorage): void => {
  const agent = program.command('agent').description('the assistant: how its replies were made');
  agent
    .command('stats')
    .description('replies, fallbacks, tools, tokens, times and budgets, by model and prompt')
    .option('--since <time>', 'from when on')
    .option('--until <time>', 'until when')
    .addOption(new Option('--by <what>', 'one group for each').choices(statisticsBy).default('setup'))
    .option('--json', 'one JSON object instead of words')
    .addHelpText('after', PERIOD_HELP)
    .action(({ by, json, ...times }: PeriodOptions & { by: StatisticsBy; json?: boolean }) => {
      const now = new Date();
      const period = periodOf(program, times, now);
      return withStorage(({ pool }, config) =>
        runStats({
          ...{ period, json, output: processOutput },
          statistics: () => readAgentStatistics(pool, period, by),
          budgets: () => readBudgets(pool, config, now),
        }),
      );
    });
};
