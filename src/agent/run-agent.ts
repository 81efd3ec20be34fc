import type { Agent, Provenance, Reply, Turn } from './agent.js';

/** Who is told of a reply while it is written. */
export interface Hearers {
  /** Text as it comes, for clients that show it. */
  readonly onDelta?: ((sessionId: string, messageId: string, text: string) => void) | undefined;
  /** The agent begins (again): text that came before from `onDelta` counts no more. */
  readonly onAttempt?: ((sessionId: string, messageId: string) => void) | undefined;
}

/** The citizen stopped the reply. */
export interface CancelledError extends Error {
  readonly code: 'turn_cancelled';
  /** What the agent had said by then, and what is known of how. */
  readonly said: string;
  readonly provenance: Provenance;
}

const cancelledError = (said: string, provenance: Provenance): CancelledError =>
  Object.assign(new Error('The reply was cancelled'), { code: 'turn_cancelled' as const, said, provenance });

/** Whether an error says that the citizen stopped the reply. */
export const isCancelled = (error: unknown): error is CancelledError =>
  error instanceof Error && 'code' in error && error.code === 'turn_cancelled';

type Asked = Pick<Turn, 'sessionId' | 'message' | 'state' | 'tools' | 'signal'> & {
  readonly cancelled: AbortSignal | undefined;
};

/**
 * Runs the agent until it ends, or until the citizen stops it; then it is left behind with its signal aborted.
 * @throws CancelledError with what was said by then
 */
export const runAgent = async (
  agent: Agent,
  { onDelta, onAttempt }: Hearers,
  { signal, cancelled, ...turn }: Asked,
): Promise<Reply> => {
  const { sessionId, message } = turn;
  const ending = new AbortController();
  let said = '';
  let provenance = (): Provenance => ({});
  const over = (): void => ending.abort(signal.reason);
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_resolve, reject) => {
    stop = (): void => {
      const error = cancelledError(said, provenance());
      reject(error);
      ending.abort(error);
    };
  });
  stopped.catch(() => undefined);
  if (signal.aborted) over();
  if (cancelled?.aborted === true) stop();
  signal.addEventListener('abort', over, { once: true });
  cancelled?.addEventListener('abort', stop, { once: true });
  const restart = (): void => {
    if (ending.signal.aborted) return;
    said = '';
    onAttempt?.(sessionId, message.messageId);
  };
  const tell = (text: string): void => {
    if (ending.signal.aborted) return;
    said += text;
    onDelta?.(sessionId, message.messageId, text);
  };
  const hear = {
    onDelta: tell,
    onRestart: restart,
    onProvenance: (known: () => Provenance) => void (provenance = known),
  };
  restart();
  try {
    return await Promise.race([agent.takeTurn({ ...turn, ...hear, signal: ending.signal }), stopped]);
  } finally {
    signal.removeEventListener('abort', over);
    cancelled?.removeEventListener('abort', stop);
  }
};
