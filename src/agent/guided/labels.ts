import type { Language } from '../../events/catalogue/session.js';
import type { Taxonomy } from '../../commands/taxonomy/taxonomy.js';
import type { Value } from './plan.js';

type Label = Readonly<Record<Language, string>>;
const unknown: Label = { en: '', kri: '' };

export const categoryLabel = (taxonomy: Taxonomy, code: string): Value =>
  taxonomy.categories.find((entry) => entry.code === code)?.label ?? unknown;

export const institutionLabel = (taxonomy: Taxonomy, code: string): Value =>
  taxonomy.institutions.find((entry) => entry.code === code)?.label ?? unknown;

const joined = (labels: readonly Label[], between: string): Label => ({
  en: labels.map((label) => label.en).join(between),
  kri: labels.map((label) => label.kri).join(between),
});

/** Places to go to, each with how to reach it. */
export const referralLabels = (taxonomy: Taxonomy, codes: readonly string[]): Value =>
  joined(
    codes
      .flatMap((code) => taxonomy.referralTargets.filter((target) => target.code === code))
      .map(({ label, contact }) => ({
        en: `${label.en} (${sentence(contact.en)})`,
        kri: `${label.kri} (${sentence(contact.kri)})`,
      })),
    '; ',
  );

/** Only the names of the places. */
export const referralNames = (taxonomy: Taxonomy, codes: readonly string[]): Value =>
  joined(
    codes
      .flatMap((code) => taxonomy.referralTargets.filter((target) => target.code === code))
      .map(({ label }) => label),
    ', ',
  );

export const officeLabels = (taxonomy: Taxonomy): Value =>
  joined(
    taxonomy.offices.map(({ label }) => label),
    ', ',
  );

const sentence = (text: string): string => text.replace(/\.$/u, '');
