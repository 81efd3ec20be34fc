import { createSession, refreshToken, type Endpoints } from './api.js';
import type { Environment } from './environment.js';
import { makeError, type ClientError } from './errors.js';
import { step } from './machine/step.js';
import type { ClientEvents, Effect, HistoryPage, Input, MachineState, Session, TimerName } from './machine/types.js';
import { emptySnapshot, toSnapshot, type Snapshot } from './snapshot.js';
import { openConnection, type Connection } from './sockets.js';
import { save, toStored } from './storage.js';

// The thin side: runs the effects of the machine on real sockets, timers and storage, and tells who listens.

export interface Runtime {
  readonly env: () => Environment;
  readonly dispatch: (input: Input) => void;
  readonly state: () => MachineState;
  readonly snapshot: () => Snapshot;
  readonly on: <K extends keyof ClientEvents>(event: K, listener: (payload: ClientEvents[K]) => void) => () => void;
  readonly subscribe: (listener: () => void) => () => void;
  /** Sends a history request and gives its page. */
  readonly page: (before: string | null, limit: number) => Promise<HistoryPage | ClientError>;
  /** Changes the token now. */
  readonly refresh: (session: Session) => Promise<void>;
}

export interface RuntimeOptions {
  readonly env: () => Environment;
  readonly at: Endpoints;
  readonly initial: MachineState;
  readonly storageKey: string;
  readonly sessionBody: unknown;
  readonly websocketUrl: string | undefined;
}

type Listener = (payload: never) => void;
type Page = HistoryPage | ClientError;

export const createRuntime = ({ env, at, initial, storageKey, sessionBody, websocketUrl }: RuntimeOptions): Runtime => {
  let state = initial;
  let snapshot = emptySnapshot;
  let connection: Connection | null = null;
  let unsavedTold = false;
  const timers = new Map<TimerName, unknown>();
  const pages = new Map<string, (page: Page) => void>();
  const subscribers = new Set<() => void>();
  const listeners = new Map<string, Set<Listener>>();

  const tell = <K extends keyof ClientEvents>(event: K, payload: ClientEvents[K]): void => {
    for (const listener of listeners.get(event) ?? []) listener(payload as never);
  };

  const keep = (last: MachineState): void => {
    // Before the first connect nothing has been read yet, and a page on a server has no storage. `end` empties it all the same.
    if (state.phase === 'idle' && last.phase === 'idle' && !state.ended) return;
    if ((['session', 'position', 'outbox', 'ended'] as const).every((part) => state[part] === last[part])) return;
    if (save(env().storage, storageKey, toStored(state)) || unsavedTold || state.outbox.length === 0) return;
    unsavedTold = true;
    tell('error', makeError('storage_unavailable', 'A reload loses what waits.'));
  };

  const dispatch = (input: Input): void => {
    const last = state;
    const [next, effects] = step(last, input, { now: env().now(), chance: env().chance(), id: env().uuid() });
    state = next;
    keep(last);
    const before = snapshot;
    snapshot = toSnapshot(state, last, snapshot);
    for (const effect of effects) run(effect);
    if (snapshot !== before) for (const subscriber of subscribers) subscriber();
  };

  const discover = async (): Promise<void> => {
    const answer = await createSession(env(), at, sessionBody, websocketUrl);
    dispatch(answer.ok ? { type: 'session', session: answer.value } : { ...answer, type: 'no_session' });
  };

  const refresh = async (session: Session): Promise<void> => {
    const answer = await refreshToken(env(), at, session);
    dispatch(answer.ok ? { type: 'token', ...answer.value } : { ...answer, type: 'no_token' });
  };

  const run = (effect: Effect): void => {
    switch (effect.type) {
      case 'create_session':
        void discover();
        return;
      case 'refresh':
        void refresh(effect.session);
        return;
      case 'open': {
        const { socket, transport, session } = effect;
        connection = openConnection(env(), at, transport, session, {
          opened: () => dispatch({ type: 'opened', socket }),
          frame: (frame) => dispatch({ type: 'frame', socket, frame }),
          closed: (code, reason) => dispatch({ type: 'closed', socket, code, reason }),
        });
        return;
      }
      case 'send':
        return connection?.send(effect.frame);
      case 'close':
        connection?.close(effect.code);
        connection = null;
        for (const [name, timer] of timers) if (name !== 'refresh') env().clearTimer(timer);
        for (const answer of pages.values()) answer(makeError('network', 'Not connected.', true));
        return pages.clear();
      case 'timer': {
        const { name, ms } = effect;
        env().clearTimer(timers.get(name));
        if (ms !== null)
          timers.set(
            name,
            env().setTimer(() => dispatch({ type: 'timer', name }), ms),
          );
        return;
      }
      case 'history_page': {
        pages.get(effect.id)?.(effect.page);
        pages.delete(effect.id);
        return;
      }
      case 'emit':
        return tell(effect.event, effect.payload);
    }
  };

  const subscribe = (listener: () => void): (() => void) => {
    subscribers.add(listener);
    return () => subscribers.delete(listener);
  };

  return {
    env,
    dispatch,
    subscribe,
    state: () => state,
    snapshot: () => snapshot,
    on: (event, listener) => {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set.add(listener));
      return () => set.delete(listener);
    },
    page: (before, limit) =>
      new Promise((resolve) => {
        const id = env().uuid();
        pages.set(id, resolve);
        dispatch({ type: 'history', id, before, limit });
      }),
    refresh,
  };
};
