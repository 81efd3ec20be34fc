import { describe, expect, it } from 'vitest';
import { testPolicies } from '../../../test/support/dialogue.js';
import { emptyDraft, initialSession } from '../../commands/session/initial.js';
import type { SessionState } from '../../commands/session/state.js';
import { loadTextPacks } from '../texts/packs.js';
import { createKnowledge } from './knowledge.js';
import { whenStopped } from './when-stopped.js';

const texts = loadTextPacks();
const knowledge = createKnowledge({ taxonomy: testPolicies.taxonomy, texts, saysYes: testPolicies.saysYes });
const shown: SessionState = {
  ...initialSession,
  started: true,
  filing: true,
  draft: { ...emptyDraft, description: 'They took my phone.', answersShown: true },
  lastAsked: 'confirm',
};
const stop = (state: SessionState, text: string, said = '') =>
  whenStopped({ state, message: { messageId: 'm', text, evidenceIds: [], handedKey: null } }, said, knowledge);

describe('a reply that the citizen stops', () => {
  it('says after a yes to the answers that nothing is filed, and asks again', () => {
    const reply = stop({ ...shown, confirmedBy: 'm' }, 'yes', 'Thank you.');
    expect(reply.text).toBe(`Thank you.\n\n${texts.en.texts.stopped_not_filed}`);
    expect(reply.asked).toBe('confirm');
    expect(reply.quickReplies?.map(({ send }) => send)).toContain('yes');
  });

  it('says so in the language of the conversation', () => {
    expect(stop({ ...shown, language: 'kri', confirmedBy: 'm' }, 'yɛs').text).toBe(texts.kri.texts.stopped_not_filed);
  });

  it('says after a yes that throws away that nothing was done', () => {
    const reply = stop(
      { ...shown, draft: { ...shown.draft, answersShown: false }, lastAsked: 'discard_confirm' },
      'yes',
    );
    expect(reply).toMatchObject({ text: texts.en.texts.stopped_not_done, asked: 'discard_confirm' });
  });

  it.each(['no', 'change the date', 'why?'])('adds nothing to what was said after: %s', (text) => {
    expect(stop(shown, text, 'Thank')).toEqual({ text: 'Thank' });
  });
});
