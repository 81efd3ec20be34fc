import { publicStatus } from '../../commands/complaint/public-status.js';
import type { Policies } from '../../commands/policies/policies.js';
import { caseStates } from '../../events/catalogue/complaint.js';
import { sessionStates } from '../../events/catalogue/session.js';
import { shortHash } from '../../platform/short-hash.js';
import { parseMoment, type Moment } from '../../projections/as-of.js';
import { completenessOf } from '../../projections/queries/session-status.js';
import { projections } from '../../projections/read-models/index.js';
import { sessionStatus } from '../../projections/read-models/session-status.js';
import { trackingNumber } from '../../projections/read-models/tracking-number.js';
import { findSubject, type CollectDependencies } from '../../replay/collect.js';
import { maskedReader, show } from '../../replay/masking.js';
import { messageOf, type ExitCode, type Output } from '../output.js';
import { onOneLine, safeJson } from '../replay/text.js';
import { banner, beyondEnd } from './log-end.js';
import { readWanted, type RowsDependencies, type Wanted } from './rows.js';
import { NOTHING, tableText, type Entry } from './table.js';

export interface ListOptions {
  /** Position or time; undefined: live. */
  readonly at?: string | undefined;
  readonly state?: string | undefined;
  /** Time: begun or filed since. */
  readonly since?: string | undefined;
  readonly limit?: string | undefined;
  readonly session?: string | undefined;
  readonly json?: boolean | undefined;
}

export interface ListCommand extends RowsDependencies, CollectDependencies {
  readonly options: ListOptions;
  readonly policy: Policies;
  readonly output: Output;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100_000;

interface Asked {
  readonly at: Moment | undefined;
  readonly since: string | undefined;
  readonly limit: number;
}

/** The moment that was asked for; undefined: now. @throws Error with words for the person */
function momentOf({ at }: Pick<ListOptions, 'at'>): Moment | undefined {
  if (at === undefined) return undefined;
  const moment = parseMoment(at);
  if (moment === undefined) throw new Error('--at is a position of the log, or a time like 2026-05-12T14:00Z');
  return moment;
}

/** Reads what all lists share. @throws Error with words for the person */
function asked({ at, since, limit, state }: ListOptions, states: readonly string[]): Asked {
  const moment = momentOf({ at });
  const from = since === undefined ? undefined : parseMoment(since);
  if (since !== undefined && (from === undefined || !('time' in from)))
    throw new Error('--since is a time like 2026-05-12');
  const most = limit === undefined ? DEFAULT_LIMIT : Number(limit);
  if (!Number.isInteger(most) || most < 1 || most > MAX_LIMIT) throw new Error('--limit is a whole number from 1');
  if (state !== undefined && states.length > 0 && !states.includes(state))
    throw new Error(`--state is one of ${states.join(', ')}`);
  return { at: moment, since: from !== undefined && 'time' in from ? from.time : undefined, limit: most };
}

const equalState = (state: string | undefined) => (state === undefined ? {} : { equal: { state } });

async function sessions(command: ListCommand): Promise<readonly Entry[]> {
  const { at, since, limit } = asked(command.options, sessionStates);
  const wanted: Wanted = {
    ...equalState(command.options.state),
    since: since === undefined ? undefined : { column: 'started_at', time: since },
    order: [{ column: 'last_activity', descending: true }, { column: 'session_id' }],
    limit,
  };
  const rows = await readWanted(command, sessionStatus, wanted, at);
  return rows.map((row) => ({
    session: shortHash(row.session_id),
    state: row.state,
    assistance: row.assistance,
    language: row.language,
    channel: row.channel,
    messages: row.citizen_messages + row.replies,
    completeness: completenessOf(row.facts),
    complaint: row.complaint_id,
    startedAt: row.started_at,
    lastActivity: row.last_activity,
  }));
}

async function complaints(command: ListCommand): Promise<readonly Entry[]> {
  const { at, since, limit } = asked(command.options, caseStates);
  const wanted: Wanted = {
    ...equalState(command.options.state),
    since: since === undefined ? undefined : { column: 'filed_at', time: since },
    order: [{ column: 'filed_at', descending: true }, { column: 'complaint_id' }],
    limit,
  };
  const rows = await readWanted(command, trackingNumber, wanted, at);
  return rows.map((row) => {
    const facts = { state: row.state, since: row.since, lastChangeAt: row.changed_at, dueAt: row.due_at };
    const more = {
      closeReason: row.close_reason,
      closedAt: row.closed_at,
      institutionAskedAt: row.institution_asked_at,
    };
    const shown = publicStatus({ ...facts, ...more, reminders: row.reminders }, command.policy);
    return {
      complaint: row.complaint_id,
      session: shortHash(row.session_id),
      state: row.state,
      public: shown?.words ?? NOTHING,
      filedAt: row.filed_at,
      since: row.since,
      lastChange: row.changed_at,
      due: row.due_at,
      reminders: row.reminders,
    };
  });
}

/** Rows of any read model as they are kept, masked. */
const anyReadModel =
  (name: string) =>
  async (command: ListCommand): Promise<readonly Entry[]> => {
    const projection = projections.find((each) => each.name === name);
    if (projection === undefined)
      throw new Error(
        `There is no read model of this name. There are: ${projections.map((each) => each.name).join(', ')}`,
      );
    const { at, limit } = asked(command.options, []);
    const { session } = command.options;
    const subject = session === undefined ? undefined : await findSubject(command, session);
    if (session !== undefined && (subject === undefined || subject === 'ambiguous'))
      throw new Error('There is no one conversation of this name');
    const equal: Readonly<Record<string, string>> =
      typeof subject === 'object' ? { session_id: subject.sessionId } : {};
    const order = projection.key.map((column) => ({ column }));
    const rows = await readWanted(command, projection, { equal, order, limit }, at);
    const idsOf = (row: object): string[] =>
      'session_id' in row && typeof row.session_id === 'string' ? [row.session_id] : [];
    return Promise.all(rows.map(async (row) => (await show(row, maskedReader, idsOf(row))) as Entry));
  };

/** What to say above a list of a moment; null for a live one. @throws Error with words for the person, for no moment of the log */
async function aboutMoment(
  { log, options: { at = '' } }: ListCommand,
  moment: Moment | undefined,
): Promise<string | null> {
  if (moment === undefined) return null;
  const end = await log.head();
  const wrong = beyondEnd(moment, end);
  if (wrong !== undefined) throw new Error(wrong);
  return banner(onOneLine(at), moment, end);
}

/**
 * `citizen sessions list`, `citizen complaints list` and `citizen read-model <name>`: how things are, or with `--at` how they were.
 * Never names, numbers or texts: conversations have a short reference, which `citizen replay` takes.
 * @returns 0 when listed, 2 when it could not be done
 */
export const runList = async (
  command: ListCommand,
  what: 'sessions' | 'complaints' | { readonly readModel: string },
): Promise<ExitCode> => {
  const { output, options } = command;
  const list = what === 'sessions' ? sessions : what === 'complaints' ? complaints : anyReadModel(what.readModel);
  try {
    // Before the fold: that may take long, and ends where the log ended by then.
    const about = await aboutMoment(command, momentOf(options));
    const entries = await list(command);
    if (about !== null) output.err(about);
    output.out(options.json === true ? entries.map((entry) => `${safeJson(entry)}\n`).join('') : tableText(entries));
    return 0;
  } catch (error) {
    output.err(`${messageOf(error)}\n`);
    return 2;
  }
};
