import type { z } from 'zod';
import type { Outcome } from '../../../projections/queries/administration.js';
import { fail, ok, protocolError } from '../../protocol/result.js';
import { answer, type RouteRequest } from '../route.js';

/** Positions as decimal strings. */
export const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? each.toString() : each)));

/** Not done, and why. */
export const refused = (status: number, code: string, message: string) => answer(status, { ok: false, code, message });

/** What became of an order. */
export const outcomeAnswer = (outcome: Outcome) => {
  if (outcome.ok) return answer(200, { ok: true, message: outcome.message });
  const status = outcome.code === 'unknown_projection' ? 404 : outcome.code === 'reason_needed' ? 400 : 409;
  return refused(status, outcome.code, outcome.message);
};

/** The body in its form; one that may be left out reads as `{}`. */
export const bodyOf = <T>(schema: z.ZodType<T>, { body }: RouteRequest<unknown>) => {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return ok(parsed.data);
  const field = parsed.error.issues[0]?.path.join('.');
  return fail(protocolError('bad_request', field === undefined || field === '' ? {} : { field }));
};
