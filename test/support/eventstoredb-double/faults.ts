/** What the double does wrong, and how often. All of it is used up by the calls that meet it. */
export interface Faults {
  /** The next so many appends are written, but their answers wait for `release`. */
  holdAnswers(count: number): void;
  release(): void;
  /** The next so many appends are written, then the connection breaks before the answer. */
  loseAnswers(count: number): void;
  /** The next so many answers to appends are sent twice. */
  doubleAnswers(count: number): void;
  /** The next so many appends are answered with a wrong expected revision, and not written. */
  lieAboutRevision(count: number): void;
  /** The next so many calls are refused: too busy. */
  overload(count: number): void;
  /** The next so many appends are not written; the answer is this error, of a kind that the client does not know. */
  refuseAppends(count: number, code: number, message: string): void;
  /** The next so many calls are refused: another node leads, at this port. */
  notLeader(count: number, port: number): void;
  /** The next so many questions for the members of the cluster fail. */
  failDiscovery(count: number): void;
  /** Refuses the rights to read or to write, as long as it is so. */
  deny(what: 'reads' | 'writes' | undefined): void;
  /** Leaves positions out of what it gives of streams, as servers before 22.6 did. */
  beOld(): void;
  /** The server's clock is ahead of this machine's by so many ms. */
  clockAhead(ms: number): void;
  /** As long as it is so, the first so many events of a read come, and then nothing, for ever. */
  stallReads(afterEvents: number | undefined, which?: Which): void;
  /** The next reads or subscriptions break after so many events: with an error, or as if all were said. */
  cutReads(times: number, afterEvents: number, how: 'error' | 'end', which?: Which): void;
}

/** Reads and subscriptions, or subscriptions only. */
export type Which = 'all' | 'subscriptions';

export interface FaultState {
  readonly held: (() => void)[];
  hold: number;
  lose: number;
  double: number;
  lie: number;
  busy: number;
  refuse: { times: number; code: number; message: string };
  stall: { after: number; which: Which } | undefined;
  /** Events that went out with reads and subscriptions. */
  sent: number;
  aheadMs: number;
  denied: 'reads' | 'writes' | undefined;
  old: boolean;
  led: { times: number; port: number };
  undiscovered: number;
  cut: { times: number; after: number; how: 'error' | 'end'; which: Which };
}

export const createFaults = (): { readonly state: FaultState; readonly faults: Faults } => {
  const state: FaultState = {
    held: [],
    hold: 0,
    lose: 0,
    double: 0,
    lie: 0,
    busy: 0,
    refuse: { times: 0, code: 0, message: '' },
    stall: undefined,
    sent: 0,
    aheadMs: 0,
    denied: undefined,
    old: false,
    led: { times: 0, port: 0 },
    undiscovered: 0,
    cut: { times: 0, after: 0, how: 'error', which: 'all' },
  };
  const faults: Faults = {
    holdAnswers: (count) => void (state.hold = count),
    release: () => {
      state.hold = 0;
      for (const go of state.held.splice(0)) go();
    },
    loseAnswers: (count) => void (state.lose = count),
    doubleAnswers: (count) => void (state.double = count),
    lieAboutRevision: (count) => void (state.lie = count),
    overload: (count) => void (state.busy = count),
    refuseAppends: (times, code, message) => void (state.refuse = { times, code, message }),
    deny: (what) => void (state.denied = what),
    beOld: () => void (state.old = true),
    clockAhead: (ms) => void (state.aheadMs = ms),
    stallReads: (after, which = 'all') => void (state.stall = after === undefined ? undefined : { after, which }),
    notLeader: (times, port) => void (state.led = { times, port }),
    failDiscovery: (count) => void (state.undiscovered = count),
    cutReads: (times, after, how, which = 'all') => void (state.cut = { times, after, how, which }),
  };
  return { state, faults };
};

/** Takes one of a count. */
export const take = (
  state: FaultState,
  name: 'hold' | 'lose' | 'double' | 'lie' | 'busy' | 'undiscovered',
): boolean => {
  if (state[name] <= 0) return false;
  state[name] -= 1;
  return true;
};
