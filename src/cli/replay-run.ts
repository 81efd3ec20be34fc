import { setMaxListeners } from 'node:events';
import { callModel, type CallDependencies } from '../agent/model/call-model.js';
import type { Breaker } from '../agent/model/breaker.js';
import type { UsageReader } from '../agent/model/budgets.js';
import type { ChatModel, Completion } from '../agent/model/chat-model.js';
import { isModelFault } from '../agent/model/failures.js';
import type { Prompt } from '../agent/model/prompt.js';
import { categoryOf, classifyRequest, judgedComplaint } from '../agent/model/replay/classify.js';
import { inParallel } from '../agent/model/replay/in-parallel.js';
import { rebuildTurn, type NotRebuilt, type RebuildGiven } from '../agent/model/replay/rebuild.js';
import { replayTurn, type AskModel, type StepComparison } from '../agent/model/replay/replay-turn.js';
import { mcNemar, wilson, type McNemar, type Share } from '../agent/model/replay/statistics.js';
import type { ModelSettings } from '../agent/model/settings.js';
import { limitTime } from '../agent/model/time-limit.js';
import type { Taxonomy } from '../commands/taxonomy/taxonomy.js';
import { complaintStream, sessionStream, type AnyRecorded } from '../events/catalogue/index.js';
import type { EventLog } from '../events/event-log.js';
import { monthStart } from '../projections/queries/agent-statistics.js';
import type { RecordedTurn } from '../projections/queries/recorded-turns.js';
import type { Period } from '../platform/period.js';

export interface ReplayGiven {
  readonly log: Pick<EventLog, 'readStream' | 'readAll'>;
  readonly taxonomy: Taxonomy;
  readonly settings: ModelSettings;
  readonly rebuild: RebuildGiven;
  readonly period: Period;
  readonly turns: readonly RecordedTurn[];
  readonly prompt: Prompt;
  /** Null: nothing is asked, it is only seen what could be made again. */
  readonly model: ChatModel | null;
  readonly breaker: Breaker;
  readonly usage: Pick<UsageReader, 'since'>;
  readonly chance: () => number;
  /** Records that a session is about to be read in the clear, and why; null: everything is masked. */
  readonly unmask: ((sessionId: string) => Promise<void>) | null;
  /** Most complaints that are classified. */
  readonly limit: number;
  readonly atOnce: number;
  readonly signal: AbortSignal;
  readonly onTurn: (turn: ReplayedTurn) => void;
  readonly onProgress: (done: number, total: number) => void;
}

export interface ReplayedTurn extends RecordedTurn {
  /** Day of the reply, YYYY-MM-DD. */
  readonly day: string;
  readonly steps: readonly StepComparison[];
}

export type StopReason = 'interrupted' | 'budget' | 'model_down';

export interface ReplayReport {
  readonly turns: {
    readonly considered: number;
    /** Made again with the recorded SHA-256. */
    readonly rebuilt: number;
    readonly notRebuilt: Readonly<Partial<Record<NotRebuilt, number>>>;
    readonly replayed: number;
    /** Calls that failed, by code. */
    readonly failed: Readonly<Record<string, number>>;
    readonly sameTools: Share;
    readonly sameText: Share;
  };
  readonly complaints: {
    readonly judged: number;
    readonly classified: number;
    /** What the assistant had proposed, against the officer; in a dry run of all that were judged. */
    readonly recorded: Share;
    readonly fresh: Share;
    readonly difference: McNemar;
  };
  readonly tokens: number;
  readonly stopped: StopReason | null;
}

const eventsOf = async (log: ReplayGiven['log'], stream: string): Promise<AnyRecorded[]> => {
  const events: AnyRecorded[] = [];
  for await (const event of log.readStream(stream)) events.push(event);
  return events;
};

const count = <K extends string>(counts: Partial<Record<K, number>>, key: K): void => {
  counts[key] = (counts[key] ?? 0) + 1;
};

/** What officers decided last in the period, by complaint. */
const officersWord = async ({ log, period, limit }: ReplayGiven): Promise<readonly (readonly [string, string])[]> => {
  const words = new Map<string, string>();
  for await (const event of log.readAll({ types: ['OfficerClassified'] })) {
    const at = new Date(event.meta.recordedAt);
    if (event.type === 'OfficerClassified' && at >= period.since && at < period.until)
      words.set(event.meta.stream.slice(complaintStream('').length), event.data.category);
  }
  return [...words].slice(-limit);
};

