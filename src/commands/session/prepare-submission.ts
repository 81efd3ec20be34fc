import { trackingStream } from '../../events/catalogue/index.js';
import type { EventLog } from '../../events/event-log.js';
import { isWrongExpectedRevision } from '../../events/store-errors.js';
import type { Clock } from '../../platform/clock.js';
import { newId } from '../../platform/ids.js';
import type { AccessKeys } from '../access-key.js';
import { drawTrackingNumber, lookupKey } from '../tracking-number.js';

export interface PrepareSubmissionDependencies {
  readonly log: EventLog;
  /** Secret of the deployment from which lookup keys are made. */
  readonly pepper: Buffer | string;
  readonly accessKeys: AccessKeys;
  readonly clock: Clock;
  /** Draws a number; for tests. */
  readonly draw?: () => string;
}

/** What SubmitComplaint needs, and the access key in clear for the citizen's eyes. */
export interface PreparedSubmission {
  readonly complaintId: string;
  readonly trackingNumber: string;
  readonly trackingLookup: string;
  readonly accessKey: string;
  readonly accessKeyHash: string;
}

export interface SubmissionFor {
  readonly sessionId: string;
  /** The message that asked for it. */
  readonly causationId?: string | undefined;
  readonly correlationId?: string | undefined;
}

/** With 2^55 numbers a second conflict in a row means that something else is wrong. */
const MAX_DRAWS = 10;

/**
 * Draws and reserves a tracking number and draws an access key, before a complaint is filed with them. The reservation is durable
 * first, so that no number is ever given twice; one that is never used (a crash in between) does no harm.
 * @throws Error when ten draws in a row were taken; StoreUnavailableError
 */
export const createPrepareSubmission =
  ({ log, pepper, accessKeys, clock, draw = drawTrackingNumber }: PrepareSubmissionDependencies) =>
  async ({ sessionId, causationId, correlationId }: SubmissionFor): Promise<PreparedSubmission> => {
    const complaintId = newId();
    const accessKey = accessKeys.draw();
    const hashing = accessKeys.hash(accessKey);
    const reserve = async (): Promise<Pick<PreparedSubmission, 'trackingNumber' | 'trackingLookup'>> => {
      for (let draws = 0; draws < MAX_DRAWS; draws++) {
        const trackingNumber = draw();
        const trackingLookup = lookupKey(pepper, trackingNumber);
        const reservation = {
          event: { type: 'TrackingNumberReserved', data: { complaintId } } as const,
          id: newId(),
          occurredAt: clock.now().toISOString(),
          actor: { kind: 'system' } as const,
          causationId,
          correlationId,
          subject: sessionId,
        };
        try {
          await log.append(trackingStream(trackingLookup), [reservation], 'noStream');
          return { trackingNumber, trackingLookup };
        } catch (error) {
          if (!isWrongExpectedRevision(error)) throw error;
        }
      }
      throw new Error(`No free tracking number in ${MAX_DRAWS} draws`);
    };
    const [reserved, accessKeyHash] = await Promise.all([reserve(), hashing]);
    return { complaintId, ...reserved, accessKey, accessKeyHash };
  };
