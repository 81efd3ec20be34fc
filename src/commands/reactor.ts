import { setTimeout as delay } from 'node:timers/promises';
import type { AnyRecorded } from '../events/catalogue/index.js';
import type { EventLog } from '../events/event-log.js';
import type { ReactorCheckpoints } from './reactor-checkpoints.js';

export interface ReactorDependencies {
  readonly log: Pick<EventLog, 'subscribe'>;
  readonly checkpoints: ReactorCheckpoints;
  /** Told of every failure that is tried again; for the log. */
  readonly onError: (error: unknown) => void;
  /** Waits so many milliseconds, or until the signal aborts; for tests. */
  readonly pause?: ((ms: number, signal: AbortSignal) => Promise<unknown>) | undefined;
}

export interface Reactor {
  /** Reacts until the signal aborts, then ends normally. */
  run(signal: AbortSignal): Promise<void>;
}

export interface Reaction {
  /** Under which its checkpoint is kept; never changed. */
  readonly name: string;
  /** Types of events that it reacts to. */
  readonly types: readonly string[];
  /** Reacts to one event, sealed. May be given the same event again, on several processes at once: it must be idempotent. */
  readonly react: (event: AnyRecorded) => Promise<void>;
}

const SAVE_EVERY_EVENTS = 100;
/** Other events pass by all the time: how many of them are worth a write. */
const SAVE_EVERY_POSITIONS = 1_000n;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

const pauseUntil = (ms: number, signal: AbortSignal): Promise<unknown> =>
  delay(ms, undefined, { signal }).catch(() => undefined);

/**
 * A durable reactor: follows the log from its own checkpoint and reacts to every event of its types, in order, at least once,
 * however often it is started and on however many processes. What fails is tried again until it works.
 */
export const createReactor = (dependencies: ReactorDependencies, { name, types, react }: Reaction): Reactor => {
  const { log, checkpoints, onError, pause = pauseUntil } = dependencies;

  const follow = async (signal: AbortSignal, onProgress: () => void): Promise<void> => {
    let saved = await checkpoints.load(name);
    let handled = saved;
    let unsaved = 0;
    const save = async (): Promise<void> => {
      if (handled > saved) await checkpoints.save(name, handled);
      saved = handled;
      unsaved = 0;
    };
    for await (const message of log.subscribe({ after: saved, types, signal })) {
      if (message.kind === 'event') {
        await react(message.event);
        handled = message.event.meta.position;
        onProgress();
        if (++unsaved >= SAVE_EVERY_EVENTS) await save();
      } else {
        if (message.position > handled) handled = message.position;
        if (unsaved > 0 || handled - saved >= SAVE_EVERY_POSITIONS) await save();
      }
    }
    await save();
  };

  return {
    run: async (signal) => {
      let failures = 0;
      const isOver = (): boolean => signal.aborted;
      while (!isOver()) {
        try {
          await follow(signal, () => void (failures = 0));
        } catch (error) {
          if (isOver()) return;
          onError(error);
          await pause(Math.min(FIRST_PAUSE_MS * 2 ** failures++, LONGEST_PAUSE_MS), signal);
        }
      }
    },
  };
};
