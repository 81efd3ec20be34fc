import { emitKeypressEvents } from 'node:readline';

/** What `process.stdin` is. */
export type KeyInput = Pick<NodeJS.ReadStream, 'isTTY' | 'isRaw' | 'setRawMode' | 'resume' | 'pause' | 'on' | 'off'>;

/**
 * Calls `quit` when the person presses q or Ctrl-C. While it listens the terminal sends no signals, so Ctrl-C comes as a key.
 * @returns puts the terminal back as it was; undefined where nobody can press a key
 */
export function onQuitKey(input: KeyInput, quit: () => void): (() => void) | undefined {
  if (!input.isTTY) return undefined;
  const wasRaw = input.isRaw;
  const onKey = (text: string | undefined, key: { name?: string; ctrl?: boolean } | undefined): void => {
    const isInterrupt = key?.ctrl === true && (key.name === 'c' || key.name === 'd');
    if (isInterrupt || text === 'q' || text === 'Q') quit();
  };
  emitKeypressEvents(input as NodeJS.ReadStream);
  input.setRawMode(true);
  input.on('keypress', onKey);
  input.resume();
  return () => {
    input.off('keypress', onKey);
    input.setRawMode(wasRaw);
    input.pause();
  };
}
