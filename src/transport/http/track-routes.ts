import { z } from 'zod';
import { readOpenQuestion } from '../../commands/complaint/open-question.js';
import type { PublicStatus } from '../../commands/complaint/public-status.js';
import { languageSchema, type Language } from '../../events/catalogue/session.js';
import { caseStateSchema } from '../../events/catalogue/complaint.js';
import type { TransportDeps } from '../deps.js';
import { MAX_LINES, readOwnPart } from '../../projections/queries/own-part.js';
import { fail, protocolError } from '../protocol/result.js';
import { filedSchema, readFiledPart } from './filed-part.js';
import { accessKeyOf, admitByNumber, MAX_KEY_CHARS, type TrackAccessDeps } from './track-access.js';
import { afterParameter, readAfterProblems, waitForAfter, type ReadAfterDeps } from './read-after.js';
import { answer, type Route, type RouteRequest } from './route.js';

export type TrackRouteDeps = TrackAccessDeps & Pick<TransportDeps, 'log'>;

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
export const publicSchema = z.strictObject(publicFields);

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
  listsAnswers: z.boolean().describe('It lists the answers as they were then; what was filed is in `filed`.'),
});
/** What the holder of the access key sees besides. */
const ownSchema = z.strictObject({
  ...publicFields,
  filed: filedSchema.nullable().describe('The complaint as it was filed.'),
  transcript: z.array(lineSchema).describe(`The conversation, at most ${MAX_LINES} lines.`),
  question: z.string().nullable().describe('What the office asks the citizen now; null when it asks nothing.'),
  complete: z.boolean().describe('Whether the transcript holds all of it.'),
  evidence: z.array(evidenceSchema),
});
const trackedSchema = z.union([ownSchema, publicSchema]);

const trackRequestSchema = z.object({
  trackingNumber: z.string().max(MAX_KEY_CHARS),
  accessKey: z.string().max(MAX_KEY_CHARS).optional(),
  language: languageSchema.optional().catch(undefined).describe('Of the words in the answer; default `en`.'),
});

/** What the number alone shows. */
export const publicPart = (
  trackingNumber: string,
  { status, legacyStatus, words, lastChange, nextStep, nextStepDue, citizenMustAct }: PublicStatus,
) => ({ trackingNumber, status, legacyStatus, words, lastChange, nextStep, nextStepDue, citizenMustAct });

export interface TrackRequest {
  readonly trackingNumber: string;
  readonly accessKey?: string | undefined;
  readonly language?: Language | undefined;
}

/** How the complaint stands, and its own words for whoever gives the key. */
export const track = async (deps: TrackRouteDeps, address: string, asked: TrackRequest) => {
  const admitted = await admitByNumber(deps, address, asked.trackingNumber, asked.accessKey, asked.language);
  if (!admitted.ok) return admitted;
  const { trackingNumber, row, status, isOwner } = admitted.value;
  const shown = publicPart(trackingNumber, status);
  if (!isOwner) return answer(200, shown);
  const [{ answers: _inTranscript, transcript: lines, ...own }, { filed, lists }, question] = await Promise.all([
    readOwnPart(deps, row),
    readFiledPart(deps, row),
    readOpenQuestion(deps.log, row.complaintId),
  ]);
  // A message of files alone has no words to show; the files are listed.
  const transcript = lines
    .filter(({ text }) => text !== '')
    .map(({ messageId = '', ...line }) => ({ ...line, listsAnswers: lists.has(messageId) }));
  return answer(200, { ...shown, filed, transcript, ...own, question });
};

export const trackProblems = ['tracking_malformed', 'tracking_unknown', 'rate_limited'] as const;
const responses = {
  200: { description: 'What the number shows; with the access key, what its owner may see.', schema: trackedSchema },
};

const trackAfter = async (
  deps: TrackRouteDeps & ReadAfterDeps,
  request: RouteRequest<unknown>,
  asked: TrackRequest,
) => {
  const waited = await waitForAfter(deps, request, 'tracking');
  return waited.ok ? track(deps, request.address, asked) : waited;
};

/** Following a complaint by its number. The access key travels in a header or a body, never in a URL. */
export const trackRoutes = (deps: TrackRouteDeps & ReadAfterDeps): readonly Route[] => [
  {
    method: 'get',
    path: '/api/track/:trackingNumber',
    operationId: 'trackComplaint',
    summary: 'Status of a complaint',
    params: { trackingNumber: { schema: z.string(), description: 'In any spelling.' } },
    query: afterParameter,
    headers: {
      'X-Access-Key': { schema: z.string().optional(), description: 'Shows the conversation and the evidence too.' },
    },
    responses,
    problems: [...trackProblems, ...readAfterProblems],
    answer: (request: RouteRequest<unknown>) =>
      trackAfter(deps, request, {
        trackingNumber: request.params['trackingNumber'] ?? '',
        accessKey: accessKeyOf(request),
      }),
  },
  {
    method: 'post',
    path: '/api/track',
    operationId: 'trackComplaintByForm',
    summary: 'Status of a complaint, for clients that rather send a body',
    query: afterParameter,
    body: { schema: trackRequestSchema, required: true, carriesFiles: false },
    responses,
    problems: [...trackProblems, ...readAfterProblems, 'bad_request', 'origin_rejected'],
    answer: (request: RouteRequest<unknown>) => {
      const body = trackRequestSchema.safeParse(request.body);
      if (!body.success) return Promise.resolve(fail(protocolError('bad_request')));
      return trackAfter(deps, request, body.data);
    },
  },
];
