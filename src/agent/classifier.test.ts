import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadTaxonomy } from '../commands/taxonomy/taxonomy.js';
import { createClassifier, stem } from './classifier.js';

const taxonomy = loadTaxonomy();
const classifier = createClassifier(taxonomy);
const labelled = JSON.parse(
  readFileSync(new URL('../../test/fixtures/labelled-complaints.json', import.meta.url), 'utf8'),
) as { text: string; category: string }[];
const statements = readFileSync(new URL('../../samples/civic-statements.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((row) => (JSON.parse(row) as { text: string }).text);

describe('the classifier', () => {
  it.each([
    ['The police at Lumley asked me for money before they took my statement.', 'corruption_bribery', 'police'],
    [
      'I have not been paid my salary for nine months at the Ministry of Education',
      'unpaid_salary_benefits',
      'ministry_education',
    ],
    ['They sacked me without a hearing', 'wrongful_dismissal', null],
    ['My pension from NASSIT was never paid', 'unpaid_salary_benefits', 'nassit'],
    ['Dɛn nɔ pe mi salari', 'unpaid_salary_benefits', null],
    ['no light for 3 weeks from EDSA', 'poor_service', 'edsa'],
    ['He threatened me and told me to keep quiet', 'harassment_intimidation', null],
  ])('reads "%s"', (text, category, institution) => {
    expect(classifier.classify(text)).toMatchObject({ category, institution });
  });

  it('says nothing about a text without any word of the taxonomy', () => {
    expect(classifier.classify('More creative learning')).toEqual({
      category: null,
      institution: null,
      confidence: 0,
      runnerUp: null,
      ranked: [],
    });
  });

  it('is surer with more evidence for the same category', () => {
    const one = classifier.classify('corruption');
    const two = classifier.classify('corruption, a bribe under the table');
    expect(two.confidence).toBeGreaterThan(one.confidence);
  });

  it('is unsure when two categories fit alike', () => {
    const { confidence, runnerUp } = classifier.classify('corruption and land');
    expect(runnerUp).not.toBeNull();
    expect(confidence).toBeLessThan(0.5);
  });

  it.each([
    'The clinic in my town refused to treat my child without a bribe',
    'The nurse refused to help unless I paid a bribe',
  ])('takes the telling word over the general one, surely enough to propose it: "%s"', (text) => {
    const { category, confidence } = classifier.classify(text);
    expect(category).toBe('corruption_bribery');
    expect(confidence).toBeGreaterThanOrEqual(0.5);
  });

  // Written and labelled by the team while the weights were chosen: a guard against going back, no measure of truth.
  // Without weights 36 of 41 agreed, 32 were proposed rightly and 4 wrongly.
  it('agrees with 39 of 41 labelled complaints, and proposes one wrongly', () => {
    const sure = labelled.map(({ text, category }) => ({ wanted: category, ...classifier.classify(text) }));
    expect(sure.filter(({ wanted, category }) => wanted === category).length).toBeGreaterThanOrEqual(39);
    const proposed = sure.filter(({ confidence }) => confidence >= 0.5);
    expect(proposed.filter(({ wanted, category }) => wanted === category).length).toBeGreaterThanOrEqual(36);
    expect(proposed.filter(({ wanted, category }) => wanted !== category).length).toBeLessThanOrEqual(1);
  });

  it('finds a phrase with small words in between', () => {
    expect(classifier.classify('he asked us for the money').category).toBe('corruption_bribery');
  });

  it('does not take a house for the ministry of housing', () => {
    expect(classifier.classify('my landlord threw me out of my house').institution).toBeNull();
  });

  it.each([
    ['the police', { institution: 'police' }],
    ['Ministry of Health', { institution: 'ministry_health' }],
    ['Corruption and bribery', { category: 'corruption_bribery' }],
    ['something else', {}],
  ])('knows what "%s" names', (text, expected) => {
    expect(classifier.named(text)).toEqual(expected);
  });

  it('gives every statement of the sample a stable answer with a confidence below 1', () => {
    const codes = new Set(taxonomy.categories.map(({ code }) => code));
    for (const text of statements) {
      const first = classifier.classify(text);
      expect(classifier.classify(text)).toEqual(first);
      expect(first.confidence).toBeGreaterThanOrEqual(0);
      expect(first.confidence).toBeLessThan(1);
      expect(first.category === null || codes.has(first.category)).toBe(true);
      expect(first.category === null).toBe(first.confidence === 0);
    }
  });

  it('is sure about fewer than half of the statements, which were not written about public offices here', () => {
    const sure = statements.filter((text) => classifier.classify(text).confidence >= 0.5).length;
    expect(sure / statements.length).toBeGreaterThan(0.1);
    expect(sure / statements.length).toBeLessThan(0.5);
  });

  it.each([
    ['bribes', 'bribed'],
    ['salary', 'salaries'],
    ['delayed', 'delays'],
    ['stopped', 'stop'],
  ])('joins %s and %s', (one, other) => {
    expect(stem(one)).toBe(stem(other));
  });
});
