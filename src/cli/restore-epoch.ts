import { messageOf, type ExitCode, type Output } from './output.js';

export interface RestoreEpochCommand {
  /** Connections that servers and other tools have open. */
  readonly otherConnections: () => Promise<number>;
  readonly renewLogId: () => Promise<void>;
  readonly output: Output;
  /** Do not ask. */
  readonly yes?: boolean | undefined;
  readonly confirm: (question: string) => Promise<boolean>;
}

const QUESTION =
  'Give the log another epoch? Only after it was restored from a back-up: every client takes its conversation anew, and the read models must be rebuilt.';

/**
 * `citizen restore-epoch [--yes]`: after the log was restored, makes positions of the lost part unknown, so that no client takes
 * them for positions of this log (PROTOCOL.md, section 6.2).
 * @returns 0 when it is done, 1 when it was not wanted after all, 2 when it could not be done
 */
export const runRestoreEpoch = async (command: RestoreEpochCommand): Promise<ExitCode> => {
  const { output } = command;
  try {
    if ((await command.otherConnections()) > 0) {
      output.err('A server or another command has the database open. Stop it first. Nothing was changed.\n');
      return 2;
    }
    if (command.yes !== true && !(await command.confirm(QUESTION))) {
      output.err('Nothing was changed.\n');
      return 1;
    }
    await command.renewLogId();
    output.out('The log has another epoch. Next: citizen projections rebuild\n');
    return 0;
  } catch (error) {
    output.err(`It could not be done: ${messageOf(error)}\n`);
    return 2;
  }
};
