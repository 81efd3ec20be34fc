import type { AnyRecorded } from '../../events/catalogue/index.js';
import { ERASED } from '../../events/personal.js';
import type { ClassicServerFrame } from '../protocol/classic-frames.js';
import { classicError, classicMessage, classicTyping } from '../protocol/encode-classic.js';
import { protocolError } from '../protocol/result.js';
import { viewAfter, type SessionView } from '../session-view.js';
import { enqueue, type Outbox } from './outbox.js';

// What a classic client is shown of the events of its session.

export interface ClassicState {
  readonly phase: 'replaying' | 'live' | 'closing' | 'closed';
  readonly sessionId: string;
  /** Messages up to this revision were delivered before this socket opened (L2). */
  readonly deliveredRevision: number;
  readonly view: SessionView;
  readonly outbox: Outbox;
  readonly nextPingAt: number;
  readonly missedPings: number;
  readonly strikes: number;
  readonly badFrames: number;
  /** Messages of this socket on their way into the log. */
  readonly posting: number;
  /** Revisions of messages that are in the log, but whose events have not come by yet. */
  readonly accepted: readonly number[];
  readonly terminateAt: number;
}

/** Puts a frame into the outbox; `revision` is that of the event it delivers. */
export const queue = (state: ClassicState, frame: ClassicServerFrame, revision?: number): ClassicState => ({
  ...state,
  outbox: enqueue(state.outbox, revision === undefined ? { frame } : { frame, revision }),
});

/** Says whether somebody types. */
export const typing = (state: ClassicState, isTyping: boolean): ClassicState =>
  queue(state, classicTyping(state.sessionId, isTyping));

/** The secret stands at the end of the text, once, as long as its key exists. */
const textOf = (text: string, onceText: string | undefined): string =>
  onceText === undefined || onceText === ERASED ? text : `${text}\n\n${onceText}`;

const say = (
  state: ClassicState,
  event: AnyRecorded,
  role: 'agent' | 'officer',
  message: string,
  quickReplies: readonly { readonly label: string; readonly send: string }[],
  inReplyTo?: string,
): ClassicState => {
  const { sessionId, view } = state;
  const { trackingNumber } = view;
  const { id: messageId, revision } = event.meta;
  const frame = classicMessage({
    message,
    sessionId,
    state: view.state,
    trackingNumber,
    messageId,
    role,
    quickReplies,
    inReplyTo,
  });
  return queue(state.phase === 'live' ? typing(state, false) : state, frame, revision);
};

const isErased = (event: AnyRecorded): boolean => {
  switch (event.type) {
    case 'AgentReplied':
    case 'OfficerReplied':
    case 'CaseUpdateReceived':
      return event.data.text === ERASED;
    default:
      return false;
  }
};

/** What a classic client is shown of an event: what others said, and whether somebody types. Never its own words (L2). */
const show = (state: ClassicState, event: AnyRecorded, pendingBefore: SessionView['pending']): ClassicState => {
  const live = state.phase === 'live';
  // What was erased meanwhile is not said again.
  if (isErased(event)) return state;
  const waits = state.view.pending.length > 0;
  switch (event.type) {
    case 'UserMessageReceived':
      return live && waits ? typing(state, true) : state;
    case 'AgentReplied': {
      const { text, onceText, quickReplies } = event.data;
      const asked = pendingBefore.find(({ messageId }) => messageId === event.data.answers);
      const said = say(state, event, 'agent', textOf(text, onceText), quickReplies, asked?.clientMessageId);
      return live && waits ? typing(said, true) : said;
    }
    case 'OfficerReplied':
      return say(state, event, 'officer', event.data.text, []);
    case 'CaseUpdateReceived': {
      const { kind, text } = event.data;
      // This profile knows two voices: a step of the case is told by the assistant.
      const said = say(state, event, kind === 'question' || kind === 'message' ? 'officer' : 'agent', text, []);
      return live && waits ? typing(said, true) : said;
    }
    case 'TurnFailed': {
      const frame = classicError(state.sessionId, protocolError('agent_unavailable', { kept: true }), state.view.state);
      return queue(live ? typing(state, false) : state, frame, event.meta.revision);
    }
    case 'HumanJoined':
      return live ? typing(state, false) : state;
    default:
      return state;
  }
};

/** Folds opened events, in order, and queues what the client is to see of them. Events seen before are skipped. */
export const onEvents = (state: ClassicState, events: readonly AnyRecorded[]): ClassicState =>
  events.reduce((before, event) => {
    if (event.meta.revision <= before.view.revision) return before;
    const folded = { ...before, view: viewAfter(before.view, event) };
    const next = event.meta.revision > state.deliveredRevision ? show(folded, event, before.view.pending) : folded;
    return { ...next, accepted: next.accepted.filter((revision) => revision > event.meta.revision) };
  }, state);
