import type { Refusal } from '../../../commands/decision.js';
import type { AgentCommand } from '../../../commands/session/commands.js';
import type { CheckedCall } from './definitions.js';
import { standsIn } from './earlier.js';
import { isQuoteOf } from './own-words.js';
import { no, ok, type ToolAnswer, type Workbench } from './workbench.js';

export type ArgsOf<N extends CheckedCall['name']> = Extract<CheckedCall, { name: N }>['args'];
export type Issued = Parameters<Workbench['tools']['issue']>[0];

/** Issues commands in order and stops at the first no, which is the answer. */
export const issueAll = ({ tools }: Workbench, ...commands: readonly Issued[]): ToolAnswer => {
  for (const command of commands) {
    const result = tools.issue(command);
    if (!result.ok) return no(result.refusal.code, result.refusal.message);
  }
  return ok();
};

/** Begins or takes up the draft, when there is none open; a filed complaint stays as it is. */
export const openDraft = ({ tools }: Workbench): readonly Issued[] => {
  const { filing, ended } = tools.state();
  if (filing && ended === null) return [];
  return ended === 'signposted' ? [{ type: 'StartAgain' }, { type: 'StartFiling' }] : [{ type: 'StartFiling' }];
};

const detailFields = {
  happened_when: 'happenedWhen',
  happened_where: 'happenedWhere',
  institution_words: 'institutionWords',
  tried_before: 'triedBefore',
  remedy_wanted: 'remedyWanted',
} as const;

type Details = Extract<AgentCommand, { type: 'RecordDetails' }>['details'];

/** A part of a call that was not kept: what, a code, and why in words for the model. */
interface NotKept {
  readonly field: string;
  readonly code: string;
  readonly why: string;
}

/** What a call gives that may be kept, and what of it may not. */
interface Sorted {
  readonly details: Details;
  readonly notKept: readonly NotKept[];
}

/** Every detail must be a quote; one that is none is left out, and the others are kept. */
const quotesOf = (args: ArgsOf<'record_details'>, said: readonly string[]): Sorted => {
  const given = Object.entries(detailFields).flatMap(([arg, field]) => {
    const value = args[arg as keyof typeof detailFields]?.trim() ?? '';
    return value === '' ? [] : [{ arg, field, value }];
  });
  const why = 'Not a quote of what the citizen wrote. Quote their words exactly, or leave it out.';
  return {
    details: Object.fromEntries(
      given.filter(({ value }) => isQuoteOf(value, said)).map(({ field, value }) => [field, value]),
    ),
    notKept: given
      .filter(({ value }) => !isQuoteOf(value, said))
      .map(({ arg: field }) => ({ field, code: 'not_their_words', why })),
  };
};

const aYes = 'A yes tells nothing that happened. Call submit if it answers the check of the answers.';

/** The story: earlier messages that the call names, in the order in which they came, then this one. All of them whole and untouched. */
const storyOf = (args: ArgsOf<'record_details'>, bench: Workbench): Sorted => {
  const { message, before, earlier, knowledge } = bench;
  const isYes = (text: string): boolean => knowledge.saysYes(text, before.language);
  const named = [...new Set(args.earlier_messages ?? [])].sort((a, b) => a - b);
  const known = new Map(earlier.map(({ number, text }) => [number, text]));
  const unknown = named.filter((number) => !known.has(number));
  const { description } = bench.tools.state().draft;
  const texts = [
    ...named
      .flatMap((number) => known.get(number) ?? [])
      .filter((text) => !isYes(text) && !standsIn(text, description)),
    ...(args.whole_message && !isYes(message.text) && message.text.trim() !== '' && !alreadyKept(bench)
      ? [message.text]
      : []),
  ];
  return {
    details: texts.length === 0 ? {} : { description: texts.join('\n\n') },
    notKept: [
      ...(unknown.length === 0
        ? []
        : [
            {
              field: 'earlier_messages',
              code: 'unknown_message',
              why: `Only numbers out of told_but_not_kept; not there: ${unknown.join(', ')}.`,
            },
          ]),
      ...(args.whole_message && isYes(message.text)
        ? [{ field: 'whole_message', code: 'not_a_story', why: aYes }]
        : []),
    ],
  };
};

/** Issues all of it at once; when it is too long for that, one detail at a time, so that one does not cost the others. */
const keep = (details: Details, descriptionMode: 'replace' | 'append', bench: Workbench): readonly NotKept[] => {
  const { tools } = bench;
  const whole = tools.issue({ type: 'RecordDetails', details, descriptionMode });
  if (whole.ok) return [];
  const refused = (field: string, { code, message: why }: Refusal): NotKept => ({ field, code, why });
  const parts = Object.entries(details);
  if (whole.refusal.code !== 'message_too_long' || parts.length < 2) return [refused('all', whole.refusal)];
  return parts.flatMap(([field, value]) => {
    const result = tools.issue({ type: 'RecordDetails', details: { [field]: value }, descriptionMode });
    return result.ok ? [] : [refused(field, result.refusal)];
  });
};

/** What the model is told: a part that was not kept is named, and does not cost the rest. */
const answerFor = (kept: number, notKept: readonly NotKept[]): ToolAnswer => {
  const [first] = notKept;
  if (first === undefined) return ok();
  const reasons = notKept.map(({ field, why }) => `${field}: ${why}`).join(' ');
  if (kept === 0) return no(first.code, reasons);
  return { code: 'partly_kept', content: { ok: true, kept: 'only in part', not_kept: reasons } };
};

/**
 * The description is whole messages of the citizen, untouched: this very one, and earlier ones that were not kept yet. Every other
 * detail must be a quote. So nothing comes into a complaint that the citizen did not write (domain.md section 4: never replaced
 * by a summary).
 */
export const recordDetails = (args: ArgsOf<'record_details'>, bench: Workbench): ToolAnswer => {
  const quotes = quotesOf(args, bench.said);
  const story = storyOf(args, bench);
  const details: Details = {
    ...quotes.details,
    ...story.details,
    ...(args.before_court === null || args.before_court === undefined ? {} : { beforeCourt: args.before_court }),
  };
  const sorted = [...quotes.notKept, ...story.notKept];
  const given = Object.keys(details).length;
  if (given === 0 && sorted.length > 0) return answerFor(0, sorted);
  const opened = issueAll(bench, ...openDraft(bench));
  if (opened.code !== 'ok') return opened;
  const replaces = args.replace_description === true || bench.tools.state().draft.reopened === 'description';
  const refused = keep(details, replaces ? 'replace' : 'append', bench);
  const lost = refused.some(({ field }) => field === 'all') ? given : refused.length;
  return answerFor(given - lost, [...refused, ...sorted]);
};

/** Called twice in one turn, the same message is kept once. */
const alreadyKept = ({ tools, before, message }: Workbench): boolean => {
  const { description } = tools.state().draft;
  return description !== before.draft.description && standsIn(message.text, description);
};

export const settleClassification = (args: ArgsOf<'settle_classification'>, bench: Workbench): ToolAnswer => {
  const { outcome, category, institution } = args;
  // What was proposed in this very turn the citizen has not even seen.
  if (outcome === 'accepted' && bench.before.draft.classification === null)
    return no('not_asked', 'The citizen has not answered a proposal yet. Ask them first.');
  if (outcome !== 'changed') return issueAll(bench, { type: 'SettleClassification', outcome });
  return issueAll(bench, {
    type: 'SettleClassification',
    outcome,
    ...(category === undefined || category === null ? {} : { category }),
    ...(institution === undefined || institution === null ? {} : { institution }),
  });
};
