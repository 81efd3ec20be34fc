import type { DeliveryCursors } from '../../events/delivery-cursors.js';
import type { DebugLog } from '../../platform/logging.js';
import type { Hub } from '../hub.js';
import type { ProtocolError, Result } from '../protocol/result.js';
import type { Allowance } from '../token-bucket.js';
import type { ConnectionEffect, ConnectionInput, ConnectionMachine, MessageToPost, Posted } from './connection.js';

/** One open socket, as far as a connection needs it. */
export interface Link {
  /** `position` is that of a durable frame of the resumable profile. */
  send(text: string, position?: string): void;
  ping(payload: string): void;
  close(code: number, reason: string): void;
  terminate(): void;
  /** Bytes sent that wait in this process. */
  bufferedBytes(): number;
}

export interface DriverDeps<M> {
  readonly hub: Pick<Hub, 'join'>;
  readonly cursors: Pick<DeliveryCursors, 'save'>;
  readonly post: (sessionId: string, message: MessageToPost<M>) => Promise<Result<Posted, ProtocolError>>;
  readonly takeToken: (sessionId: string) => Allowance;
  /** Logs an error and gives its correlation id. */
  readonly report: (error: unknown) => string;
  readonly debug: DebugLog;
  /** Milliseconds. */
  readonly now: () => number;
  /** 0 up to but not 1. */
  readonly chance: () => number;
  readonly slowSocketBytes: number;
}

/** A running connection: the socket's adapter tells it what happens. */
export interface Connection {
  text(text: string): void;
  binary(): void;
  pong(payload: string): void;
  fragmentFlood(): void;
  frameOverdue(): void;
  replaced(): void;
  shutdown(): void;
  closed(): void;
  /** Nothing of this connection is on its way into the log, and nobody waits for an answer. */
  isIdle(): boolean;
}

/**
 * Runs a machine: feeds it with what the socket, the hub and the clock bring, and carries out its effects. Messages are
 * posted one after the other, so that they are recorded in the order in which they came.
 */
export const driveConnection = <State, Frame, M>(
  deps: DriverDeps<M>,
  machine: ConnectionMachine<State, Frame, M>,
  link: Link,
  session: { readonly sessionId: string; readonly name: string; readonly deliveredRevision: number },
): Connection => {
  const { sessionId, name } = session;
  const moment = () => ({ now: deps.now(), bufferedBytes: link.bufferedBytes(), chance: deps.chance() });
  let state = machine.start(session, moment());
  let timer: NodeJS.Timeout | undefined;
  let timerAt = Infinity;
  let posting: Promise<void> = Promise.resolve();
  let leave: () => void = () => undefined;

  const run = (effect: ConnectionEffect<Frame, M>): void => {
    switch (effect.type) {
      case 'send': {
        link.send(JSON.stringify(effect.frame));
        return;
      }
      case 'ping': {
        link.ping(effect.payload);
        return;
      }
      case 'post':
        posting = posting
          .then(() => deps.post(sessionId, effect.message))
          .then((result) => give({ type: 'posted', result, clientMessageId: effect.message.clientMessageId }));
        return;
      case 'delivered': {
        deps.cursors.save(sessionId, effect.revision);
        return;
      }
      case 'close': {
        link.close(effect.code, effect.reason);
        return;
      }
      case 'terminate': {
        link.terminate();
        return;
      }
      case 'log': {
        deps.debug({ session: name, ...effect.fields }, effect.event);
        return;
      }
    }
  };

  const arm = (): void => {
    const at = machine.deadline(state);
    if (at === timerAt) return;
    clearTimeout(timer);
    timerAt = at;
    if (at === Infinity) return;
    timer = setTimeout(
      () => {
        timerAt = Infinity;
        give({ type: 'tick' });
      },
      Math.max(0, at - deps.now()),
    );
  };

  const give = (input: ConnectionInput): void => {
    const [next, effects] = machine.step(state, input, moment());
    state = next;
    for (const effect of effects) run(effect);
    if (effects.length > 0 && link.bufferedBytes() > deps.slowSocketBytes && input.type !== 'tick')
      give({ type: 'tick' });
    else arm();
  };

  leave = deps.hub.join(sessionId, {
    afterRevision: -1,
    onEvents: (events) => give({ type: 'events', events }),
    onCaughtUp: () => give({ type: 'caught-up' }),
    onFailed: (error) => give({ type: 'failed', ref: deps.report(error) }),
  });
  arm();

  return {
    text: (text) => give({ type: 'text', text, allowance: deps.takeToken(sessionId) }),
    binary: () => give({ type: 'binary', allowance: deps.takeToken(sessionId) }),
    pong: (payload) => give({ type: 'pong', payload }),
    fragmentFlood: () => give({ type: 'fragment-flood' }),
    frameOverdue: () => give({ type: 'frame-overdue' }),
    replaced: () => give({ type: 'replaced' }),
    shutdown: () => give({ type: 'shutdown' }),
    closed: () => {
      leave();
      give({ type: 'closed' });
      clearTimeout(timer);
    },
    isIdle: () => machine.isIdle(state),
  };
};
