import { tellsBesideKey } from './beside-key.js';
import type { IntentOf } from './intents.js';
import { line, plan, type Plan, type View } from './plan.js';
import { filedNumber } from './respond-filing.js';
import { ownComplaint, waitsForCitizen } from './respond-office.js';

/** A number: looked up, or opened at once with the key that was handed over before it. What came with it is used, or said not to be. */
export const onTracking = ({ number }: IntentOf<'tracking'>, { state, message }: View): Plan => {
  const words = !message.text.includes('?') && tellsBesideKey(message.text);
  return plan({
    commands: [{ type: 'OpenTracking' }],
    effect:
      state.handedKey === null
        ? { kind: 'look_up', number, wordsUnused: words }
        : { kind: 'open_case', number, key: state.handedKey, words: words ? message.messageId : null },
  });
};

/** An access key, with its number or for the number that was found before. */
export const onOpenCase = ({ number, key, words }: IntentOf<'open_case'>, view: View): Plan => {
  const commands = [{ type: 'OpenTracking' }] as const;
  const known = number !== null || view.state.lookedUp !== null || view.state.filed !== null;
  return known
    ? plan({ commands, effect: { kind: 'open_case', number, key, words: words ? view.message.messageId : null } })
    : plan({ commands, say: [line('case_number_ask'), ...(words ? [line('key_words_wait')] : [])], quiet: true });
};

export const onAskNumber = (): Plan => plan({ commands: [{ type: 'OpenTracking' }] });

/** The complaint that is spoken of: filed here, or opened with its key. Without one, a number is asked for. */
export const onTrackingAsk = (view: View): Plan => {
  const complaintId = ownComplaint(view);
  const opened = view.state.openedCases.at(-1);
  const own = complaintId !== undefined && complaintId === opened ? null : filedNumber(view);
  return complaintId === undefined || (own === null && (opened === undefined || view.state.lookedUp === null))
    ? onAskNumber()
    : plan({ effect: { kind: 'look_up', number: own, complaintId }, quiet: !waitsForCitizen(view) });
};
