import type { Policies } from '../../commands/policies/policies.js';
import type { Taxonomy } from '../../commands/taxonomy/taxonomy.js';
import { createClassifier, type Classifier } from '../classifier.js';
import { createMandateTest, type MandateTest } from './mandate.js';
import type { TextPacks } from '../texts/packs.js';

/** Settings of the guided assistant; all have defaults. */
export interface GuidedSettings {
  /** Confidence (0 to 1) from which a category is proposed; below it the citizen is asked. */
  readonly proposeAt: number;
  /** A description of fewer words is accepted, but more is asked for once. */
  readonly shortDescriptionWords: number;
  /** Characters of the description that the check-answers card shows. */
  readonly cardDescriptionChars: number;
}

export const defaultGuidedSettings: GuidedSettings = {
  proposeAt: 0.5,
  shortDescriptionWords: 4,
  cardDescriptionChars: 1500,
};

/** What the assistant knows besides the conversation: data, the same for everybody. */
export interface Knowledge {
  readonly taxonomy: Taxonomy;
  readonly texts: TextPacks;
  readonly saysYes: Policies['saysYes'];
  readonly classifier: Classifier;
  readonly mandate: MandateTest;
  readonly settings: GuidedSettings;
}

/** Prepares the indexes over the taxonomy once. */
export const createKnowledge = (given: {
  readonly taxonomy: Taxonomy;
  readonly texts: TextPacks;
  readonly saysYes: Policies['saysYes'];
  readonly settings?: Partial<GuidedSettings>;
}): Knowledge => ({
  taxonomy: given.taxonomy,
  texts: given.texts,
  saysYes: given.saysYes,
  classifier: createClassifier(given.taxonomy),
  mandate: createMandateTest(given.taxonomy),
  settings: { ...defaultGuidedSettings, ...given.settings },
});
