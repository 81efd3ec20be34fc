import { accept, refuse } from '../decision.js';
import type { Policies } from '../policies/policies.js';
import { isCategory, isInstitution, isReferralTarget } from '../taxonomy/taxonomy.js';
import { notDrafting, type CommandOf, type Refused, type Rule } from './rules.js';
import type { Draft, SessionState } from './state.js';

const unknownCode = (
  { taxonomy }: Policies,
  category: string | null = null,
  institution: string | null = null,
): Refused | undefined => {
  if (category !== null && !isCategory(taxonomy, category))
    return refuse('unknown_category', 'There is no such category.');
  if (institution !== null && !isInstitution(taxonomy, institution))
    return refuse('unknown_institution', 'There is no such institution.');
  return undefined;
};

export const proposeClassification: Rule<'ProposeClassification'> = (command, state, { policy }) => {
  const { category, institution, confidence } = command;
  const refused = notDrafting(state) ?? unknownCode(policy, category, institution);
  if (refused !== undefined) return refused;
  const known = state.draft.classification;
  const same =
    known?.outcome === 'proposed' &&
    known.category === category &&
    known.institution === institution &&
    known.confidence === confidence;
  return same
    ? accept()
    : accept({
        type: 'ComplaintClassified',
        data: {
          by: 'agent',
          outcome: 'proposed',
          category,
          institution,
          confidence,
          taxonomyVersion: policy.taxonomy.version,
        },
      });
};

type Settled = Pick<NonNullable<Draft['classification']>, 'category' | 'institution' | 'confidence'>;

/** What the citizen's answer makes of the classification, or undefined when it answers nothing. */
const settledAs = (command: CommandOf<'SettleClassification'>, state: SessionState): Settled | undefined => {
  const known = state.draft.classification;
  if (command.outcome === 'not_sure') return { category: null, institution: null, confidence: null };
  if (command.outcome === 'accepted') return known ?? undefined;
  if (command.category === undefined && command.institution === undefined) return undefined;
  return {
    category: command.category === undefined ? (known?.category ?? null) : command.category,
    institution: command.institution === undefined ? (known?.institution ?? null) : command.institution,
    confidence: null,
  };
};

export const settleClassification: Rule<'SettleClassification'> = (command, state, { policy }) => {
  const refused = notDrafting(state) ?? unknownCode(policy, command.category, command.institution);
  if (refused !== undefined) return refused;
  const settled = settledAs(command, state);
  if (settled === undefined) return refuse('unknown_category', 'Nothing was proposed or named that could be settled.');
  const known = state.draft.classification;
  const same =
    known?.outcome === command.outcome &&
    known.category === settled.category &&
    known.institution === settled.institution &&
    state.draft.reopened !== 'classification';
  return same
    ? accept()
    : accept({
        type: 'ComplaintClassified',
        data: {
          by: 'citizen',
          outcome: command.outcome,
          category: settled.category,
          institution: settled.institution,
          confidence: settled.confidence,
          taxonomyVersion: policy.taxonomy.version,
        },
      });
};

export const signpost: Rule<'Signpost'> = ({ referralTarget }, state, { policy }) => {
  if (state.ended === 'filed') return refuse('already_submitted', 'This complaint has been filed already.');
  if (referralTarget !== null && !isReferralTarget(policy.taxonomy, referralTarget))
    return refuse('unknown_institution', 'There is no such place to refer to.');
  return state.ended === 'signposted' ? accept() : accept({ type: 'SessionSignposted', data: { referralTarget } });
};
