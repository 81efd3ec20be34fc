import type { AnyRecorded } from '../events/catalogue/index.js';
import type { SessionStateName } from '../events/catalogue/session.js';
import { ERASED } from '../events/personal.js';

export interface PendingMessage {
  readonly messageId: string;
  /** The client's own id, if it sent one. */
  readonly clientMessageId: string | undefined;
}

/** What a connection has to know of its session, folded from the events that pass by. */
export interface SessionView {
  /** Revision of the last event folded; -1 before the first. */
  readonly revision: number;
  readonly state: SessionStateName;
  readonly trackingNumber: string | null;
  /** Messages that the assistant has still to answer. */
  readonly pending: readonly PendingMessage[];
  readonly officerJoined: boolean;
}

export const emptyView: SessionView = {
  revision: -1,
  state: 'greeting',
  trackingNumber: null,
  pending: [],
  officerJoined: false,
};

const pendingOf = ({ meta, data }: Extract<AnyRecorded, { type: 'UserMessageReceived' }>): PendingMessage => ({
  messageId: meta.id,
  clientMessageId: data.clientMessageId,
});

const answered = (view: SessionView, messageId: string): SessionView => ({
  ...view,
  pending: view.pending.filter((message) => message.messageId !== messageId),
});

const apply = (view: SessionView, event: AnyRecorded): SessionView => {
  switch (event.type) {
    case 'SessionStateChanged':
      return { ...view, state: event.data.to };
    case 'ComplaintSubmitted':
      return { ...view, trackingNumber: event.data.trackingNumber === ERASED ? null : event.data.trackingNumber };
    case 'SessionRestarted':
      return { ...view, trackingNumber: null };
    case 'UserMessageReceived':
      return view.officerJoined ? view : { ...view, pending: [...view.pending, pendingOf(event)] };
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
