import type { EventDefinition } from '../define-event.js';
import type { EventMeta } from '../envelope.js';
import {
  complaintEventDefinitions,
  trackingEventDefinitions,
  type ComplaintEvent,
  type TrackingEvent,
} from './complaint.js';
import { sessionEventDefinitions, type SessionEvent } from './session.js';

export const eventDefinitions: readonly EventDefinition[] = [
  ...sessionEventDefinitions,
  ...complaintEventDefinitions,
  ...trackingEventDefinitions,
];

/** Every fact that this system can record. */
export type DomainEvent = SessionEvent | ComplaintEvent | TrackingEvent;
export type DomainEventType = DomainEvent['type'];

/**
 * An event read back from the log. `type: 'Unknown'` stands for what this version of the program does not know (a newer
 * process wrote it): readers skip it, they never fail on it.
 */
export type Recorded<E extends { type: string; data: unknown } = DomainEvent> = E & { readonly meta: EventMeta };
export type UnknownEvent = {
  readonly type: 'Unknown';
  readonly data: { readonly type: string; readonly schemaVersion: number };
  readonly meta: EventMeta;
};
export type AnyRecorded = Recorded | UnknownEvent;

// Where each kind of thing lives. Stream names hold ids only, never anything personal.
export const sessionStream = (sessionId: string): string => `session-${sessionId}`;
export const complaintStream = (complaintId: string): string => `complaint-${complaintId}`;
export const trackingStream = (trackingLookup: string): string => `tracking-${trackingLookup}`;

/** The session id of a stream `session-<id>`, or undefined for any other stream. */
export const sessionIdOf = (stream: string): string | undefined =>
  stream.startsWith('session-') ? stream.slice('session-'.length) : undefined;
