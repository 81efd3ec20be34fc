import type { FrameData, ServerFrame } from '../../src/frames.js';
import { initialState } from '../../src/machine/basics.js';
import { step } from '../../src/machine/step.js';
import type { Effect, Input, MachineState, Session } from '../../src/machine/types.js';

export const session: Session = {
  sessionId: 's1',
  websocketUrl: 'ws://office/',
  protocols: ['leoma.chat.v1'],
  token: 't1',
  expiresAt: 100_000_000,
  limits: {},
};

/** Drives the machine by hand: inputs in, effects of the last input out. */
export const createDriver = (start: Partial<MachineState> = {}) => {
  let state: MachineState = { ...initialState, ...start };
  let effects: readonly Effect[] = [];
  let ids = 0;
  const driver = {
    now: 1_000_000,
    chance: 0.5,
    state: () => state,
    effects: () => effects,
    input: (input: Input) => {
      [state, effects] = step(state, input, { now: driver.now, chance: driver.chance, id: `x${(ids += 1)}` });
      return effects;
    },
    frame: (frame: Omit<ServerFrame, 'data'> & { data?: FrameData }) =>
      driver.input({ type: 'frame', socket: state.socket!, frame: { data: {}, ...frame } }),
    closed: (code: number) => driver.input({ type: 'closed', socket: state.socket!, code, reason: '' }),
    timer: (name: Extract<Input, { type: 'timer' }>['name']) => driver.input({ type: 'timer', name }),
    send: (id: string, text = id) => driver.input({ type: 'send', id, text, media: [], uploading: false }),
    sent: () => effects.flatMap((effect) => (effect.type === 'send' ? [effect.frame] : [])),
    waits: () =>
      Object.fromEntries(effects.flatMap((effect) => (effect.type === 'timer' ? [[effect.name, effect.ms]] : []))),
    kinds: () => effects.map(({ type }) => type),
    emitted: (event: string) =>
      effects.flatMap((effect) => (effect.type === 'emit' && effect.event === event ? [effect.payload] : [])),
    /** Up to and with `welcome`. */
    live: (data: FrameData = {}, position?: string) => {
      if (state.phase === 'idle') driver.input({ type: 'start', restored: null });
      if (state.session === null) driver.input({ type: 'session', session });
      driver.input({ type: 'opened', socket: state.socket! });
      driver.frame({
        type: 'welcome',
        ...(position === undefined ? {} : { position }),
        data: { sessionId: 's1', epoch: 'e1', recovered: true, replay: 0, heartbeatMs: 25_000, ...data },
      });
    },
    message: (position: string, prev: string | null, data: FrameData = {}) =>
      driver.frame({
        type: 'message',
        id: `m${position}`,
        position,
        prev,
        at: 'now',
        data: { message: position, ...data },
      }),
    texts: () => state.log.map(({ message }) => message?.text ?? 'status'),
  };
  return driver;
};
