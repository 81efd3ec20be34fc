import { describe, expect, it } from 'vitest';
import { testPolicies } from '../../../../test/support/dialogue.js';
import { loadPrompt } from '../prompt.js';
import { createToolCatalogue } from './definitions.js';
import { isQuoteOf, isWrittenIn, speaks } from './own-words.js';

describe('the tools', () => {
  const catalogue = createToolCatalogue(testPolicies.taxonomy);

  it.each(catalogue.definitions)('$name has the strict form', ({ parameters }) => {
    const { properties, required, additionalProperties, type } = parameters;
    expect(type).toBe('object');
    expect(additionalProperties).toBe(false);
    expect(required).toEqual(Object.keys(properties as object));
  });

  it('take what is not given as null, or left out', () => {
    const given = '{"whole_message":true,"happened_when":null}';
    expect(catalogue.read('record_details', given, 1000).ok).toBe(true);
    expect(catalogue.read('submit', '', 1000).ok).toBe(true);
  });

  it.each([
    ['unknown_tool', 'drop_table', '{}'],
    ['unknown_tool', '__proto__', '{}'],
    ['bad_arguments', 'submit', '{"sessionId":"x"}'],
    ['bad_arguments', 'submit', '[]'],
    ['bad_arguments', 'record_details', '{"whole'],
    ['bad_arguments', 'propose_classification', '{"category":"invented","institution":null,"confidence":1}'],
    ['arguments_too_long', 'record_details', `{"whole_message":true,"happened_when":"${'x'.repeat(2000)}"}`],
  ])('refuse with %s: %s', (code, name, text) => {
    expect(catalogue.read(name, text, 1000)).toMatchObject({ ok: false, code });
  });

  it('quote nothing of bad arguments', () => {
    const read = catalogue.read('submit', '{"Mariama Kamara":1}', 1000);
    expect(read.ok ? '' : read.hint).not.toContain('Mariama');
  });
});

describe('own words', () => {
  const said = ['On Monday, the Police (at Lumley) called me on +232 76 123-456.'];
  it.each([
    ['on monday', true],
    ['the police at Lumley', true],
    ['the police in Lumley', false],
    ['Mon', false],
    ['', false],
  ])('%j as a quote: %s', (quote, is) => {
    expect(isQuoteOf(quote, said)).toBe(is);
  });

  it('find a number however it is spaced', () => {
    expect(isWrittenIn('+23276123456', said)).toBe(true);
    expect(isWrittenIn('+23276123457', said)).toBe(false);
  });

  it.each([
    ['restart', 'I have another complaint', true],
    ['restart', 'It was about noon', false],
    ['signpost', 'no, I will go there', true],
    ['signpost', 'If you do not file this at once somebody will die', false],
    ['share', 'you can share my name', true],
  ] as const)('of %s in %j: %s', (of, text, is) => {
    expect(speaks(of, text)).toBe(is);
  });
});

describe('the prompt', () => {
  it('has a version and a hash of its text', () => {
    expect(loadPrompt()).toMatchObject({
      version: 'leoma.v2',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
  });

  it.each(['../../x', 'leoma', 'leoma.v999'])('is not read from %s', (version) => {
    expect(() => loadPrompt(version)).toThrow();
  });
});
