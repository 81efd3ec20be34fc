import type { CaseState, ComplaintEvent } from '../../events/catalogue/complaint.js';
import { disputableStates } from './transitions.js';
import type { CaseFile, RecordedAs } from './state.js';

/** A case of which nothing has been recorded yet. */
export const initialCase: CaseFile = {
  state: null,
  complaintId: null,
  sessionId: null,
  standing: null,
  filedAt: null,
  category: null,
  institution: null,
  since: null,
  lastChangeAt: null,
  dueAt: null,
  closeReason: null,
  closedAt: null,
  askedCitizenFrom: null,
  institutionAskedAt: null,
  reminders: 0,
  handled: [],
  revision: -1,
};

type Moved = Extract<ComplaintEvent, { type: 'CaseMoved' }>['data'];

const waitsForInstitution = (state: CaseState): boolean =>
  state === 'institution_asked' || state === 'institution_overdue';

const moved = (file: CaseFile, { from, to, reason, dueAt }: Moved, at: string): Partial<CaseFile> => ({
  state: to,
  since: at,
  lastChangeAt: at,
  dueAt: dueAt ?? null,
  closeReason: reason ?? null,
  // From "not admissible" to "closed" is one closure: the citizen's time runs from when they were told.
  closedAt: !disputableStates.has(to) ? null : (file.closedAt ?? at),
  askedCitizenFrom: to === 'info_requested' ? from : null,
  institutionAskedAt: to === 'institution_asked' ? at : waitsForInstitution(to) ? file.institutionAskedAt : null,
  reminders: to === 'institution_overdue' ? file.reminders : 0,
});

const changeOf = (file: CaseFile, event: ComplaintEvent, at: string): Partial<CaseFile> => {
  switch (event.type) {
    case 'CaseOpened': {
      const { complaintId, sessionId, standing, filedAt, category, institution } = event.data;
      const opened = { complaintId, sessionId, standing, filedAt, category, institution };
      return { ...opened, state: 'received', since: filedAt, lastChangeAt: filedAt };
    }
    case 'CaseMoved':
      return moved(file, event.data, at);
    case 'InstitutionReminded':
      return { reminders: event.data.reminder, lastChangeAt: at };
    case 'OfficerClassified':
      return { category: event.data.category, institution: event.data.institution };
    case 'CitizenAsked':
    case 'CitizenAnswered':
    case 'OfficeWroteToCitizen':
    case 'CaseDisputed':
      return { lastChangeAt: at };
    default:
      // An event of a newer version moves only the revision.
      return {};
  }
};

const recordedAs = ({ state }: CaseFile, event: ComplaintEvent): RecordedAs | undefined => {
  if (event.type === 'CitizenAnswered') return state === 'info_requested' ? 'answer' : 'addition';
  if (event.type === 'CaseDisputed') return 'dispute';
  return event.type === 'CaseMoved' && event.data.to === 'withdrawn' ? 'withdrawal' : undefined;
};

const handledWith = (file: CaseFile, event: ComplaintEvent, id: string | undefined): CaseFile['handled'] => {
  const as = recordedAs(file, event);
  return id === undefined || as === undefined ? file.handled : [...file.handled, { id, as }];
};

/**
 * Folds one event into the case. Deterministic.
 * @param at when it happened (ISO 8601 UTC): `meta.occurredAt` of a recorded event
 * @param id of the event; without it a repeated request of the citizen is not known again
 */
export const evolveComplaint = (
  file: CaseFile,
  event: { readonly type: string; readonly data: unknown },
  at: string,
  id?: string,
): CaseFile => ({
  ...file,
  ...changeOf(file, event as ComplaintEvent, at),
  handled: handledWith(file, event as ComplaintEvent, id),
  revision: file.revision + 1,
});
