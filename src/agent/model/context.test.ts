import { describe, expect, it } from 'vitest';
import { initialSession } from '../../commands/session/initial.js';
import type { SessionState } from '../../commands/session/state.js';
import { buildRequest, requestHashOf } from './context.js';
import { inOrder, type Spoken } from './conversation.js';
import { factsOf } from './facts.js';
import { createMask } from './mask.js';
import { tokensOf, tokensOfMessage } from './tokens.js';

const citizen = (revision: number, text: string): Spoken => ({
  by: 'citizen',
  messageId: `m${revision}`,
  revision,
  text,
  files: 0,
});
const reply = (answers: number, text: string): Spoken => ({
  by: 'assistant',
  answers: `m${answers}`,
  text,
  name: 'model',
});
const asIs = (text: string): string => text;
const given = { prompt: 'You are Leoma.', codes: 'a: b', facts: '{}', mask: asIs, tools: [], maxTokens: 2000 };
const request = (conversation: readonly Spoken[], maxTokens = 2000) =>
  buildRequest({ ...given, conversation, maxTokens });
const roles = (conversation: readonly Spoken[]): string =>
  request(conversation)
    .messages.map(({ role }) => role[0])
    .join('');

describe('the conversation', () => {
  it('has each reply after its message, and no later message', () => {
    const spoken = [citizen(1, 'one'), citizen(2, 'two'), reply(1, 'first'), citizen(4, 'three'), reply(2, 'second')];
    expect(inOrder(spoken, 2).map(({ text }) => text)).toEqual(['one', 'first', 'two', 'second']);
  });
});

describe('the request', () => {
  it('begins with the prompt and the facts, and lets the sides take turns', () => {
    expect(roles([citizen(1, 'one'), citizen(2, 'two'), reply(2, 'both'), citizen(3, 'three')])).toBe('suau');
    expect(request([citizen(1, 'one')]).messages[0]?.content).toContain('You are Leoma.');
  });

  it('begins with the citizen, not with an answer to what was left out', () => {
    expect(roles([reply(1, 'first'), citizen(3, 'three')])).toBe('su');
  });

  it('tells of files, never of what is in them', () => {
    const message: Spoken = { by: 'citizen', messageId: 'm', revision: 1, text: '', files: 2 };
    expect(request([message]).messages[1]?.content).toBe('[2 files came with this message]');
  });

  it('stays within its tokens, keeps the newest and says how many are left out', () => {
    const long = Array.from({ length: 60 }, (_, at) => citizen(at, `${at}: ${'they came again '.repeat(20)}`));
    const { messages } = request(long, 2000);
    expect(messages.reduce((sum, message) => sum + tokensOfMessage(message), 0)).toBeLessThanOrEqual(2000);
    expect(messages.at(-1)?.content).toContain('59: ');
    expect(messages[0]?.content).toMatch(/\d+ older messages are not shown here/u);
  });

  it('keeps both ends of a message that is too long by itself', () => {
    const { messages } = request(
      [citizen(1, `It began in March. ${'and so on '.repeat(5000)} It ended in May.`)],
      2000,
    );
    expect(messages.at(-1)?.content).toMatch(/^It began in March[\s\S]*\[…\][\s\S]*It ended in May\.$/u);
    expect(tokensOf(messages.at(-1)?.content ?? '')).toBeLessThanOrEqual(1000);
  });

  it('is the same for the same log', () => {
    const same = [citizen(1, 'one'), reply(1, 'first'), citizen(3, 'two')];
    expect(requestHashOf('m', request(same))).toBe(requestHashOf('m', request([...same])));
    expect(requestHashOf('m', request(same))).not.toBe(requestHashOf('other', request(same)));
  });

  it('counts Krio letters as more than one token', () => {
    expect(tokensOf('ɔɔɔɔ')).toBeGreaterThan(tokensOf('oooo'));
  });
});

describe('what is hidden from the model', () => {
  const identity = {
    mode: 'named',
    standing: 'complainant',
    name: 'Mariama Kamara',
    phone: '076123456',
    email: null,
    safeContact: null,
    shareNameWithInstitution: false,
  } as const;
  const state: SessionState = {
    ...initialSession,
    filing: true,
    filed: {
      complaintId: 'c',
      trackingNumber: 'OMB-7XKM-3Q2D-9HTV',
      trackingLookup: 'l',
      accessKeyHash: 'h',
      standing: 'complainant',
    },
    draft: { ...initialSession.draft, description: 'Mariama Kamara went there. Call 076 123 456.', identity },
  };
  const hide = (sharesIdentity: boolean, current = '') => createMask(state, { sharesIdentity, said: [], current });

  it('is who the citizen is, wherever it stands', () => {
    expect(hide(false)('I am mariama kamara, +232 76 123 456, m.k@example.org')).toBe('I am [name], [phone], [email]');
  });

  it('is the own tracking number, also when identity is shared', () => {
    expect(hide(true)('Mariama Kamara has OMB-7XKM-3Q2D-9HTV')).toBe('Mariama Kamara has [tracking number]');
  });

  it('is a bare name that answers the question for it', () => {
    const asked = { ...state, lastAsked: 'name', draft: initialSession.draft };
    const mask = createMask(asked, { sharesIdentity: false, said: [], current: 'Abu Sesay' });
    expect(mask('Abu Sesay')).toBe('[name]');
  });

  it('leaves years, amounts and days alone', () => {
    const text = 'In 2024 they took 500 Leones on the 12 March at 10:30.';
    expect(hide(false)(text)).toBe(text);
  });

  it('is replaced in the facts by "given"', () => {
    const facts = factsOf(state, { sharesIdentity: false, sharesFileNames: false }, hide(false));
    expect(facts).toContain('"name":"given"');
    expect(facts).not.toMatch(/Mariama|076|7XKM/u);
  });

  it('is the name of a file, unless the setting shares it', () => {
    const file = {
      evidenceId: 'e',
      name: 'letter of Mariama.pdf',
      mimeType: 'application/pdf',
      sizeBytes: 9,
      sha256: '',
    };
    const withFile = { ...state, evidence: [file] };
    const facts = (sharesFileNames: boolean) => factsOf(withFile, { sharesIdentity: false, sharesFileNames }, asIs);
    expect(facts(false)).not.toContain('letter');
    expect(facts(true)).toContain('letter');
  });
});
