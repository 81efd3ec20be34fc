import { setTimeout as delay } from 'node:timers/promises';
import { complaintStream, sessionIdOf, type AnyRecorded } from '../../events/catalogue/index.js';
import type { EventLog } from '../../events/event-log.js';
import { isWrongExpectedRevision } from '../../events/store-errors.js';
import { deterministicId } from '../../platform/ids.js';
import type { ReactorCheckpoints } from '../reactor-checkpoints.js';

export interface CaseOpenerDependencies {
  readonly log: EventLog;
  readonly checkpoints: ReactorCheckpoints;
  /** Told of every failure that is tried again; for the log. */
  readonly onError: (error: unknown) => void;
  /** Waits so many milliseconds, or until the signal aborts; for tests. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

export interface CaseOpener {
  /** Opens cases until the signal aborts, then ends normally. */
  run(signal: AbortSignal): Promise<void>;
}

const NAME = 'case-opener';
const SAVE_EVERY_EVENTS = 100;
/** Other events pass by all the time: how many of them are worth a write. */
const SAVE_EVERY_POSITIONS = 1_000n;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

const pauseUntil = (ms: number, signal: AbortSignal): Promise<unknown> =>
  delay(ms, undefined, { signal }).catch(() => undefined);

/** Opens the case of one filed complaint; the second time it is there already. */
const openCase = async (log: EventLog, recorded: AnyRecorded): Promise<void> => {
  const sessionId = sessionIdOf(recorded.meta.stream);
  if (recorded.type !== 'ComplaintSubmitted' || sessionId === undefined) return;
  const { complaintId, trackingLookup, standing, category, institution } = recorded.data;
  const { id, occurredAt, correlationId } = recorded.meta;
  const opened = {
    type: 'CaseOpened',
    data: { complaintId, sessionId, trackingLookup, standing, category, institution, filedAt: occurredAt },
  } as const;
  try {
    await log.append(
      complaintStream(complaintId),
      [
        {
          event: opened,
          id: deterministicId('case-opened', complaintId),
          occurredAt,
          actor: { kind: 'system' },
          causationId: id,
          correlationId,
          subject: sessionId,
        },
      ],
      'noStream',
    );
  } catch (error) {
    if (!isWrongExpectedRevision(error)) throw error;
  }
};

/**
 * The durable reactor between the intake and the case: for every ComplaintSubmitted it opens the case, exactly once however
 * often it is started and on however many processes (at-least-once delivery, deterministic ids).
 */
export const createCaseOpener = (dependencies: CaseOpenerDependencies): CaseOpener => {
  const { log, checkpoints, onError, pause = pauseUntil } = dependencies;

  const follow = async (signal: AbortSignal, onProgress: () => void): Promise<void> => {
    let saved = await checkpoints.load(NAME);
    let handled = saved;
    let unsaved = 0;
    const save = async (): Promise<void> => {
      if (handled > saved) await checkpoints.save(NAME, handled);
      saved = handled;
      unsaved = 0;
    };
    for await (const message of log.subscribe({ after: saved, types: ['ComplaintSubmitted'], signal })) {
      if (message.kind === 'event') {
        await openCase(log, message.event);
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
