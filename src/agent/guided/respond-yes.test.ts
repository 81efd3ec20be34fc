import { describe, expect, it } from 'vitest';
import { initialSession } from '../../commands/session/initial.js';
import { testPolicies } from '../../../test/support/dialogue.js';
import { loadTextPacks } from '../texts/packs.js';
import { createKnowledge } from './knowledge.js';
import { render } from './plan.js';
import { respond } from './respond.js';

const texts = loadTextPacks();
const knowledge = createKnowledge({ taxonomy: testPolicies.taxonomy, texts, saysYes: testPolicies.saysYes });
/** Said at the card, and not the citizen's word for filing in the session's own state. */
const answerTo = (text: string): string => {
  const draft = { ...initialSession.draft, description: 'They took my phone.', answersShown: true };
  const state = { ...initialSession, started: true, filing: true, draft };
  const message = { messageId: 'early', text, files: 0, handedKey: null };
  const aside = { distress: false, identity: null, person: false, number: null };
  const { say, effect } = respond(
    { intent: { kind: 'yes' }, aside },
    { state, pending: 'confirm', message, knowledge },
  );
  expect(effect).toBeUndefined();
  return render(say, texts.en);
};

describe('a yes that is none to the answers shown', () => {
  it('because it was sent before them is answered with that', () => {
    expect(answerTo('yes')).toContain('I have only now shown you your answers');
  });

  it('because it is not clear is answered with the word to send', () => {
    expect(answerTo('right')).toContain('just the word: yes');
  });
});
