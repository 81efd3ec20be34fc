import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { SessionCommands } from '../commands/command-handler.js';
import { sessionIdOf } from '../events/catalogue/index.js';
import type { EventLog } from '../events/event-log.js';
import type { Logger } from '../platform/logging.js';
import { shortHash } from '../platform/short-hash.js';
import { holdLease } from './hold-lease.js';
import type { Lease, Leases } from './leases.js';
import { createRecentIds } from './recent-ids.js';
import { createTakenIn, type Taken } from './taken-in.js';
import { takeTurn, type TakeTurnDependencies, type TurnOutcome } from './take-turn.js';
import { createTurnQueue } from './turn-queue.js';
import type { TurnStep } from './turn.js';

export interface ResponderSettings {
  /** Sessions answered at a time by this process. */
  readonly concurrency: number;
  /** How long the process that took a message in has the first go at it, in milliseconds. */
  readonly graceMs: number;
  /** Between two looks for messages that nobody answered, in milliseconds. */
  readonly pollMs: number;
  /** Messages taken up by one look. */
  readonly pollLimit: number;
  /** Waits before the second, third, … attempt of the agent, in milliseconds. */
  readonly retryDelaysMs: readonly number[];
  /** How long `stop` waits for running turns before it aborts them, in milliseconds. */
  readonly stopTimeoutMs: number;
}

export const defaultResponderSettings: ResponderSettings = {
  concurrency: 32,
  graceMs: 300,
  pollMs: 1_000,
  pollLimit: 200,
  retryDelaysMs: [200, 1_000, 3_000],
  stopTimeoutMs: 8_000,
};

/** Told while a turn runs, for typing signs; nothing of it is recorded. */
export interface TurnEvent {
  readonly sessionId: string;
  readonly messageId: string;
  readonly phase: 'started' | 'finished' | 'failed' | 'cancelled' | 'put_off';
}

export interface ResponderOptions extends Omit<
  TakeTurnDependencies,
  'retryDelaysMs' | 'onAgentError' | 'at' | 'commands'
> {
  readonly commands: TakeTurnDependencies['commands'] & Pick<SessionCommands, 'needsNoTurn' | 'recallSession'>;
  readonly log: Pick<EventLog, 'subscribe'>;
  /** Messages without an answer that were received at least so long ago. */
  readonly pendingTurns: (asked: {
    readonly olderThanMs: number;
    readonly limit: number;
  }) => Promise<readonly { readonly sessionId: string }[]>;
  readonly leases: Leases;
  readonly logger: Pick<Logger, 'warn' | 'error' | 'debug'>;
  readonly settings?: Partial<ResponderSettings> | undefined;
  readonly onTurn?: ((event: TurnEvent) => void) | undefined;
  /** Called at each named step of each turn; for tests that stop a process there. */
  readonly at?: ((step: TurnStep, sessionId: string) => void | Promise<void>) | undefined;
}

export interface Responder {
  /** A message was appended by this process: its turn comes at once. */
  notify(sessionId: string, messageId: string): void;
  /** Stops the reply to a message that is being written by this process. False: none is, any more. */
  cancel(sessionId: string, messageId: string): boolean;
  /** Ends the running turns and takes no more. Resolves within `stopTimeoutMs`, give or take. */
  stop(): Promise<void>;
}

/** Message ids that this process heard of directly; enough for some minutes of heavy load. */
const RECENT_IDS = 50_000;

/**
 * Answers every message of every citizen exactly once, in order, one at a time per session, whatever process took it in.
 *
 * Three things tell it that there is work: `notify` by its own process, a subscription of the log for messages that other
 * processes took in, and a look at the read model of pending turns at the start and every second, for what a crash left
 * behind. None of them is trusted: what is due is read from the session's own stream under the session's lease. All state of
 * a session lives in the log; here are only ids.
 */
