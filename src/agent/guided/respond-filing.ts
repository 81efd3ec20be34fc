import { isDescribed } from '../../commands/session/derive-state.js';
import type { SessionState } from '../../commands/session/state.js';
import { line, plan, type GuidedCommand, type Plan, type View } from './plan.js';
import { onWithdrawFiled } from './request-office.js';
import { openDraft, proposalFor } from './respond-story.js';

export const filedNumber = ({ state }: View): string | null =>
  state.ended === 'filed' ? (state.filed?.trackingNumber ?? null) : null;

/** Skips what is still missing and shows the answers; the citizen files with a yes after that. */
export const onSubmit = (view: View): Plan => {
  const { state, knowledge } = view;
  const number = filedNumber(view);
  if (number !== null) return plan({ say: [line('filed_already', { number })], quiet: true });
  if (!isDescribed(state)) return plan({ commands: openDraft(view), say: [line('nothing_yet')] });
  const { draft, evidence } = state;
  const proposal = proposalFor(draft.description, knowledge);
  const classify: GuidedCommand =
    proposal.category === null && proposal.institution === null
      ? { type: 'SettleClassification', outcome: 'not_sure' }
      : proposal;
  return plan({
    commands: [
      ...openDraft(view),
      ...(draft.evidenceStep === 'open'
        ? [{ type: 'FinishEvidence', outcome: evidence.length > 0 ? 'done' : 'skipped' } as const]
        : []),
      ...(draft.classification === null ? [classify] : []),
      ...(draft.identity === null ? [{ type: 'ProvideIdentity', mode: 'anonymous' } as const] : []),
      { type: 'ShowAnswers' },
    ],
    showCard: true,
  });
};

export const onNewComplaint = (view: View): Plan => {
  const { state } = view;
  if (state.ended === 'filed')
    return plan({ commands: [{ type: 'StartAgain' }, { type: 'StartFiling' }], say: [line('new_complaint')] });
  return plan({ commands: openDraft(view) });
};

/** Whether anything was told that would be lost with the draft. */
const hasDraft = ({ filing, ended, draft, evidence }: SessionState): boolean =>
  filing && ended === null && (draft.description !== null || draft.identity !== null || evidence.length > 0);

export const startAfresh = (): Plan =>
  plan({ commands: [{ type: 'StartAgain' }, { type: 'StartFiling' }], say: [line('restarted')] });
export const putAside = (): Plan => plan({ commands: [{ type: 'WithdrawDraft' }], say: [line('withdrawn')] });
/** Nothing is thrown away, and the conversation goes on where it was. */
export const keepDraft = ({ state }: View): Plan =>
  plan({ say: [line('draft_kept')], showCard: state.draft.answersShown });

/** What was told is thrown away only with a yes. */
export const onStartAgain = (view: View): Plan => {
  if (view.state.ended === 'filed') return onNewComplaint(view);
  return hasDraft(view.state) ? plan({ ask: 'restart_confirm' }) : startAfresh();
};

export const onWithdraw = (view: View): Plan => {
  const { state } = view;
  const drafting = state.filing && state.ended === null;
  if (!drafting && (state.filed !== null || state.openedCases.length > 0)) return onWithdrawFiled(view);
  if (!drafting) return plan({ say: [line('nothing_open')], quiet: true });
  return hasDraft(state) ? plan({ ask: 'discard_confirm' }) : putAside();
};

/** "New complaint" while another is being written: what was told is thrown away only with a yes. */
export const onAnotherComplaint = (view: View): Plan =>
  hasDraft(view.state) ? plan({ say: [line('one_at_a_time')], ask: 'restart_confirm' }) : onNewComplaint(view);

export const onShowAnswers = (view: View): Plan =>
  isDescribed(view.state) ? plan({ showCard: true }) : plan({ say: [line('card_empty')] });
