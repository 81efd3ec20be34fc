import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { parseTrackingNumber, slipIn, type TrackingSlip } from '../../commands/tracking-number.js';
import { publicStatus } from '../../commands/complaint/public-status.js';
import { caseStateSchema } from '../../events/catalogue/complaint.js';
import type { TransportDeps } from '../deps.js';
import type { LookupGuard } from '../lookup-guard.js';
import { MAX_LINES, readOwnPart } from '../../projections/queries/own-part.js';
import { fail, protocolError } from '../protocol/result.js';
import { answer, type Route, type RouteRequest } from './route.js';

export type TrackRouteDeps = Pick<TransportDeps, 'queries' | 'policy' | 'accessKeys' | 'lookupOf'> & {
  readonly guard: LookupGuard;
};

const MAX_KEY_CHARS = 64;

const publicFields = {
  trackingNumber: z.string(),
  status: caseStateSchema,
  legacyStatus: z.string().describe("The predecessor's word for the status."),
  words: z.string().describe('The status in public words.'),
  lastChange: z.iso.date(),
  nextStep: z.string(),
  nextStepDue: z.iso.date().nullable(),
  citizenMustAct: z.boolean(),
};
const publicSchema = z.strictObject(publicFields);

const evidenceSchema = z.strictObject({
  evidenceId: z.string(),
  name: z.string(),
  mimeType: z.string(),
  sizeBytes: z.number().int(),
});
const lineSchema = z.strictObject({
  role: z.enum(['citizen', 'agent', 'officer', 'system']),
  text: z.string(),
  at: z.string(),
});
/** What the holder of the access key sees besides. */
const ownSchema = z.strictObject({
  ...publicFields,
  transcript: z.array(lineSchema).describe(`The conversation, at most ${MAX_LINES} lines.`),
  complete: z.boolean().describe('Whether the transcript holds all of it.'),
  evidence: z.array(evidenceSchema),
});
const trackedSchema = z.union([ownSchema, publicSchema]);

const trackRequestSchema = z.object({
  trackingNumber: z.string().max(MAX_KEY_CHARS),
  accessKey: z.string().max(MAX_KEY_CHARS).optional(),
});

const FORM = 'A tracking number looks like OMB-XXXX-XXXX-XXXX: OMB and three groups of four letters or digits.';
/** Says which kind of slip is likely; the number itself is not repeated. */
const malformed: Readonly<Record<TrackingSlip, string>> = {
  too_short: `The number is too short: something is missing. ${FORM}`,
  too_long: `The number is too long: something was written twice or does not belong to it. ${FORM}`,
  strange_symbol: `Something in the number is neither a letter nor a digit that is used in it. ${FORM}`,
  mistyped: `One letter or digit is wrong, or two changed places. Please compare it with the number that you were given. ${FORM}`,
};

/** Unknown number, wrong key and erased complaint are one answer, and take the same work (security.md row 29). */
const track = async (deps: TrackRouteDeps, address: string, given: string, accessKey: string | undefined) => {
  const trackingNumber = parseTrackingNumber(given);
  // Whether a number is well formed is no secret: the check symbol tells, on the citizen's own device too.
  if (trackingNumber === undefined)
    return fail(protocolError('tracking_malformed', { message: malformed[slipIn(given)], field: 'trackingNumber' }));
  const allowance = deps.guard.ask(address);
  if (!allowance.ok) return fail(protocolError('rate_limited', { retryAfterMs: allowance.retryAfterMs }));
  if (allowance.delayMs > 0) await delay(allowance.delayMs);
  const row = await deps.queries.trackingByLookup(deps.lookupOf(trackingNumber));
  const isOwner = accessKey !== undefined && (await deps.accessKeys.verify(accessKey, row?.accessKeyHash ?? undefined));
  const status = row === undefined ? undefined : publicStatus(row, deps.policy);
  if (row === undefined || status === undefined || (accessKey !== undefined && !isOwner)) {
    deps.guard.failed(address);
    return fail(protocolError('tracking_unknown'));
  }
  const { legacyStatus, words, lastChange, nextStep, nextStepDue, citizenMustAct } = status;
  return answer(200, {
    ...{
      trackingNumber,
      status: status.status,
      legacyStatus,
      words,
      lastChange,
      nextStep,
      nextStepDue,
      citizenMustAct,
    },
    ...(isOwner ? await readOwnPart(deps.queries, row.sessionId) : {}),
  });
};

const problems = ['tracking_malformed', 'tracking_unknown', 'rate_limited'] as const;
const responses = {
  200: { description: 'What the number shows; with the access key, what its owner may see.', schema: trackedSchema },
};

/** Following a complaint by its number. The access key travels in a header or a body, never in a URL. */
export const trackRoutes = (deps: TrackRouteDeps): readonly Route[] => [
  {
    method: 'get',
    path: '/api/track/:trackingNumber',
    operationId: 'trackComplaint',
    summary: 'Status of a complaint',
    params: { trackingNumber: { schema: z.string(), description: 'In any spelling.' } },
    headers: {
      'X-Access-Key': { schema: z.string().optional(), description: 'Shows the conversation and the evidence too.' },
    },
    responses,
    problems,
    answer: (request: RouteRequest<unknown>) =>
      track(
        deps,
        request.address,
        request.params['trackingNumber'] ?? '',
        request.header('x-access-key')?.slice(0, MAX_KEY_CHARS),
      ),
  },
  {
    method: 'post',
    path: '/api/track',
    operationId: 'trackComplaintByForm',
    summary: 'Status of a complaint, for clients that rather send a body',
    body: { schema: trackRequestSchema, required: true, carriesFiles: false },
    responses,
    problems: [...problems, 'bad_request', 'origin_rejected'],
    answer: (request: RouteRequest<unknown>) => {
      const body = trackRequestSchema.safeParse(request.body);
      if (!body.success) return Promise.resolve(fail(protocolError('bad_request')));
      return track(deps, request.address, body.data.trackingNumber, body.data.accessKey);
    },
  },
];
