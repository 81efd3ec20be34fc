import type { AgentCommand } from '../../../commands/session/commands.js';
import { contactIn } from '../../guided/extract.js';
import { asksWho, isBareName } from '../mask.js';
import { isQuoteOf, isWrittenIn, speaks } from './own-words.js';
import { issueAll, openDraft, type ArgsOf } from './record.js';
import { no, type ToolAnswer, type Workbench } from './workbench.js';

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
  // Not of earlier messages: the name of the accused may be one by itself.
  const answersWho = asksWho(before.lastAsked) || isBareName(message.text);
  const found = Object.assign({}, ...earlier, contactIn(message.text, answersWho)) as Partial<
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

/** How the citizen wants to be known. */
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
