import type { z } from 'zod';

/**
 * What is wrong with a value, or null. Keys that the schema does not know are not wrong: a newer server may add some
 * (PROTOCOL.md, section "Versions").
 */
export const wrongnessOf = (schema: z.ZodType, value: unknown): string | null => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return null;
  const issue = parsed.error.issues.find(({ code }) => code !== 'unrecognized_keys');
  return issue === undefined ? null : `${issue.path.join('.') || 'the frame'}: ${issue.message}`;
};
