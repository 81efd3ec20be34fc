import type { z } from 'zod';
import { isDatabaseAway } from '../../../platform/database-away.js';
import type { Outcome } from '../../../projections/queries/administration.js';
import { fail, ok, protocolError } from '../../protocol/result.js';
import { adminOnly } from '../admin-access.js';
import { answer, type Route, type RouteRequest } from '../route.js';
import { refusedSchema } from './schemas.js';

/** Nobody measures finer than this; a rate of 70210.8361774744 only looks as if. */
const DECIMALS = 1000;

const shown = (value: unknown): unknown => {
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'number' ? Math.round(value * DECIMALS) / DECIMALS : value;
};

/** Positions as decimal strings, rates and times with three decimals at most. */
export const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_key, each: unknown) => shown(each)));

/** An error that says the database does not answer. */
const noAnswer = (): Error => Object.assign(new Error('No answer in time'), { code: 'ETIMEDOUT' });

/**
 * What a look-up gives, if it does so in time: it is tried again for longer than anybody who watches an outage can wait.
 * @throws what `isDatabaseAway` knows, when the time is over
 */
export const soon = async <T>(work: Promise<T>, patienceMs: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => (timer = setTimeout(() => reject(noAnswer()), patienceMs)));
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Not done, and why. */
export const refused = (status: number, code: string, message: string) => answer(status, { ok: false, code, message });

/** For the description of every route that asks the database. */
export const awayResponse = { 503: { description: 'The database does not answer.', schema: refusedSchema } };

const BEFORE_ORDERS = ' See how everything stands before you order it again.';

/** Answers to the office only, and with a code of its own while the database is away: that is when the office looks here. */
export const officeOnly = (token: string, work: Route['answer'], next = BEFORE_ORDERS): Route['answer'] =>
  adminOnly(token, async (request) => {
    try {
      return await work(request);
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      return refused(503, 'database_unreachable', `The database does not answer.${next}`);
    }
  });

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
