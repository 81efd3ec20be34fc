import { createBench, type Budget, type Target } from './bench.js';
import type { Case, CaseResult } from './case.js';
import { endingOf, failed } from './outcome.js';

const DEFAULT_LIMIT_MS = 15_000;
/** Replies of the assistant that one case may wait for, at most. */
const REPLIES_PER_CASE = 2;

/** A budget that aborts when its time is over. */
const openBudget = (ms: number): Budget & { readonly over: Promise<never>; close(): void } => {
  const controller = new AbortController();
  let end = performance.now() + ms;
  let timer: NodeJS.Timeout;
  const over = new Promise<never>((_resolve, reject) => {
    const look = (): void => {
      const left = end - performance.now();
      if (left > 0) {
        timer = setTimeout(look, left);
        return;
      }
      reject(failed(`The case took longer than ${Math.round(ms / 1000)} s`));
      controller.abort();
    };
    timer = setTimeout(look, ms);
  });
  over.catch(() => undefined);
  return {
    signal: controller.signal,
    extend: (more) => (end += more),
    over,
    close: () => {
      clearTimeout(timer);
      controller.abort();
    },
  };
};

const runCase = async (target: Target, { run, limitMs = DEFAULT_LIMIT_MS, ...about }: Case): Promise<CaseResult> => {
  const from = performance.now();
  const budget = openBudget(limitMs + REPLIES_PER_CASE * target.replyMs);
  const made = createBench(target, budget);
  const ended = (outcome: CaseResult['outcome'], reason: string | null): CaseResult => ({
    ...about,
    outcome,
    reason,
    ms: Math.round(performance.now() - from),
  });
  try {
    await Promise.race([run(made.bench), budget.over]);
    return ended('passed', null);
  } catch (error) {
    const { ending, reason } = endingOf(error);
    return ended(ending, reason);
  } finally {
    budget.close();
    made.closeAll();
  }
};

/** Runs cases one after the other; each has its time, so that the whole ends by itself. Never rejects. */
export const runCases = async (
  target: Target,
  cases: readonly Case[],
  onResult: (result: CaseResult) => void = () => undefined,
): Promise<readonly CaseResult[]> => {
  const results: CaseResult[] = [];
  for (const each of cases) {
    const result = await runCase(target, each);
    results.push(result);
    onResult(result);
  }
  return results;
};
