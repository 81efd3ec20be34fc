import type { Response } from 'express';
import { problemOf } from '../problem.js';
import type { ProtocolError } from '../protocol/result.js';

/** The request's correlation id. */
export const refOf = (response: Response): string => String(response.getHeader('X-Request-Id') ?? '');

/** Answers with an error of the protocol's table. */
export const sendProblem = (response: Response, error: ProtocolError): void => {
  const problem = problemOf(error, refOf(response));
  if (error.retryAfterMs !== undefined) response.setHeader('Retry-After', String(Math.ceil(error.retryAfterMs / 1000)));
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
};
