import type { ProjectionAdmin } from '../../projections/admin.js';
import { messageOf, type ExitCode, type Output } from '../output.js';

/** What every `citizen projections …` works with. */
export interface ProjectionsCommand {
  readonly admin: ProjectionAdmin;
  readonly output: Output;
  /** Whether `err` goes to a terminal: progress is then drawn, otherwise told line by line. */
  readonly isTty: boolean;
  readonly json?: boolean | undefined;
  /** Aborted by Ctrl-C. */
  readonly signal?: AbortSignal | undefined;
  /** Monotonic, in ms. */
  readonly nowMs?: (() => number) | undefined;
}

/** One line of JSON. Positions are decimal strings. */
export const jsonLine = (value: unknown): string =>
  `${JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? each.toString() : each))}\n`;

/**
 * Does the work unless a name is wrong; then it says which there are.
 * @param needsAll whether `work` needs the known names also when none is given
 * @returns 2 when it could not be done
 */
export async function withNames(
  { admin, output }: ProjectionsCommand,
  names: readonly string[],
  work: (known: readonly string[]) => Promise<ExitCode>,
  needsAll = false,
): Promise<ExitCode> {
  try {
    // Sizes of tables are asked for too: nothing that can do without waits for a table that somebody holds.
    const known = needsAll || names.length > 0 ? (await admin.list()).map(({ name }) => name) : [];
    const unknown = names.find((name) => !known.includes(name));
    if (unknown === undefined) return await work(known);
    output.err(`There is no projection "${unknown}". There are: ${known.join(', ')}.\n`);
  } catch (error) {
    output.err(`It could not be done: ${messageOf(error)}\n`);
  }
  return 2;
}
