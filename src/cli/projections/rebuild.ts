import type { RebuildResult, WorkProgress } from '../../projections/admin.js';
import { messageOf, type ExitCode } from '../output.js';
import { jsonLine, withNames, type ProjectionsCommand } from './command.js';
import { grouped, percentOf } from './text.js';
import { createWorkDisplay } from './work-progress.js';

export interface RebuildCommand extends ProjectionsCommand {
  /** Empty: all of them, from one read of the log. */
  readonly names: readonly string[];
  readonly maxLoadPercent?: number | undefined;
}

function resultText({ name, version, outcome, failure }: RebuildResult): string {
  switch (outcome) {
    case 'rebuilt':
      return `${name}: rebuilt, version ${version} is live\n`;
    case 'busy':
      return `${name}: another process is rebuilding it; see "citizen projections status", or call it off with "citizen projections cancel ${name}"\n`;
    case 'cancelled':
      return `${name}: called off; the copy is gone, the live rows are served on\n`;
    case 'failed':
      return (
        `${name}: stopped at ${failure?.eventType ?? 'an event'}, position ${failure?.position ?? '?'}: ` +
        `${failure?.message ?? ''}. The rows of before are served on; see "citizen projections status ${name}"\n`
      );
  }
}

const NEXT = `The rows of before are kept. Look whether all is well, then
  citizen projections verify …     compares the rows with the log
  citizen projections rollback …   brings the rows of before back
  citizen projections drop-old …   frees their room
`;

/** How to go on after Ctrl-C or a broken connection. */
const onceMore = (names: readonly string[], at: WorkProgress | undefined): string => {
  const which = names.length === 0 ? '' : ` ${names.join(' ')}`;
  const where =
    at === undefined || at.phase === 'wait'
      ? ''
      : ` at position ${grouped(at.position)} (${percentOf(at.position, at.head)} %)`;
  return `Stopped${where}. The live rows are served on, and what was built is kept.
  citizen projections rebuild${which}   goes on from there
  citizen projections cancel ${names[0] ?? '<name>'}   throws it away\n`;
};

/**
 * `citizen projections rebuild [name…] [--max-load <percent>]`. Works beside running servers: they go on serving and feeding the
 * live tables. Progress goes to `err`, results to `out`.
 * @returns 0 when all were rebuilt, 1 when one was not, 2 when it was interrupted or could not be done
 */
export const runRebuild = (command: RebuildCommand): Promise<ExitCode> =>
  withNames(command, command.names, async () => {
    const { admin, output, names, signal, isTty, json, maxLoadPercent, nowMs = () => performance.now() } = command;
    const display = createWorkDisplay({ write: (text) => output.err(text), isTty, nowMs });
    try {
      const onProgress = (progress: WorkProgress): void => display.update(progress);
      const results = await admin.rebuild(names, { signal, onProgress, maxLoadPercent });
      display.finish();
      output.out(json === true ? jsonLine(results) : results.map(resultText).join(''));
      const rebuilt = results.filter(({ outcome }) => outcome === 'rebuilt');
      if (rebuilt.length > 0 && json !== true) output.err(NEXT);
      return rebuilt.length === results.length ? 0 : 1;
    } catch (error) {
      display.finish();
      if (signal?.aborted !== true) output.err(`The rebuild did not end: ${messageOf(error)}\n`);
      output.err(onceMore(names, display.last()));
      return 2;
    }
  });
