import { setTimeout as delay } from 'node:timers/promises';
import type { Breaker } from './breaker.js';
import type { ChatModel, ChatRequest, Completion } from './chat-model.js';
import { faultOf, faultRules, modelFault, type FaultKind, type ModelFault } from './failures.js';
import type { ModelSettings } from './settings.js';

export interface CallDependencies {
  readonly model: ChatModel;
  readonly breaker: Breaker;
  readonly settings: ModelSettings;
  /** A number from 0 to 1, for jitter. */
  readonly chance: () => number;
  /** Told about each failed call; a kind and nothing else. */
  readonly onFault?: ((kind: FaultKind) => void) | undefined;
}

export interface Call {
  readonly request: ChatRequest;
  /** Aborted when the turn ends from outside, or its time is up. */
  readonly signal: AbortSignal;
  /** Ms that are left for the turn. */
  readonly timeLeftMs: () => number;
  readonly onText: (piece: string) => void;
  /** Asked after each piece of text: it is far more than can be used, so the call is ended and what came of it counts. */
  readonly isEnough?: () => boolean;
  /** The call is made again: its text so far counts no more. */
  readonly onRetry: () => void;
  /** What a call cost, also a failed one. */
  readonly onSpent: (completion: Pick<Completion, 'usage' | 'text' | 'toolCalls'>) => void;
}

/** Reason of an abort because the time of the turn is up. */
export const TURN_TIME_OVER = 'turn_time_over';

/** Runs one call under two watches: until its first piece, and between two pieces. */
const once = async ({ model, settings }: CallDependencies, call: Call): Promise<Completion> => {
  const ending = new AbortController();
  const stop = (): void => ending.abort();
  call.signal.addEventListener('abort', stop, { once: true });
  let silence: FaultKind | undefined;
  let enough: true | undefined;
  let heard = '';
  const watch = (ms: number, kind: FaultKind): NodeJS.Timeout =>
    setTimeout(() => {
      silence = kind;
      ending.abort();
    }, ms);
  let timer = watch(settings.modelFirstTokenMs, 'first_token_timeout');
  let begun = false;
  // Wound up again with every piece: making a new timer each time costs more than reading the piece.
  const alive = (): void => {
    if (begun) {
      timer.refresh();
      return;
    }
    begun = true;
    clearTimeout(timer);
    timer = watch(settings.modelIdleMs, 'idle_timeout');
  };
  try {
    const listener = {
      chunk: alive,
      text: (piece: string) => {
        heard += piece;
        if (ending.signal.aborted) return;
        call.onText(piece);
        if (call.isEnough?.() !== true) return;
        enough = true;
        ending.abort();
      },
    };
    const whole = await model.complete(call.request, listener, ending.signal).catch((error: unknown) => {
      if (enough === true) return undefined;
      throw error;
    });
    // Of a call that was ended here neither its tools nor its count of tokens can be known.
    const completion = enough === true || whole === undefined ? cutOff(heard) : whole;
    // An abort in the middle ends the client's stream as if all were well.
    if (silence !== undefined) throw modelFault(silence);
    call.onSpent(completion);
    return checked(completion);
  } catch (error) {
    const fault = silence === undefined ? faultOf(error, Date.now()) : modelFault(silence);
    if (heard !== '' && fault !== error) call.onSpent({ usage: null, text: heard, toolCalls: [] });
    throw fault;
  } finally {
    clearTimeout(timer);
    call.signal.removeEventListener('abort', stop);
  }
};

/** As a server says it that cuts an answer off for its length. */
const cutOff = (text: string): Completion => ({
  text,
  refusal: '',
  toolCalls: [],
  finishReason: 'length',
  usage: null,
});

/** A completion that can be used. @throws ModelFault for one that is none */
const checked = (completion: Completion): Completion => {
  const { finishReason, text, refusal, toolCalls } = completion;
  const silent = text.trim() === '';
  if (finishReason === null) throw modelFault('broken_stream');
  if (finishReason === 'content_filter') throw modelFault('content_filter');
  if (refusal !== '') throw modelFault('refusal');
  if (finishReason === 'length' && (silent || toolCalls.length > 0)) throw modelFault('length');
  if (silent && toolCalls.length === 0) throw modelFault('empty_reply');
  return completion;
};

/** How long to wait before a call is made again, in ms; undefined: it is not. */
const waitBefore = (
  fault: ModelFault,
  tried: number,
  { settings, chance }: Pick<CallDependencies, 'settings' | 'chance'>,
  timeLeftMs: number,
): number | undefined => {
  if (!faultRules[fault.kind].retry || tried > settings.modelRetries) return undefined;
  const backOff = Math.round(settings.modelRetryBaseMs * 2 ** (tried - 1) * chance());
  const wait = Math.max(backOff, fault.retryAfterMs ?? 0);
  return wait < timeLeftMs ? wait : undefined;
};

const refuseWhenOver = (signal: AbortSignal): void => {
  if (signal.aborted) throw modelFault('turn_timeout');
};

/**
 * One call of the model, made again after a failure that may pass, with jittered back-off, within the time of the turn. The
 * circuit breaker learns of every outcome.
 * @throws ModelFault; the reason of the signal when the turn was ended from outside
 */
export const callModel = async (dependencies: CallDependencies, call: Call): Promise<Completion> => {
  const { breaker, onFault } = dependencies;
  for (let tried = 1; ; tried += 1) {
    try {
      refuseWhenOver(call.signal);
      const completion = await once(dependencies, call);
      refuseWhenOver(call.signal);
      breaker.succeeded();
      return completion;
    } catch (error) {
      const fault = call.signal.aborted ? modelFault('turn_timeout') : faultOf(error, Date.now());
      const wait = waitBefore(fault, tried, dependencies, call.timeLeftMs());
      learn(breaker, fault.kind, call.signal);
      onFault?.(fault.kind);
      if (wait === undefined) throw fault;
      call.onRetry();
      await delay(wait, undefined, { signal: call.signal }).catch(() => undefined);
    }
  }
};

const learn = (breaker: Breaker, kind: FaultKind, signal: AbortSignal): void => {
  const rule = faultRules[kind].breaker;
  // Whoever ended the turn from outside says nothing about the server.
  if (signal.aborted && signal.reason !== TURN_TIME_OVER) breaker.undecided();
  // The server answered, if not as we wished.
  else if (rule === 'no') breaker.succeeded();
  else breaker.failed(rule === 'trip');
};
