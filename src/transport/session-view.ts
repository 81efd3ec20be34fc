import type { AnyRecorded } from '../events/catalogue/index.js';
import type { SessionStateName } from '../events/catalogue/session.js';

/** What a connection has to know of its session, folded from the events that pass by. */
export interface SessionView {
  /** Revision of the last event folded; -1 before the first. */
  readonly revision: number;
  readonly state: SessionStateName;
  readonly trackingNumber: string | null;
  /** Message ids that the assistant has still to answer. */
  readonly pending: readonly string[];
  readonly officerJoined: boolean;
}

export const emptyView: SessionView = {
  revision: -1,
  state: 'greeting',
  trackingNumber: null,
  pending: [],
  officerJoined: false,
};

const answered = (view: SessionView, messageId: string): SessionView => ({
  ...view,
  pending: view.pending.filter((id) => id !== messageId),
});

const apply = (view: SessionView, event: AnyRecorded): SessionView => {
  switch (event.type) {
    case 'SessionStateChanged':
      return { ...view, state: event.data.to };
    case 'ComplaintSubmitted':
      return { ...view, trackingNumber: event.data.trackingNumber };
    case 'SessionRestarted':
      return { ...view, trackingNumber: null };
    case 'UserMessageReceived':
      return view.officerJoined ? view : { ...view, pending: [...view.pending, event.meta.id] };
    case 'AgentReplied':
    case 'TurnFailed':
      return answered(view, event.data.answers);
    case 'HumanJoined':
      return { ...view, officerJoined: true, pending: [] };
    case 'HumanLeft':
      return { ...view, officerJoined: false };
    default:
      return view; // Nothing that a connection shows; also what a newer version wrote.
  }
};

/** Folds one (opened) event of the session. */
export const viewAfter = (view: SessionView, event: AnyRecorded): SessionView => ({
  ...apply(view, event),
  revision: event.meta.revision,
});
