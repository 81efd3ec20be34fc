import { isDescribed } from '../../commands/session/derive-state.js';
import type { IntentOf } from './intents.js';
import type { Contact } from './extract.js';
import { line, plan, type GuidedCommand, type Plan, type View } from './plan.js';
import { openDraft } from './respond-story.js';

type Identity = View['state']['draft']['identity'];

const known = ({ state }: View): Contact => {
  const identity = state.draft.identity;
  if (identity === null) return {};
  return {
    ...(identity.name === null ? {} : { name: identity.name }),
    ...(identity.phone === null ? {} : { phone: identity.phone }),
    ...(identity.email === null ? {} : { email: identity.email }),
  };
};

const provide = (mode: 'named' | 'confidential' | 'anonymous', contact: Contact, share = false): GuidedCommand => ({
  type: 'ProvideIdentity',
  mode,
  ...contact,
  ...(share ? { shareNameWithInstitution: true } : {}),
});

/** Anonymous, with what follows from it said at once. */
export const stayAnonymous = (view: View): Plan =>
  plan({
    commands: [...openDraft(view), provide('anonymous', {})],
    say: [line(isDescribed(view.state) ? 'identity_anonymous' : 'anonymous_before')],
  });

/** "With my name" and nothing else, when the name is known already: no thanks for what was not given. */
const chosenLine = (kept: 'named' | 'confidential', { name }: Contact, before: Identity) => {
  if (before?.mode === kept) return kept === 'named' ? 'name_already' : 'confidential_already';
  if (kept === 'named') return 'identity_named';
  return name === undefined ? 'contact_only' : 'identity_confidential';
};

const withContact = (mode: 'named' | 'confidential' | null, given: Contact, view: View): Plan => {
  const { state, pending } = view;
  const before = state.draft.identity;
  const contact = { ...known(view), ...given };
  const wanted =
    mode ??
    (pending === 'name_confidential' || (before?.mode === 'confidential' && given.name === undefined)
      ? 'confidential'
      : 'named');
  // A telephone number without a name is no name: kept as confidential, and said so.
  const kept = wanted === 'named' && contact.name === undefined ? 'confidential' : wanted;
  const said =
    Object.keys(given).length === 0
      ? chosenLine(kept, contact, before)
      : kept !== wanted || (contact.name === undefined && before === null)
        ? 'contact_only'
        : given.name === undefined && before !== null
          ? 'contact_kept'
          : kept === 'named'
            ? 'identity_named'
            : 'identity_confidential';
  return plan({
    commands: [
      ...(state.ended === 'filed' ? [] : openDraft(view)),
      provide(kept, contact, kept === 'named' && before?.shareNameWithInstitution === true),
    ],
    say: [line(state.ended === 'filed' ? 'identity_after' : said)],
  });
};

const askForName = (mode: 'named' | 'confidential', view: View): Plan => {
  if (Object.keys(known(view)).length > 0 && (mode === 'confidential' || known(view).name !== undefined))
    return withContact(mode, {}, view);
  if (view.state.ended !== 'filed' && !isDescribed(view.state))
    return plan({
      commands: openDraft(view),
      say: [line(mode === 'named' ? 'named_before' : 'confidential_before')],
    });
  return plan({
    commands: view.state.ended === 'filed' ? [] : openDraft(view),
    ask: mode === 'named' ? 'name' : 'name_confidential',
  });
};

/** How the citizen wants to be known, or who they are; at any time. */
export const onIdentity = ({ mode, contact }: IntentOf<'identity'>, view: View): Plan => {
  const filed = view.state.ended === 'filed';
  if (mode === 'anonymous') {
    return filed ? plan({ say: [line('identity_after_other')], quiet: true }) : stayAnonymous(view);
  }
  if (Object.keys(contact).length > 0) return withContact(mode, contact, view);
  if (filed && mode === 'confidential') return plan({ say: [line('identity_after_other')], quiet: true });
  return askForName(mode ?? 'named', view);
};

export const onShareName = ({ share }: IntentOf<'share_name'>, view: View): Plan => {
  const identity = view.state.draft.identity;
  if (view.state.ended === 'filed') return plan({ say: [line('filed_no_change')], quiet: true });
  if (identity?.name === null || identity === null) return askForName('named', view);
  return plan({
    commands: [provide('named', known(view), share)],
    say: [line(share ? 'share_yes' : 'share_no')],
  });
};
