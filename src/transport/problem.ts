import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { errorCodeList, errorDefinitions } from './protocol/codes.js';
import type { ProtocolError } from './protocol/result.js';

/** RFC 9457, with a stable `code`, and `error` as a string for clients of the predecessor. */
export const problemSchema = z.strictObject({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().describe('For a person, in plain English.'),
  code: z.enum(errorCodeList as [string, ...string[]]).describe('Stable; see PROTOCOL.md.'),
  error: z.string().describe('The same as `detail`.'),
  retryable: z.boolean().describe('Whether the same request can succeed later.'),
  retryAfterMs: z.number().int().optional(),
  field: z.string().optional().describe('The part of the request that is wrong.'),
  ref: z.string().optional().describe('Correlation id; tell it when you ask for help.'),
});
export type Problem = z.infer<typeof problemSchema>;

/** An error of the protocol's table as an HTTP problem. `ref` is the request's correlation id. */
export const problemOf = (error: ProtocolError, ref?: string): Problem => {
  const { http: status, retryable } = errorDefinitions[error.code];
  const reference = error.ref ?? ref;
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: error.message,
    code: error.code,
    error: error.message,
    retryable,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    ...(error.field === undefined ? {} : { field: error.field }),
    ...(reference === undefined ? {} : { ref: reference }),
  };
};
