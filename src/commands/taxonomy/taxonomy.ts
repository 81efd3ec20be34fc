import { readFileSync } from 'node:fs';
import { z } from 'zod';

// Categories, institutions and referral targets are data, versioned and localised (domain.md section 5). A version that was
// used is never changed: sessions name the version that they used. A new one is a new file beside the old.

const code = z.string().regex(/^[a-z][a-z0-9_]{1,48}$/);
/** Krio labels await a native reviewer (`reviewed: false` in the file). */
const label = z.object({ en: z.string().min(1), kri: z.string().min(1) });

const categorySchema = z.object({
  code,
  label,
  /** Single words and phrases of a lexical classifier, English and Krio. */
  words: z.array(z.string().min(1)),
  phrases: z.array(z.string().min(1)),
  /** How much single words tell, where it is more or less than usual (1): a bribe tells more than a refusal. */
  weights: z.record(z.string().min(1), z.number().positive().max(5)).default({}),
  /** Where such a matter may (also) belong; codes of `referralTargets`. */
  referral: z.array(code),
});

const institutionSchema = z.object({ code, label, aliases: z.array(z.string().min(1)) });

const referralTargetSchema = z.object({
  code,
  label,
  /** How to reach it, in words; no number is given that the office has not confirmed. */
  contact: label,
});

const outOfMandateSchema = z.object({
  code,
  label,
  words: z.array(z.string().min(1)),
  phrases: z.array(z.string().min(1)),
  /** Why the office cannot take it up, in one sentence. */
  explanation: label,
  referral: z.array(code),
});

export const taxonomySchema = z
  .object({
    version: z.string().min(1),
    reviewed: z.object({ en: z.boolean(), kri: z.boolean() }),
    categories: z.array(categorySchema).min(1),
    institutions: z.array(institutionSchema).min(1),
    referralTargets: z.array(referralTargetSchema),
    outOfMandate: z.array(outOfMandateSchema),
    offices: z.array(z.object({ code, label })),
  })
  .superRefine((taxonomy, context) => {
    for (const list of ['categories', 'institutions', 'referralTargets', 'outOfMandate', 'offices'] as const) {
      const codes = taxonomy[list].map((entry) => entry.code);
      if (new Set(codes).size !== codes.length) context.addIssue(`A code occurs twice in ${list}`);
    }
    const targets = new Set(taxonomy.referralTargets.map((target) => target.code));
    for (const entry of [...taxonomy.categories, ...taxonomy.outOfMandate]) {
      for (const target of entry.referral)
        if (!targets.has(target)) context.addIssue(`${entry.code} refers to the unknown target ${target}`);
    }
  });

export type Taxonomy = Readonly<z.infer<typeof taxonomySchema>>;

/** The version that new conversations use. */
export const CURRENT_TAXONOMY = 'v1';

/**
 * Reads one version of the taxonomy from its file beside this module.
 * @throws when there is no such version, or when its file does not fit the schema
 */
export const loadTaxonomy = (version: string = CURRENT_TAXONOMY): Taxonomy => {
  if (!/^v\d+$/.test(version)) throw new Error('A taxonomy version looks like v1');
  const text = readFileSync(new URL(`./taxonomy.${version}.json`, import.meta.url), 'utf8');
  return taxonomySchema.parse(JSON.parse(text));
};

export const isCategory = (taxonomy: Taxonomy, categoryCode: string): boolean =>
  taxonomy.categories.some((entry) => entry.code === categoryCode);
export const isInstitution = (taxonomy: Taxonomy, institutionCode: string): boolean =>
  taxonomy.institutions.some((entry) => entry.code === institutionCode);
export const isReferralTarget = (taxonomy: Taxonomy, targetCode: string): boolean =>
  taxonomy.referralTargets.some((entry) => entry.code === targetCode);
