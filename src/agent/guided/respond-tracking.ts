import type { IntentOf } from './intents.js';
import { line, plan, type Plan, type View } from './plan.js';
import { filedNumber } from './respond-filing.js';
import { waitsForCitizen } from './respond-office.js';

/** A number: looked up, or opened at once with the key that was handed over before it. */
export const onTracking = ({ number }: IntentOf<'tracking'>, { state }: View): Plan =>
  plan({
    commands: [{ type: 'OpenTracking' }],
    effect:
      state.handedKey === null
        ? { kind: 'look_up', number }
        : { kind: 'open_case', number, key: state.handedKey, words: null },
  });

/** An access key, with its number or for the number that was found before. */
export const onOpenCase = ({ number, key, words }: IntentOf<'open_case'>, view: View): Plan => {
  const commands = [{ type: 'OpenTracking' }] as const;
  const known = number !== null || view.state.lookedUp !== null || view.state.filed !== null;
  return known
    ? plan({ commands, effect: { kind: 'open_case', number, key, words: words ? view.message.messageId : null } })
    : plan({ commands, say: [line('case_number_ask'), ...(words ? [line('key_words_wait')] : [])], quiet: true });
};

export const onTrackingAsk = (view: View): Plan => {
  const own = filedNumber(view);
  return own === null
    ? plan({ commands: [{ type: 'OpenTracking' }] })
    : plan({ effect: { kind: 'look_up', number: own }, quiet: !waitsForCitizen(view) });
};
