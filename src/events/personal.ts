import { z } from 'zod';

/**
 * Classes of personal data. Each subject (a session and the complaint that grows out of it) has one key per class, so that
 * a class can be forgotten alone (docs/events.md; domain.md section 7 "Retention, erasure, hold").
 *  - content: what the citizen wrote, what was answered, details of the complaint
 *  - identity: name, phone, e-mail, ways to reach the citizen
 *  - evidence: names of files
 *  - handover: secrets that are shown to the citizen and then forgotten (the access key)
 */
export const personalClasses = ['content', 'identity', 'evidence', 'handover'] as const;
export type PersonalClass = (typeof personalClasses)[number];

/** What a personal field reads as once its key has been destroyed. */
export const ERASED = '[erased]';

const registry = z.registry<{ personal: PersonalClass }>();

/** Marks a string field as personal: it leaves the process only sealed under the subject's key of that class. */
export const personal = (of: PersonalClass, schema: z.ZodString = z.string()): z.ZodString => {
  const marked = schema.meta({ ...schema.meta() });
  registry.add(marked, { personal: of });
  return marked;
};

/** The class of a marked schema, or undefined. */
export const personalClassOf = (schema: z.core.$ZodType): PersonalClass | undefined => registry.get(schema)?.personal;