/** Asks the model within the budgets; its own tokens count on top of what the read model knows. */
const createAsk = (given: ReplayGiven, model: ChatModel, ending: AbortController, stop: (why: StopReason) => void) => {
  const { settings, usage } = given;
  let tokens = 0;
  const isOver = async (): Promise<boolean> => {
    const now = new Date();
    const over = async (limit: number, since: Date): Promise<boolean> =>
      limit > 0 && (await usage.since(since)) + tokens >= limit;
    return (
      (await over(settings.modelHourTokens, new Date(now.getTime() - 3_600_000))) ||
      (await over(settings.modelMonthTokens, monthStart(now)))
    );
  };
  const dependencies: CallDependencies = { model, settings, breaker: given.breaker, chance: given.chance };
  const ask: AskModel = async (request) => {
    if (await isOver()) stop('budget');
    else if (!given.breaker.allow()) stop('model_down');
    const time = limitTime(ending.signal, settings.modelTurnMs, () => performance.now());
    try {
      return await callModel(dependencies, {
        ...{ request, signal: time.signal, timeLeftMs: time.timeLeftMs },
        onText: () => undefined,
        onRetry: () => undefined,
        onSpent: ({ usage: spent, text }: Pick<Completion, 'usage' | 'text'>) =>
          (tokens += spent === null ? text.length / 4 : spent.tokensIn + spent.tokensOut),
      });
    } finally {
      time.end();
    }
  };
  return { ask, tokens: () => Math.ceil(tokens) };
};

/**
 * Re-issues recorded turns to another prompt or model, each frozen as it was, and has filed complaints classified anew. Tools are
 * offered and never done; nothing is written anywhere.
 */
export const runReplay = async (given: ReplayGiven): Promise<ReplayReport> => {
  const { log, model, unmask, prompt, taxonomy, atOnce } = given;
  const notRebuilt: Partial<Record<NotRebuilt, number>> = {};
  const failed: Record<string, number> = {};
  const steps: StepComparison[] = [];
  const pairs: { readonly old: boolean; readonly fresh: boolean }[] = [];
  /** Whether what was proposed is the officer's category; of the complaints that were classified anew, or in a dry run of all. */
  const agreed: boolean[] = [];
  const ending = new AbortController();
  setMaxListeners(0, ending.signal);
  let stopped: StopReason | null = null;
  let [rebuilt, replayed, judged, done] = [0, 0, 0, 0];
  const stop = (why: StopReason): void => {
    stopped ??= why;
    ending.abort();
  };
  const interrupted = (): void => stop('interrupted');
  if (given.signal.aborted) interrupted();
  given.signal.addEventListener('abort', interrupted, { once: true });
  const asking = model === null ? null : createAsk(given, model, ending, stop);
  const words = await officersWord(given);
  const total = given.turns.length + words.length;
  const step = (): void => given.onProgress((done += 1), total);
  /** A call that failed is counted; one that was broken off is not. */
  const missed = (error: unknown): void => {
    if (!isModelFault(error)) throw error;
    if (!ending.signal.aborted) count(failed, error.kind);
  };

  const replayOne = async (at: RecordedTurn): Promise<void> => {
    const events = await eventsOf(log, sessionStream(at.sessionId));
    const reply = events.find(({ meta }) => meta.revision === at.revision);
    if (reply?.type !== 'AgentReplied') {
      count(notRebuilt, 'request_differs');
      return;
    }
    const made = rebuildTurn(events, reply, given.rebuild);
    if (!made.ok) {
      count(notRebuilt, made.why);
      return;
    }
    rebuilt += 1;
    if (asking === null) return;
    await unmask?.(at.sessionId);
    const compared = await replayTurn(made.turn, prompt.text, unmask === null, asking.ask).catch(missed);
    if (compared === undefined) return;
    replayed += 1;
    steps.push(...compared);
    given.onTurn({ ...at, day: reply.meta.recordedAt.slice(0, 10), steps: compared });
  };
  const classifyOne = async ([complaintId, officer]: readonly [string, string]): Promise<void> => {
    const [opened] = await eventsOf(log, complaintStream(complaintId));
    if (opened?.type !== 'CaseOpened') return;
    const events = await eventsOf(log, sessionStream(opened.data.sessionId));
    const complaint = judgedComplaint(events, complaintId, officer);
    if (complaint === undefined) return;
    judged += 1;
    const old = complaint.proposed === officer;
    if (asking === null) {
      agreed.push(old);
      return;
    }
    await unmask?.(opened.data.sessionId);
    const text = unmask === null ? complaint.masked : complaint.description;
    const completion = await asking.ask(classifyRequest(prompt.text, taxonomy, text)).catch(missed);
    if (completion === undefined) return;
    agreed.push(old);
    pairs.push({ old, fresh: categoryOf(completion, taxonomy) === officer });
  };
  try {
    await inParallel(given.turns, atOnce, ending.signal, (turn) => replayOne(turn).finally(step));
    await inParallel(words, atOnce, ending.signal, (word) => classifyOne(word).finally(step));
  } finally {
    given.signal.removeEventListener('abort', interrupted);
  }
  const first = steps.filter((one) => one.step === 'first');
  const hits = (of: readonly boolean[]): Share => wilson(of.filter(Boolean).length, of.length);
  return {
    turns: {
      ...{ considered: given.turns.length, rebuilt, notRebuilt, replayed, failed },
      sameTools: wilson(first.filter(({ sameTools }) => sameTools).length, first.length),
      sameText: wilson(steps.filter(({ sameText }) => sameText).length, steps.length),
    },
    complaints: {
      ...{ judged, classified: pairs.length, recorded: hits(agreed), fresh: hits(pairs.map(({ fresh }) => fresh)) },
      difference: mcNemar(pairs),
    },
    tokens: asking?.tokens() ?? 0,
    stopped,
  };
};
