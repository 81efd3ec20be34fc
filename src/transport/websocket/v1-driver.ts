import type { AnyRecorded } from '../../events/catalogue/index.js';
import type { DebugLog } from '../../platform/logging.js';
import { shortHash } from '../../platform/short-hash.js';
import { emptyFold, type FrameFold } from '../session-frames.js';
import type { SessionRegistry } from '../session-registry.js';
import { REPLAY_FRAMES } from '../protocol/announced-limits.js';
import { decodeV1Frame, type V1Limits } from '../protocol/v1-client-frames.js';
import { fail, ok, type ProtocolError, type Result } from '../protocol/result.js';
import type { V1Service } from '../v1-service.js';
import type { Connection, Link } from './connection-driver.js';
import type { V1Machine, V1Start } from './v1-connection.js';
import type { ResumeFrom, V1Effect, V1Input } from './v1-types.js';

/** A connection that can be told to drain. */
export interface V1Connection extends Connection {
  drain(hint: { readonly reconnectAfterMs: number; readonly deadlineMs: number }): void;
}

export interface V1DriverDeps {
  readonly service: V1Service;
  readonly registry: SessionRegistry<Connection>;
  /** The client's, as a key for limits. */
  readonly address: string;
  readonly limits: V1Limits & { readonly slowSocketBytes: number };
  readonly debug: DebugLog;
  /** Milliseconds. */
  readonly now: () => number;
  /** 0 up to but not 1. */
  readonly chance: () => number;
  /** SSE: the client is known before the connection is made, so that a refusal is an HTTP answer. */
  readonly verify?: ((token: string) => Promise<Result<string, ProtocolError>>) | undefined;
}

/** Everything of a known client that has to be let go of at the end. */
interface Joined {
  readonly sessionId: string;
  readonly leave: () => void;
}

const hasErasure = (events: readonly AnyRecorded[]): boolean =>
  events.some(({ type }) => type === 'PersonalDataErased');

/**
 * Runs the machine of the resumable profile over one link: feeds it with what the link, the hub and the clock bring, and
 * carries out its effects. Messages are posted one after the other, so that they are recorded in the order in which they came.
 */
