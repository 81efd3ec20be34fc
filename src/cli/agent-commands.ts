import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { createBreaker } from '../agent/model/breaker.js';
import { createOpenAiModel } from '../agent/model/openai-model.js';
import { loadPrompt, promptOf, type Prompt } from '../agent/model/prompt.js';
import { createPolicies } from '../commands/policies/policies.js';
import { systemClock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import { parsePeriod, type Period } from '../platform/period.js';
import {
  readAgentStatistics,
  readBudgets,
  statisticsBy,
  type StatisticsBy,
} from '../projections/queries/agent-statistics.js';
import { createAgentUsage } from '../projections/queries/agent-usage.js';
import { readRecordedTurns } from '../projections/queries/recorded-turns.js';
import type { Storage } from '../storage.js';
import { startupError } from '../platform/startup-error.js';
import { runReplayCommand } from './agent-replay.js';
import { runStats } from './agent-stats.js';
import { processOutput, type ExitCode } from './output.js';
import type { WithStorage } from './with-storage.js';

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

interface ReplayOptions extends PeriodOptions {
  readonly prompt?: string;
  readonly model?: string;
  readonly limit: number;
  readonly concurrency: number;
  readonly unmask?: boolean;
  readonly reason?: string;
  readonly officer?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const wholeNumber =
  (most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/u.test(text) || value < 1 || value > most)
      throw new InvalidArgumentError(`It must be a whole number from 1 to ${most}.`);
    return value;
  };

const promptFrom = async (file: string | undefined): Promise<Prompt> => {
  if (file === undefined) return loadPrompt();
  const text = await readFile(file, 'utf8').catch(() => '');
  if (text.trim() === '') throw startupError('bad_configuration', 'The file of --prompt cannot be read, or is empty.');
  return promptOf(path.basename(file, path.extname(file)), text);
};

/** A prompt that belongs to this program, or undefined. */
const knownPrompt = (version: string): Prompt | undefined => {
  try {
    return loadPrompt(version);
  } catch {
    return undefined;
  }
};

const replay = async (
  { pool, log }: Storage,
  config: Config,
  period: Period,
  { limit, concurrency, unmask, reason, officer, dryRun, json, ...options }: ReplayOptions,
  signal: AbortSignal,
): Promise<ExitCode> => {
  const settings = { ...config, openaiModel: options.model ?? config.openaiModel };
  const { openaiApiKey } = config;
  if (openaiApiKey === undefined && dryRun !== true)
    throw startupError(
      'bad_configuration',
      'Set OPENAI_API_KEY (and OPENAI_BASE_URL) to ask a model, or look with --dry-run.',
    );
  const { turns, total } = await readRecordedTurns(pool, period, limit);
  const { taxonomy } = createPolicies();
  const shares = { sharesIdentity: config.modelSharesIdentity, sharesFileNames: config.modelSharesFileNames };
  return runReplayCommand({
    ...{ log, taxonomy, settings, period, turns, turnsInPeriod: total, limit, reason, officer, json, signal },
    clock: systemClock,
    rebuild: { taxonomy, contextTokens: config.modelContextTokens, shares, promptOf: knownPrompt },
    prompt: await promptFrom(options.prompt),
    modelName: settings.openaiModel,
    model: dryRun === true || openaiApiKey === undefined ? null : createOpenAiModel({ ...settings, openaiApiKey }),
    breaker: createBreaker({ failures: config.modelBreakerFailures, openMs: config.modelBreakerOpenMs }),
    usage: createAgentUsage(pool),
    chance: () => randomInt(2 ** 31) / 2 ** 31,
    masked: unmask !== true,
    atOnce: concurrency,
    output: processOutput,
    isTty: process.stderr.isTTY,
  });
};

/** Adds `citizen agent …`. @param signal aborted by Ctrl-C */
export const addAgentCommands = (program: Command, withStorage: WithStorage, signal: AbortSignal): void => {
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
  agent
    .command('replay')
    .description(
      'ask another prompt or model what it would have said in recorded turns; no tool is done, nothing changes',
    )
    .option('--prompt <file>', 'the new prompt (default: the one in use)')
    .option('--model <name>', 'the new model (default: OPENAI_MODEL)')
    .option('--since <time>', 'from when on')
    .option('--until <time>', 'until when')
    .option('--limit <n>', 'most turns, the newest ones, and most complaints', wholeNumber(100_000), 100)
    .option('--concurrency <n>', 'calls at a time', wholeNumber(64), 2)
    .option('--unmask', 'send and show what citizens told as they told it; recorded for good')
    .option('--reason <text>', 'why, 10 to 500 letters; needed for --unmask')
    .option('--officer <staff id>', 'who reads; needed for --unmask, never a name')
    .option('--dry-run', 'ask nothing: only see how many turns can be made again')
    .option('--json', 'one JSON object instead of words')
    .addHelpText(
      'after',
      `${PERIOD_HELP}\nWhat it can tell and what not: docs/language-model.md, "What would the new prompt say?"`,
    )
    .action((options: ReplayOptions) => {
      const period = periodOf(program, options, new Date());
      return withStorage((storage, config) => replay(storage, config, period, options, signal));
    });
};
