import { describe, expect, it } from 'vitest';
import { isCategory, isInstitution, isReferralTarget, loadTaxonomy, taxonomySchema } from './taxonomy.js';

describe('the taxonomy', () => {
  const taxonomy = loadTaxonomy();

  it('is the current version by default and says which one it is', () => {
    expect(taxonomy.version).toBe('v1');
    expect(taxonomy).toEqual(loadTaxonomy('v1'));
  });

  it('holds the original nine categories, the five of the real docket, and "other"', () => {
    expect(taxonomy.categories).toHaveLength(15);
    expect(isCategory(taxonomy, 'unpaid_salary_benefits')).toBe(true);
    expect(isCategory(taxonomy, 'no_such_thing')).toBe(false);
  });

  it('holds the original institutions and the added ones', () => {
    expect(taxonomy.institutions).toHaveLength(16);
    for (const added of ['nassit', 'ministry_lands', 'armed_forces', 'ministry_labour', 'university', 'edsa'])
      expect(isInstitution(taxonomy, added)).toBe(true);
  });

  it('gives corruption a referral hint', () => {
    expect(taxonomy.categories.find((category) => category.code === 'corruption_bribery')?.referral).toEqual(['acc']);
    expect(isReferralTarget(taxonomy, 'acc')).toBe(true);
  });

  it('explains courts, private companies and foreign governments as outside the mandate', () => {
    expect(taxonomy.outOfMandate.map((entry) => entry.code)).toEqual([
      'courts',
      'private_company',
      'foreign_government',
    ]);
  });

  it('marks Krio as awaiting a native reviewer', () => {
    expect(taxonomy.reviewed).toEqual({ en: true, kri: false });
  });

  it('refuses a file with a code twice', () => {
    const twice = { ...taxonomy, categories: [...taxonomy.categories, taxonomy.categories[0]] };
    expect(taxonomySchema.safeParse(twice).success).toBe(false);
  });

  it('refuses a referral to an unknown target', () => {
    expect(taxonomySchema.safeParse({ ...taxonomy, referralTargets: [] }).success).toBe(false);
  });

  it('does not read a version that is no version', () => {
    expect(() => loadTaxonomy('../../secret')).toThrow('looks like v1');
  });
});
