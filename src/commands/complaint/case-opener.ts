import { complaintStream, sessionIdOf, type AnyRecorded } from '../../events/catalogue/index.js';
import type { EventLog } from '../../events/event-log.js';
import { isWrongExpectedRevision } from '../../events/store-errors.js';
import { deterministicId } from '../../platform/ids.js';
import { createReactor, type Reactor, type ReactorDependencies } from '../reactor.js';

export interface CaseOpenerDependencies extends ReactorDependencies {
  readonly log: EventLog;
}

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
 * The durable reactor between the intake and the case: for every ComplaintSubmitted it opens the case, exactly once
 * (deterministic ids, and a stream that must not be there yet).
 */
export const createCaseOpener = (dependencies: CaseOpenerDependencies): Reactor =>
  createReactor(dependencies, {
    name: 'case-opener',
    types: ['ComplaintSubmitted'],
    react: (event) => openCase(dependencies.log, event),
  });
