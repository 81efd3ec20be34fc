import type { AgentCommand } from '../../../commands/session/commands.js';
import { contactIn } from '../../guided/extract.js';
import { asksWho } from '../mask.js';
import type { CheckedCall } from './definitions.js';
import { isQuoteOf, isWrittenIn, speaks } from './own-words.js';
import { no, ok, type ToolAnswer, type Workbench } from './workbench.js';

type ArgsOf<N extends CheckedCall['name']> = Extract<CheckedCall, { name: N }>['args'];
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

/**
 * The description is this very message, whole and untouched; every other detail must be a quote. So nothing comes into a
 * complaint that the citizen did not write (domain.md section 4: never replaced by a summary).
 */
export const recordDetails = (args: ArgsOf<'record_details'>, bench: Workbench): ToolAnswer => {
  const quotes = Object.entries(detailFields).flatMap(([arg, field]) => {
    const value = args[arg as keyof typeof detailFields]?.trim() ?? '';
    return value === '' ? [] : [[field, value] as const];
  });
  const invented = quotes.filter(([, value]) => !isQuoteOf(value, bench.said)).map(([field]) => field);
  if (invented.length > 0)
    return no(
      'not_their_words',
      `Not a quote of what the citizen wrote: ${invented.join(', ')}. Quote exactly, or leave it out.`,
    );
  const { text } = bench.message;
  if (args.whole_message && bench.knowledge.saysYes(text, bench.before.language))
    return no('not_a_story', 'A yes tells nothing that happened. Call submit if it answers the check of the answers.');
  const whole = args.whole_message && text.trim() !== '' && !alreadyKept(bench);
  const details = {
    ...Object.fromEntries(quotes),
    ...(whole ? { description: text } : {}),
    ...(args.before_court === null || args.before_court === undefined ? {} : { beforeCourt: args.before_court }),
  };
  const replaces = args.replace_description === true || bench.tools.state().draft.reopened === 'description';
  return issueAll(bench, ...openDraft(bench), {
    type: 'RecordDetails',
    details,
    descriptionMode: replaces ? 'replace' : 'append',
  });
};

/** Called twice in one turn, the same message is kept once. */
const alreadyKept = ({ tools, before, message }: Workbench): boolean => {
  const { description } = tools.state().draft;
  return description !== before.draft.description && description?.endsWith(message.text) === true;
};

/** Contact data: what the program finds in this message, and what the model gives, if the citizen wrote it. */
const contactFor = (
  args: ArgsOf<'record_identity'>,
  { said, message, before, tools }: Workbench,
): Partial<Record<'name' | 'phone' | 'email' | 'safeContact', string>> => {
  const known = tools.state().draft.identity;
  const kept = Object.fromEntries(
    (['name', 'phone', 'email', 'safeContact'] as const).flatMap((field) => {
      const value = known?.[field];
      return typeof value === 'string' ? [[field, value]] : [];
    }),
  );
  const earlier = said.map((text) => contactIn(text, false));
  const found = Object.assign({}, ...earlier, contactIn(message.text, asksWho(before.lastAsked))) as Partial<
    Record<'name' | 'phone' | 'email', string>
  >;
  const given = Object.fromEntries(
    (['name', 'phone', 'email', 'safe_contact'] as const).flatMap((field) => {
      const value = args[field]?.trim() ?? '';
      const theirs = field === 'phone' || field === 'email' ? isWrittenIn(value, said) : isQuoteOf(value, said);
      return value !== '' && !value.startsWith('[') && theirs
        ? [[field === 'safe_contact' ? 'safeContact' : field, value]]
        : [];
    }),
  );
  return { ...kept, ...found, ...given };
};

export const recordIdentity = (args: ArgsOf<'record_identity'>, bench: Workbench): ToolAnswer => {
  const contact = args.mode === 'anonymous' ? {} : contactFor(args, bench);
  const shares = args.mode === 'named' && args.may_tell_institution === true;
  const was = bench.before.draft.identity?.shareNameWithInstitution === true;
  if (shares && !was && !speaks('share', bench.message.text))
    return no('not_their_words', 'The citizen has not said that the institution may know their name. Ask them.');
  const command: Extract<AgentCommand, { type: 'ProvideIdentity' }> = {
    type: 'ProvideIdentity',
    mode: args.mode,
    ...contact,
    ...(shares ? { shareNameWithInstitution: true } : {}),
  };
  return issueAll(bench, ...(bench.tools.state().ended === 'filed' ? [] : openDraft(bench)), command);
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
