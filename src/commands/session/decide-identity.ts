import { accept, refuse } from '../decision.js';
import type { Policies, Standing } from '../policies/policies.js';
import { notDrafting, withoutBlanks, type CommandOf, type Refused, type Rule } from './rules.js';
import type { SessionState } from './state.js';

const contactFields = ['name', 'phone', 'email', 'safeContact'] as const;

type Contact = Partial<Record<(typeof contactFields)[number], string>>;

/** Contact data that is kept: none of an anonymous citizen, whatever was said. */
const contactOf = (command: CommandOf<'ProvideIdentity'>): Contact =>
  command.mode === 'anonymous'
    ? {}
    : withoutBlanks(Object.fromEntries(contactFields.map((field) => [field, command[field]])) as Contact);

const contactProblem = (
  mode: CommandOf<'ProvideIdentity'>['mode'],
  contact: Contact,
  state: SessionState,
  policy: Policies,
): Refused | undefined => {
  if (mode === 'named' && contact.name === undefined)
    return refuse('identity_incomplete', 'A name is needed, or choose to stay anonymous.');
  if (mode === 'confidential' && Object.keys(contact).length === 0)
    return refuse('identity_incomplete', 'A name or a way to reach you is needed, or choose to stay anonymous.');
  if (Object.values(contact).some((value) => value.length > policy.messages.maxContactChars))
    return refuse('message_too_long', `A name or contact has at most ${policy.messages.maxContactChars} characters.`);
  if (Object.keys(contact).length > 0 && state.erased.includes('identity'))
    return refuse('erased', 'Your personal details were erased; please start a new conversation.');
  return undefined;
};

const standingProblem = (
  mode: CommandOf<'ProvideIdentity'>['mode'],
  standing: Standing,
  state: SessionState,
  policy: Policies,
): Refused | undefined => {
  if (mode === 'anonymous' && policy.standing.anonymous === 'informant' && standing !== 'informant')
    return refuse(
      'identity_incomplete',
      'An anonymous filing is taken as information; a complainant gives a name or contact.',
    );
  // Before filing everything may still be changed. After it, an informant may step forward, never the reverse.
  if (state.filed !== null && state.filed.standing !== 'informant' && standing === 'informant')
    return refuse('standing_locked', 'A complainant cannot become an informant after filing.');
  return undefined;
};

export const provideIdentity: Rule<'ProvideIdentity'> = (command, state, { policy }) => {
  if (state.ended !== 'filed') {
    const refused = notDrafting(state);
    if (refused !== undefined) return refused;
  }
  const { mode } = command;
  const standing = command.standing ?? policy.standing[mode];
  const contact = contactOf(command);
  const refused = contactProblem(mode, contact, state, policy) ?? standingProblem(mode, standing, state, policy);
  if (refused !== undefined) return refused;
  const shareNameWithInstitution = mode === 'named' && command.shareNameWithInstitution === true;
  const known = state.draft.identity;
  const same =
    known?.mode === mode &&
    known.standing === standing &&
    known.shareNameWithInstitution === shareNameWithInstitution &&
    contactFields.every((field) => known[field] === (contact[field] ?? null)) &&
    state.draft.reopened !== 'identity';
  return same
    ? accept()
    : accept({ type: 'IdentityProvided', data: { mode, standing, ...contact, shareNameWithInstitution } });
};
