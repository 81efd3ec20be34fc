import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { personal } from '../personal.js';

// The case after submission: stream `complaint-<complaintId>`; and the reservation of its number: stream `tracking-<lookup>`.

/** Internal states of a case (domain.md section 3). */
export const caseStates = [
  'received',
  'screening',
  'info_requested',
  'under_review',
  'institution_asked',
  'institution_overdue',
  'mediation',
  'investigation',
  'recommendation',
  'referred',
  'not_admissible',
  'duplicate',
  'reported',
  'resolved',
  'closed',
  'reopened',
  'withdrawn',
  'erased',
] as const;
export const caseStateSchema = z.enum(caseStates);
export type CaseState = z.infer<typeof caseStateSchema>;

export const closeReasons = [
  'mediated',
  'remedied',
  'recommendation_accepted',
  'no_maladministration',
  'not_admissible',
  'no_answer',
  'withdrawn',
  'duplicate',
  'referred',
] as const;

export const CaseOpened = defineEvent(
  'CaseOpened',
  'The office received a filed complaint and opened a case for it.',
  z.object({
    complaintId: z.uuid(),
    sessionId: z.string(),
    trackingLookup: z.string(),
    standing: z.enum(['complainant', 'representative', 'informant']),
    category: z.string().nullable(),
    institution: z.string().nullable(),
    filedAt: z.iso.datetime(),
  }),
);

export const CaseMoved = defineEvent(
  'CaseMoved',
  'The case went on to another state.',
  z.object({
    from: caseStateSchema,
    to: caseStateSchema,
    /** Why, from a closed list, when it was closed. */
    reason: z.enum(closeReasons).optional(),
    /** The institution that was asked, or the body that it was referred to (code). */
    target: z.string().optional(),
    /** Whether the citizen agreed to the referral; always true when it was referred. */
    citizenConsented: z.boolean().optional(),
    /** Next date by which something must happen (ISO date-time), from the policy's clocks. */
    dueAt: z.iso.datetime().optional(),
    note: personal('content').optional(),
  }),
);

export const CitizenAsked = defineEvent(
  'CitizenAsked',
  'The office asked the citizen for something; the case waits in `info_requested`.',
  z.object({ question: personal('content') }),
);

export const InstitutionReminded = defineEvent(
  'InstitutionReminded',
  'The office reminded the institution of its overdue answer.',
  z.object({ reminder: z.number().int().min(1) }),
);

export const CitizenAnswered = defineEvent(
  'CitizenAnswered',
  'The citizen gave what the office had asked for.',
  z.object({ text: personal('content'), evidenceIds: z.array(z.uuid()) }),
);

export const OfficeWroteToCitizen = defineEvent(
  'OfficeWroteToCitizen',
  'The office wrote to the citizen about the case.',
  z.object({ text: personal('content') }),
);

export const OfficerClassified = defineEvent(
  'OfficerClassified',
  'An officer set category and institution: the ground truth for measuring the assistant.',
  z.object({ category: z.string(), institution: z.string().nullable(), taxonomyVersion: z.string() }),
);

export const CaseDisputed = defineEvent(
  'CaseDisputed',
  'The citizen disputed the closure within the time allowed.',
  z.object({ text: personal('content') }),
);

export const TrackingNumberReserved = defineEvent(
  'TrackingNumberReserved',
  'A tracking number was drawn for one complaint and will never be given again.',
  z.object({ complaintId: z.uuid() }),
);

export const complaintEventDefinitions = [
  CaseOpened,
  CaseMoved,
  CitizenAsked,
  InstitutionReminded,
  CitizenAnswered,
  OfficeWroteToCitizen,
  OfficerClassified,
  CaseDisputed,
] as const;
export const trackingEventDefinitions = [TrackingNumberReserved] as const;

export type ComplaintEvent = EventOf<(typeof complaintEventDefinitions)[number]>;
export type TrackingEvent = EventOf<(typeof trackingEventDefinitions)[number]>;
