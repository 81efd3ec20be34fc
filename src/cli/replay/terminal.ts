import { emitKeypressEvents } from 'node:readline';
import type { Replay } from '../../replay/replay.js';
import { findStep } from '../../replay/timeline.js';
import { screen } from './screen.js';
import { initialState, nextState, type Input, type TuiState } from './state.js';
import type { Paint } from './text.js';

/** A terminal: what `process.stdin` and `process.stdout` are when a person sits at them. */
export interface Terminal {
  readonly input: Pick<NodeJS.ReadStream, 'setRawMode' | 'resume' | 'pause' | 'on' | 'off'>;
  readonly output: Pick<NodeJS.WriteStream, 'write' | 'columns' | 'rows' | 'on' | 'off'>;
}

// The second screen of the terminal, so that the first is as it was afterwards; no cursor; no wrapping of long lines.
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
// Before the text: behind one that fills the line it would take the last character away.
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

interface Keypress {
  readonly name?: string | undefined;
  readonly sequence?: string | undefined;
  readonly ctrl?: boolean | undefined;
}

/** Repeats painting while the state moves on; never twice at once, and only the newest state. */
const createPainter = (paintOnce: () => Promise<void>, failed: (error: unknown) => void) => {
  let running = false;
  let again = false;
  const run = async (): Promise<void> => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      do {
        again = false;
        await paintOnce();
      } while (isAsked());
    } catch (error) {
      failed(error);
    } finally {
      running = false;
    }
  };
  const isAsked = (): boolean => again;
  return () => void run();
};

/**
 * The terminal interface: resolves when the person leaves it (q, Ctrl-C, or the terminal goes away). Puts the terminal back as it
 * was, whatever happens.
 * @throws what made the story unreadable
 */
export const exploreOnTerminal =
  ({ input, output }: Terminal, paint: Paint) =>
  async (replay: Replay, startAt: number): Promise<void> => {
    let state: TuiState = initialState(startAt);
    let maxScroll = 0;
    let timer: NodeJS.Timeout | undefined;
    const { lines, masked } = replay;
    const find = (text: string): number | undefined => {
      const found = findStep(replay.timeline.steps, text.replace(/^@/, ''));
      return found === 'before' ? -1 : found;
    };

    await new Promise<void>((resolve, reject) => {
      const paintOnce = async (): Promise<void> => {
        const at = state;
        const view = await replay.view(at.index);
        const changes = at.overlay === 'diff' && at.mark !== null ? await replay.compare(at.mark, at.index) : [];
        if (at.done) return;
        const size = { columns: Math.max(20, output.columns), rows: Math.max(4, output.rows) };
        const painted = screen(at, { lines, view, changes, masked }, size, paint);
        maxScroll = painted.maxScroll;
        output.write(`${HOME}${painted.lines.map((line) => `${CLEAR_LINE}${line}`).join('\r\n')}${CLEAR_BELOW}`);
      };
      const leave = (error?: unknown): void => {
        clearInterval(timer);
        input.off('keypress', onKey);
        input.off('end', onEnd);
        output.off('resize', repaint);
        process.off('SIGTERM', onEnd);
        input.setRawMode(false);
        input.pause();
        output.write(LEAVE);
        if (error === undefined) resolve();
        else reject(error instanceof Error ? error : new Error('The story could not be shown'));
      };
      const repaint = createPainter(paintOnce, leave);
      const take = (event: Input): void => {
        const before = state;
        state = nextState(state, event, { lines, findStep: find, maxScroll });
        if (state.done) {
          if (!before.done) leave();
          return;
        }
        if (state.playing !== before.playing || state.speed !== before.speed) {
          clearInterval(timer);
          timer = state.playing ? setInterval(() => take({ kind: 'tick' }), 1000 / state.speed) : undefined;
        }
        repaint();
      };
      const onKey = (text: string | undefined, key: Keypress | undefined): void =>
        take({ kind: 'key', name: key?.name ?? '', text: text ?? key?.sequence ?? '', ctrl: key?.ctrl === true });
      const onEnd = (): void => take({ kind: 'key', name: 'c', text: '', ctrl: true });

      emitKeypressEvents(input as NodeJS.ReadStream);
      input.setRawMode(true);
      input.on('keypress', onKey);
      input.on('end', onEnd);
      output.on('resize', repaint);
      process.on('SIGTERM', onEnd);
      input.resume();
      output.write(ENTER);
      repaint();
    });
  };
