import type pg from 'pg';
import { lookupKey, parseTrackingNumber } from '../../commands/tracking-number.js';
import { unmaskSubject } from '../../commands/unmask/unmask-subject.js';
import type { Codec, EventLog } from '../../events/event-log.js';
import type { EventStore } from '../../events/store.js';
import type { Clock } from '../../platform/clock.js';
import { parseMoment } from '../../projections/as-of.js';
import { projections } from '../../projections/read-models/index.js';
import { readSkips } from '../../projections/skips.js';
import { collectStory, findByLookup, findSubject, type Subject } from '../../replay/collect.js';
import { maskedReader, openReader } from '../../replay/masking.js';
import { createReplay, type Replay } from '../../replay/replay.js';
import { findStep } from '../../replay/timeline.js';
import { beyondEnd } from '../as-of/log-end.js';
import { messageOf, type ExitCode, type Output } from '../output.js';
import { diffJson, diffText, momentJson, momentText, stepJson, timelineText } from './plain.js';

export interface ReplayOptions {
  /** A moment: `#step`, position or time. */
  readonly at?: string | undefined;
  /** Two moments. */
  readonly diff?: readonly string[] | undefined;
  readonly json?: boolean | undefined;
  readonly plain?: boolean | undefined;
  readonly unmask?: boolean | undefined;
  readonly reason?: string | undefined;
  readonly officer?: string | undefined;
}

export interface ReplayCommand {
  /** Tracking number, session id, short reference of a session, or complaint id. */
  readonly name: string;
  readonly options: ReplayOptions;
  readonly store: Pick<EventStore, 'readStream' | 'readAll'>;
  readonly codec: Pick<Codec, 'decode' | 'openText'>;
  readonly log: Pick<EventLog, 'append' | 'head'>;
  /** Tells what read models leave out. */
  readonly pool: Pick<pg.Pool, 'query'>;
  /** Key of the lookup of tracking numbers. */
  readonly pepper: Buffer;
  readonly clock: Clock;
  readonly output: Output;
  /** The terminal interface, where there is a terminal: resolves when the person leaves it. */
  readonly explore?: ((replay: Replay, startAt: number) => Promise<void>) | undefined;
}

/** A mistake in what was asked for, said to the person. */
type Wrong = { readonly wrong: string; readonly exit: ExitCode };
const wrong = (text: string, exit: ExitCode = 2): Wrong => ({ wrong: text, exit });
const isWrong = (value: unknown): value is Wrong => typeof value === 'object' && value !== null && 'wrong' in value;

async function find(command: ReplayCommand): Promise<Subject | Wrong> {
  const { name, pepper } = command;
  const number = parseTrackingNumber(name);
  const found =
    number === undefined ? await findSubject(command, name) : await findByLookup(command, lookupKey(pepper, number));
  if (found === 'ambiguous') return wrong('Two conversations have this reference. Give the whole session id.', 1);
  const forms = 'a tracking number, a session id, a reference from "citizen sessions list" or a complaint id';
  return found ?? wrong(`Nothing was found for this. It may be ${forms}.`, 1);
}

function checked({ unmask, reason, officer, diff, at }: ReplayOptions): Wrong | undefined {
  if (unmask === true && (reason === undefined || officer === undefined))
    return wrong('--unmask needs --reason "why" and --officer <staff id>: both are recorded.');
  if (unmask !== true && reason !== undefined) return wrong('--reason is for --unmask.');
  if (diff !== undefined && diff.length !== 2)
    return wrong('--diff takes two moments; give it after the number: citizen replay <number> --diff A B');
  if (diff !== undefined && at !== undefined) return wrong('--at and --diff do not go together.');
  return undefined;
}

/** The step that a text means; -1 when the story had not begun by then. */
async function stepOf({ log }: ReplayCommand, { timeline }: Replay, text: string): Promise<number | Wrong> {
  const moment = parseMoment(text);
  const tooFar = moment && beyondEnd(moment, await log.head());
  if (tooFar !== undefined) return wrong(tooFar);
  const found = findStep(timeline.steps, text);
  if (found === 'before') return -1;
  if (found === undefined && /^#\d+$/.test(text))
    return wrong(`There is no step ${text}: this story has ${timeline.steps.length}.`);
  return (
    found ??
    wrong(`"${text.slice(0, 40)}" is no moment: give #step, a position of the log, or a time like 2026-05-12T14:00Z.`)
  );
}

const showDiff = async (
  command: ReplayCommand,
  replay: Replay,
  texts: readonly string[],
): Promise<Wrong | undefined> => {
  const [from = '', to = ''] = texts;
  const [a, b] = [await stepOf(command, replay, from), await stepOf(command, replay, to)];
  if (isWrong(a)) return a;
  if (isWrong(b)) return b;
  const changes = await replay.compare(a, b);
  command.output.out(command.options.json === true ? diffJson(changes) : diffText(from, to, changes));
  return undefined;
};

const showAll = async ({ output, options }: ReplayCommand, replay: Replay): Promise<void> => {
  if (options.json !== true) {
    output.out(timelineText(replay));
    return;
  }
  let saw = 0;
  for (const { index } of replay.lines) {
    const view = await replay.view(index);
    output.out(stepJson(view, saw));
    saw = view.saw.length;
  }
};

async function present(command: ReplayCommand, replay: Replay): Promise<Wrong | undefined> {
  const { options, output, explore } = command;
  if (options.diff !== undefined) return showDiff(command, replay, options.diff);
  const at = options.at === undefined ? undefined : await stepOf(command, replay, options.at);
  if (isWrong(at)) return at;
  if (at === -1) return wrong('At that moment the story had not begun.', 1);
  if (explore !== undefined && options.json !== true && options.plain !== true) {
    await explore(replay, at ?? 0);
    return undefined;
  }
  if (at === undefined) await showAll(command, replay);
  else output.out((options.json === true ? momentJson : momentText)(await replay.view(at)));
  return undefined;
}

/**
 * `citizen replay <number|session|complaint>`: the story of a complaint, step by step. Personal data is masked; with `--unmask` it is
 * opened, after an event has recorded who reads it and why.
 * @returns 0 when shown, 1 when there is no such story or moment, 2 when it could not be done
 */
export const runReplay = async (command: ReplayCommand): Promise<ExitCode> => {
  const { options, output, codec } = command;
  const fail = ({ wrong: text, exit }: Wrong): ExitCode => {
    output.err(`${text}\n`);
    return exit;
  };
  try {
    const mistake = checked(options);
    if (mistake !== undefined) return fail(mistake);
    const subject = await find(command);
    if (isWrong(subject)) return fail(subject);
    if (options.unmask === true) {
      const { reason = '', officer = '' } = options;
      const unmasked = await unmaskSubject(command, { subject: subject.sessionId, reason, officer });
      if (!unmasked.ok) return fail(wrong(unmasked.refusal.message, 1));
      output.err('This reading is recorded.\n');
    }
    const reader = options.unmask === true ? openReader(codec) : maskedReader;
    const skips = await readSkips(command.pool, projections);
    const replay = await createReplay(await collectStory(command, subject), { reader, projections, skips });
    const failed = await present(command, replay);
    return failed === undefined ? 0 : fail(failed);
  } catch (error) {
    output.err(`It could not be shown: ${messageOf(error)}\n`);
    return 2;
  }
};