export const driveV1 = (deps: V1DriverDeps, machine: V1Machine, link: Link, start: V1Start): V1Connection => {
  const { service, debug } = deps;
  const moment = () => ({ now: deps.now(), bufferedBytes: link.bufferedBytes(), chance: deps.chance() });
  let state = machine.start(start, moment());
  let name = '-';
  let timer: NodeJS.Timeout | undefined;
  let timerAt = Infinity;
  let posting: Promise<void> = Promise.resolve();
  let joined: Joined | null = null;
  let over = false;

  const follow = (sessionId: string, resume: ResumeFrom, fold: FrameFold): void => {
    const running = service.replies.current(sessionId);
    give({ type: 'greeted', result: ok({ sessionId, epoch: service.epoch, resume, fold, running }) });
    let caughtUp = false;
    const leaveHub = service.hub.join(sessionId, {
      afterRevision: fold.view.revision,
      onEvents: (events) => {
        // What was read before an erasure may not be shown after it: read all again, now erased.
        if (!caughtUp && fold !== emptyFold && hasErasure(events)) readAgain();
        else give({ type: 'events', events });
      },
      onCaughtUp: () => {
        caughtUp = true;
        give({ type: 'caught-up' });
      },
      onFailed: (error) => give({ type: 'failed', ref: service.report(error) }),
    });
    const leaveReplies = service.replies.listen(sessionId, (news) => give({ type: 'reply', news }));
    const leave = (): void => {
      leaveHub();
      leaveReplies();
    };
    const readAgain = (): void => {
      leave();
      service.checkpoints.forget(sessionId);
      follow(sessionId, resume, emptyFold);
    };
    joined = { sessionId, leave };
  };

  const greet = async (token: string, position: string | null): Promise<void> => {
    const verdict = await (deps.verify ?? service.verify)(token);
    if (over) return;
    if (!verdict.ok) {
      give({ type: 'greeted', result: fail(verdict.error) });
      return;
    }
    const sessionId = verdict.value;
    name = shortHash(sessionId);
    const resume = service.placeOf(position);
    const fold =
      typeof resume === 'number'
        ? service.checkpoints.atOrBefore(sessionId, resume)
        : service.checkpoints.framesBack(sessionId, REPLAY_FRAMES);
    follow(sessionId, resume, fold);
    unregister = deps.registry.add(sessionId, connection);
  };

  const post = (effect: Extract<V1Effect, { type: 'post' }>, cameAt: number): void => {
    posting = posting
      .then(() => service.post(state.sessionId, effect, deps.address))
      .then((result) => {
        if (result.ok) service.metrics.acknowledged(result.value.duplicate, deps.now() - cameAt);
        give({ type: 'posted', id: effect.id, result });
      });
  };

  const run = (effect: V1Effect): void => {
    switch (effect.type) {
      case 'send': {
        const { frame } = effect;
        link.send(JSON.stringify(frame), 'position' in frame && frame.type !== 'welcome' ? frame.position : undefined);
        return;
      }
      case 'ping': {
        link.ping(effect.payload);
        return;
      }
      case 'greet': {
        void greet(effect.token, effect.resume);
        return;
      }
      case 'post': {
        post(effect, deps.now());
        return;
      }
      case 'history': {
        const { id, before, limit } = effect;
        void service
          .history(state.sessionId, { before, limit })
          .then((result) => give({ type: 'history', id, result }));
        return;
      }
      case 'read': {
        service.read(state.sessionId, effect.revision);
        return;
      }
      case 'cancel': {
        const result = service.cancel(state.sessionId, effect.replyId);
        if (!result.ok) give({ type: 'refused', id: effect.id, error: result.error });
        return;
      }
      case 'checkpoint': {
        service.checkpoints.save(state.sessionId, effect.fold);
        return;
      }
      case 'resumed': {
        service.metrics.resumed(effect.outcome);
        return;
      }
      case 'delta': {
        if (effect.outcome === 'sent') service.metrics.deltaSent();
        else service.metrics.deltaCoalesced();
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
        debug({ session: name, ...effect.fields }, effect.event);
        return;
      }
    }
  };

  const arm = (): void => {
    const now = deps.now();
    const at = machine.deadline(state, now);
    if (at === timerAt) return;
    clearTimeout(timer);
    timerAt = at;
    if (at === Infinity) return;
    timer = setTimeout(
      () => {
        timerAt = Infinity;
        give({ type: 'tick' });
      },
      Math.max(0, at - now),
    );
  };

  const give = (input: V1Input): void => {
    const [next, effects] = machine.step(state, input, moment());
    state = next;
    for (const effect of effects) run(effect);
    if (effects.length > 0 && link.bufferedBytes() > deps.limits.slowSocketBytes && input.type !== 'tick')
      give({ type: 'tick' });
    else arm();
  };

  let unregister = (): void => undefined;
  const connection: V1Connection = {
    text: (text) => {
      const decoded = decodeV1Frame(text, deps.limits);
      const isMessage = joined !== null && decoded.ok && decoded.frame.type === 'message';
      const allowance = isMessage ? service.takeToken(state.sessionId) : ({ ok: true } as const);
      give({ type: 'frame', decoded, bytes: text.length, allowance });
    },
    binary: () => give({ type: 'binary' }),
    pong: (payload) => give({ type: 'pong', payload }),
    fragmentFlood: () => give({ type: 'fragment-flood' }),
    frameOverdue: () => give({ type: 'frame-overdue' }),
    replaced: () => give({ type: 'replaced' }),
    drain: (hint) => give({ type: 'drain', ...hint }),
    shutdown: () => give({ type: 'shutdown' }),
    closed: () => {
      over = true;
      joined?.leave();
      unregister();
      give({ type: 'closed' });
      clearTimeout(timer);
    },
    isIdle: () => machine.isIdle(state),
  };
  arm();
  return connection;
};
