import { setTimeout as delay } from 'node:timers/promises';
import type { ProjectionStatus } from '../../projections/admin.js';
import { messageOf, type ExitCode } from '../output.js';
import { jsonLine, withNames, type ProjectionsCommand } from './command.js';
import { detailText } from './detail-text.js';
import { isOutdated, overviewText } from './status-text.js';

export interface StatusCommand extends ProjectionsCommand {
  /** Empty: all of them, in a table. */
  readonly names: readonly string[];
  /** Shows it anew until `signal` aborts. */
  readonly watch?: boolean | undefined;
  /** Whether `out` goes to a terminal; a watch then redraws the screen. */
  readonly outIsTty: boolean;
  /** Width of the terminal. */
  readonly width?: number | undefined;
  readonly everyMs?: number | undefined;
  /** Has a key end the watch; gives the way to stop listening, or undefined where nobody can press one. */
  readonly onQuit?: ((quit: () => void) => (() => void) | undefined) | undefined;
}

const WIDTH = 120;
const EVERY_MS = 1000;
/** An answer that is on its way when a watch ends is still shown. */
const GRACE_MS = 250;
const OWN_SCREEN = '\u001b[?1049h';
const OLD_SCREEN = '\u001b[?1049l';
const FROM_THE_TOP = '\u001b[H\u001b[J';

const exitCodeOf = (statuses: readonly ProjectionStatus[]): ExitCode =>
  statuses.some((one) => one.state === 'failed' && one.role !== 'previous' && !isOutdated(one, statuses)) ? 1 : 0;

const read = async ({ admin, names }: StatusCommand): Promise<readonly ProjectionStatus[]> =>
  (await admin.status()).filter(({ name }) => names.length === 0 || names.includes(name));

const textOf = ({ json, names, width = WIDTH }: StatusCommand, statuses: readonly ProjectionStatus[]): string => {
  if (json === true) return jsonLine(statuses);
  return names.length === 0 ? overviewText(statuses, Math.max(width, 80)) : detailText(statuses);
};

/** Shows it again and again; what stood last stays on the terminal. A moment in which it cannot be read is passed over. */
async function watch(command: StatusCommand): Promise<ExitCode> {
  const { output, outIsTty, json, everyMs = EVERY_MS } = command;
  const draws = outIsTty && json !== true;
  const last = { text: '', code: 0 as ExitCode };
  const quit = new AbortController();
  const signal = command.signal === undefined ? quit.signal : AbortSignal.any([command.signal, quit.signal]);
  if (draws) output.out(OWN_SCREEN);
  const stopListening = draws ? command.onQuit?.(() => quit.abort()) : undefined;
  const ends = stopListening === undefined ? 'Ctrl-C ends this.' : 'q or Ctrl-C ends this.';
  const aborted = new Promise<undefined>((resolve) =>
    signal.addEventListener('abort', () => setTimeout(() => resolve(undefined), GRACE_MS)),
  );
  while (!signal.aborted) {
    const reading = read(command).then(
      (statuses) => {
        last.code = exitCodeOf(statuses);
        return textOf(command, statuses);
      },
      (error: unknown) => `The state of the projections could not be read: ${messageOf(error)}\n`,
    );
    // A database that is away is asked for long; nobody has to sit through that.
    const text = await Promise.race([reading, aborted]);
    if (text === undefined) break;
    if (draws) output.out(`${FROM_THE_TOP}${text}\n${ends}\n`);
    else if (text !== last.text) output.out(text);
    last.text = text;
    await delay(everyMs, undefined, { signal }).catch(() => undefined);
  }
  stopListening?.();
  if (draws) output.out(`${OLD_SCREEN}${last.text}`);
  return last.code;
}

/**
 * `citizen projections status [name…] [--watch] [--json]`.
 * @returns 0 when all is well, 1 when one stands failed, 2 when it could not be told
 */
export const runStatus = (command: StatusCommand): Promise<ExitCode> =>
  withNames(command, command.names, async () => {
    if (command.watch === true) return watch(command);
    const statuses = await read(command);
    command.output.out(textOf(command, statuses));
    return exitCodeOf(statuses);
  });
