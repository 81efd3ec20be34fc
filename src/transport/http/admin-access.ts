import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { fail, protocolError } from '../protocol/result.js';
import { bearerOf, type Route } from './route.js';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The header of every route of the office. */
export const adminHeader = {
  Authorization: { schema: z.string(), description: '`Bearer <ADMIN_TOKEN>`.' },
} as const;

/** Lets a route answer only to who has the token. Takes as long for a wrong token as for the right one. */
export const adminOnly =
  (token: string, answer: Route['answer']): Route['answer'] =>
  (request) =>
    timingSafeEqual(digest(bearerOf(request) ?? ''), digest(token))
      ? answer(request)
      : Promise.resolve(fail(protocolError('unauthorized', { message: 'The token of the office is needed.' })));
