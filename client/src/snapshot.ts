import type { Limits } from './frames.js';
import { initialState } from './machine/basics.js';
import { toBubble } from './machine/outbox.js';
import type { ClientError } from './errors.js';
import type { ChatMessage, MachineState, Phase, StreamingReply, Transport } from './machine/types.js';

/** Everything there is to show, at one moment. Never changed; equal parts keep their identity. */
export interface Snapshot {
  readonly phase: Phase;
  /** Messages go out and come in. */
  readonly isConnected: boolean;
  readonly sessionId: string | null;
  /** The transcript in order, then what is still on its way. */
  readonly messages: readonly ChatMessage[];
  /** Older messages are still being fetched. */
  readonly catchingUp: boolean;
  /** Who is typing, or null. */
  readonly typing: string | null;
  readonly streaming: readonly StreamingReply[];
  readonly conversation: MachineState['conversation'];
  /** The last error; null again as soon as the connection is live. */
  readonly error: ClientError | null;
  /** Place of the last durable frame; an application that stores its own transcript gives it back as `position`. */
  readonly position: string | null;
  readonly transport: Transport | null;
  /** Something lies before the first message here: what to give to `history` for it. Else null. */
  readonly earlier: string | null;
  /** As the server announced them with the session. */
  readonly limits: Limits | null;
}

const messagesOf = ({ log, outbox }: MachineState): readonly ChatMessage[] => [
  ...log.flatMap(({ message }) => message ?? []),
  ...outbox.map(toBubble),
];

/** The view of a state, keeping from `last` (made of `lastState`) what has not changed. */
export const toSnapshot = (state: MachineState, lastState?: MachineState, last?: Snapshot): Snapshot => {
  const { phase, typing, streaming, conversation, error, position, transport, log, outbox } = state;
  const same = log === lastState?.log && outbox === lastState.outbox;
  const next: Snapshot = {
    phase,
    typing,
    streaming,
    conversation,
    error,
    position,
    transport,
    isConnected: phase === 'live',
    sessionId: state.session?.sessionId ?? null,
    messages: same && last ? last.messages : messagesOf(state),
    earlier: (log[0]?.prev && log[0].position) ?? null,
    limits: state.session?.limits ?? null,
    catchingUp: phase === 'replaying' || state.holes.length > 0,
  };
  return last && (Object.keys(next) as (keyof Snapshot)[]).every((key) => next[key] === last[key]) ? last : next;
};

/** What is shown before anything has happened, and on a server. */
export const emptySnapshot = toSnapshot(initialState);
