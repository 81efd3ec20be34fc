import type { CaseState } from '../../events/catalogue/complaint.js';
import type { Standing } from '../policies/policies.js';
import type { CloseReason } from './state.js';

// What can be asked of a case after submission.

interface OfCitizen {
  /** Becomes the id of the first event; a request that the case holds already changes nothing (a uuid). */
  readonly requestId?: string | undefined;
}

export type ComplaintCommand =
  | {
      readonly type: 'OpenCase';
      readonly complaintId: string;
      readonly sessionId: string;
      readonly trackingLookup: string;
      readonly standing: Standing;
      readonly category: string | null;
      readonly institution: string | null;
      /** ISO 8601 UTC. */
      readonly filedAt: string;
    }
  | {
      readonly type: 'MoveCase';
      readonly to: CaseState;
      /** Needed to close. */
      readonly reason?: CloseReason | undefined;
      /** Code of the institution asked or of the body referred to; complaint id of the case that this one doubles. */
      readonly target?: string | undefined;
      /** Needed to refer: whether the citizen agreed. */
      readonly citizenConsented?: boolean | undefined;
      readonly note?: string | undefined;
      /** Needed for `info_requested`, and only there: what the citizen is asked, word for word. */
      readonly question?: string | undefined;
    }
  | { readonly type: 'RemindInstitution' }
  | ({ readonly type: 'AnswerAsCitizen'; readonly text: string; readonly evidenceIds: readonly string[] } & OfCitizen)
  | { readonly type: 'WriteToCitizen'; readonly text: string }
  | { readonly type: 'ClassifyAsOfficer'; readonly category: string; readonly institution: string | null }
  | ({ readonly type: 'DisputeClosure'; readonly text: string } & OfCitizen)
  | ({ readonly type: 'WithdrawCase' } & OfCitizen);