export const startResponder = (options: ResponderOptions): Responder => {
  const settings = { ...defaultResponderSettings, ...options.settings };
  const { leases, logger, commands } = options;
  const ending = new AbortController();
  const aborting = new AbortController();
  // One listener for each turn that runs: as many as sessions are answered at a time.
  setMaxListeners(0, aborting.signal);
  const heardOf = createRecentIds(RECENT_IDS);
  const background: Promise<void>[] = [];
  const running = new Map<string, { readonly messageId: string; readonly stopping: AbortController }>();

  const takenIn = createTakenIn(settings.graceMs, commands.recallSession);

  const oneTurn = async (sessionId: string, taken: Taken | undefined, signal: AbortSignal): Promise<boolean> => {
    const at = options.at && ((step: TurnStep) => options.at?.(step, sessionId));
    await at?.('leased');
    const state = takenIn.stateFor(sessionId, taken) ?? (await commands.loadSession(sessionId)).state;
    await at?.('loaded');
    const [message, ...others] = state.pending;
    if (message === undefined || signal.aborted) return false;
    const { messageId } = message;
    tell(options, { sessionId, messageId, phase: 'started' });
    let outcome: TurnOutcome = 'put_off';
    const stopping = new AbortController();
    running.set(sessionId, { messageId, stopping });
    try {
      outcome = await takeTurn(
        { sessionId, message, state, signal, cancelled: stopping.signal },
        {
          ...options,
          at,
          retryDelaysMs: settings.retryDelaysMs,
          onAgentError: (error, attempt) =>
            logger.warn({ session: shortHash(sessionId), attempt, error: nameOf(error) }, 'The agent could not answer'),
        },
      );
    } finally {
      running.delete(sessionId);
      tell(options, { sessionId, messageId, phase: phaseOf(outcome) });
    }
    return others.length > 0 && outcome !== 'put_off';
  };

  const work = async (sessionId: string): Promise<boolean> => {
    let lease: Lease | undefined;
    const taken = takenIn.take(sessionId);
    try {
      // The lease first: everything waits for it, and the read models have just begun to work on the message too.
      const leasing = leases.acquire(sessionId);
      const [message] = takenIn.stateFor(sessionId, taken)?.pending ?? [];
      if (message !== undefined) options.agent.readAhead?.(sessionId, message);
      lease = await leasing;
      // Somebody else is at it; should they fail, the next look finds the message.
      if (lease === undefined) return false;
      return await holdLease(lease, leases.durationMs, aborting.signal, (signal) => oneTurn(sessionId, taken, signal));
    } catch (error) {
      if (!aborting.signal.aborted)
        logger.error({ session: shortHash(sessionId), error: nameOf(error) }, 'A turn was put off');
      return false;
    } finally {
      // Not awaited by anybody's reply: the next turn of this process may take its own lease over.
      await lease?.release();
      await options.at?.('released', sessionId);
    }
  };
  const queue = createTurnQueue(settings.concurrency, work);

  const listen = async (): Promise<void> => {
    const messages = options.log.subscribe({ after: 'end', types: ['UserMessageReceived'], signal: ending.signal });
    for await (const message of messages) {
      if (message.kind !== 'event') continue;
      const sessionId = sessionIdOf(message.event.meta.stream);
      const { id } = message.event.meta;
      if (sessionId === undefined || heardOf.has(id)) continue;
      const later = setTimeout(() => {
        if (!ending.signal.aborted && !heardOf.has(id)) queue.add(sessionId);
      }, settings.graceMs);
      later.unref();
    }
  };

  const look = async (): Promise<void> => {
    for (let olderThanMs = 0; !ending.signal.aborted; olderThanMs = settings.graceMs + settings.pollMs) {
      const due = await options.pendingTurns({ olderThanMs, limit: settings.pollLimit }).catch((error: unknown) => {
        logger.warn({ error: nameOf(error) }, 'Pending turns could not be read');
        return [];
      });
      for (const { sessionId } of due) queue.add(sessionId);
      await delay(settings.pollMs, undefined, { signal: ending.signal, ref: false }).catch(() => undefined);
    }
  };

  const keepRunning = async (task: () => Promise<void>): Promise<void> => {
    while (!ending.signal.aborted) {
      try {
        await task();
      } catch (error) {
        logger.error({ error: nameOf(error) }, 'The responder lost its subscription and begins again');
        await delay(settings.pollMs, undefined, { signal: ending.signal, ref: false }).catch(() => undefined);
      }
    }
  };
  background.push(keepRunning(listen), look());

  return {
    cancel: (sessionId, messageId) => {
      const turn = running.get(sessionId);
      if (turn?.messageId !== messageId) return false;
      turn.stopping.abort();
      return true;
    },
    notify: (sessionId, messageId) => {
      heardOf.add(messageId);
      // Said to an officer: no lease has to be taken to find that nothing is due.
      if (commands.needsNoTurn(sessionId, messageId)) return;
      takenIn.add(sessionId, messageId);
      queue.add(sessionId);
    },
    stop: async () => {
      ending.abort();
      const drained = queue.drain();
      const timer = setTimeout(() => aborting.abort(new Error('The responder stops')), settings.stopTimeoutMs);
      await drained;
      clearTimeout(timer);
      await Promise.all(background);
    },
  };
};

const phaseOf = (outcome: TurnOutcome): TurnEvent['phase'] =>
  outcome === 'answered' || outcome === 'not_due' ? 'finished' : outcome;

const tell = ({ onTurn, logger }: Pick<ResponderOptions, 'onTurn' | 'logger'>, event: TurnEvent): void => {
  try {
    onTurn?.(event);
  } catch (error) {
    logger.warn({ error: nameOf(error) }, 'A listener of turns failed');
  }
};

/** Name and code of an error, never its message: an agent's error may quote what the citizen wrote. */
const nameOf = (error: unknown): string => {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' ? `${error.name} ${error.code}` : error.name;
};
