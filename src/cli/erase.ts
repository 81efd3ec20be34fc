import {
  eraseSubject,
  erasureReasons,
  finishErasures,
  type ErasureDependencies,
  type ErasureReason,
} from '../commands/erasure/erase-subject.js';
import { personalClasses, type PersonalClass } from '../events/personal.js';
import { messageOf, type ExitCode, type Output } from './output.js';

export interface EraseCommand extends ErasureDependencies {
  readonly output: Output;
  /** The session id. */
  readonly subject: string;
  /** Default: all. */
  readonly classes?: readonly string[] | undefined;
  readonly reason: string | undefined;
  /** Do not ask. */
  readonly yes?: boolean | undefined;
  readonly confirm: (question: string) => Promise<boolean>;
}

const isOneOf = <T extends string>(list: readonly T[], text: string): text is T =>
  (list as readonly string[]).includes(text);

const checked = (command: EraseCommand): { classes: PersonalClass[]; reason: ErasureReason } | { wrong: string } => {
  const classes = command.classes ?? personalClasses;
  const known = classes.filter((name) => isOneOf(personalClasses, name));
  if (known.length === 0 || known.length < classes.length) {
    return { wrong: `--class must be one or more of ${personalClasses.join(', ')}.` };
  }
  if (command.reason === undefined || !isOneOf(erasureReasons, command.reason)) {
    return { wrong: `--reason is needed: one of ${erasureReasons.join(', ')}.` };
  }
  return { classes: [...new Set(known)], reason: command.reason };
};

/**
 * `citizen erase <session id> --reason <code> [--class <class>…] [--yes]`: forgets what one citizen told. Cannot be undone.
 * @returns 0 when it is done, 1 when it was not wanted after all or there is no such session, 2 when it could not be done
 */
export const runErase = async (command: EraseCommand): Promise<ExitCode> => {
  const { output, subject } = command;
  const wanted = checked(command);
  if ('wrong' in wanted) {
    output.err(`${wanted.wrong}\n`);
    return 2;
  }
  const { classes, reason } = wanted;
  const files = classes.includes('evidence') ? ' and remove its files' : '';
  const question = `Destroy the keys of this session (${classes.join(', ')})${files}? What they sealed can never be read again.`;
  if (command.yes !== true && !(await command.confirm(question))) {
    output.err('Nothing was erased.\n');
    return 1;
  }
  try {
    const outcome = await eraseSubject(command, { subject, classes, reason, actor: { kind: 'system', id: 'cli' } });
    if (!outcome.ok) {
      output.err(`${outcome.refusal.message} Nothing was erased.\n`);
      return 1;
    }
    const again = outcome.alreadyRecorded ? ' The log already had a record of it.' : '';
    output.out(
      `Erased: ${classes.join(', ')}. Keys destroyed: ${outcome.keysDestroyed}. Files removed: ${outcome.filesRemoved}.${again}\n`,
    );
    return 0;
  } catch (error) {
    output.err(`The erasure is not complete, run it again: ${messageOf(error)}\n`);
    return 2;
  }
};

/** `citizen erase --finish`: see `finishErasures`. To be run after a back-up of the keys or the files was restored. */
export const runFinishErasures = async (
  command: Pick<EraseCommand, 'log' | 'keys' | 'forgetFiles' | 'output'>,
): Promise<ExitCode> => {
  try {
    const { keysDestroyed, filesRemoved } = await finishErasures(command);
    const found = `Keys that were still there: ${keysDestroyed}. Files: ${filesRemoved}.`;
    command.output.out(`Every erasure in the log is done. ${found}\n`);
    return 0;
  } catch (error) {
    command.output.err(`The erasures are not complete, run this again: ${messageOf(error)}\n`);
    return 2;
  }
};
