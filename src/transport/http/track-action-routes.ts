import { z } from 'zod';
import type { ComplaintCommand } from '../../commands/complaint/commands.js';
import { publicStatus } from '../../commands/complaint/public-status.js';
import { recordedForms } from '../../commands/complaint/state.js';
import { isSubjectErased } from '../../events/errors.js';
import { deterministicId, newId } from '../../platform/ids.js';
import type { TransportDeps } from '../deps.js';
import { refusalToError } from '../protocol/codes.js';
import { fail, protocolError } from '../protocol/result.js';
import { positionHeader } from './read-after.js';
import { answer, type Route, type RouteRequest } from './route.js';
import { accessKeyOf, admitByNumber, MAX_KEY_CHARS, type TrackAccessDeps } from './track-access.js';
import { publicPart, publicSchema, trackProblems } from './track-routes.js';

export type TrackActionDeps = TrackAccessDeps & Pick<TransportDeps, 'cases' | 'policy'>;

const MAX_ID_CHARS = 64;
const idSchema = z
  .string()
  .min(1)
  .max(MAX_ID_CHARS)
  .optional()
  .describe("The client's own id of the request: sent again with the same one it changes nothing.");
const wordsSchema = z.object({ text: z.string().describe('In the citizen’s own words.'), id: idSchema });
/** For pages: neither number nor key may stand in an address there, where a history would keep it. */
const formSchema = wordsSchema.extend({
  trackingNumber: z.string().max(MAX_KEY_CHARS),
  accessKey: z.string().max(MAX_KEY_CHARS),
});
const plainSchema = z.object({ id: idSchema }).optional();

type Command = Extract<ComplaintCommand, { type: 'AnswerAsCitizen' | 'DisputeClosure' | 'WithdrawCase' }>;

/** Who says that a complaint is theirs. */
export interface Owner {
  readonly address: string;
  readonly trackingNumber: string;
  readonly accessKey: string;
}

const ownerOf = (request: RouteRequest<unknown>): Owner => ({
  address: request.address,
  trackingNumber: request.params['trackingNumber'] ?? '',
  // Without a key it is a wrong key: the number alone may do nothing.
  accessKey: accessKeyOf(request) ?? '',
});

const byOwner = async (deps: TrackActionDeps, owner: Owner, id: string | undefined, command: Command) => {
  const admitted = await admitByNumber(deps, owner.address, owner.trackingNumber, owner.accessKey);
  if (!admitted.ok) return admitted;
  const { trackingNumber, row } = admitted.value;
  const { complaintId } = row;
  const requestId = id === undefined ? newId() : deterministicId(`http/${command.type}/${id}`, complaintId);
  try {
    const outcome = await deps.cases.handle(complaintId, { ...command, requestId }, { actor: { kind: 'citizen' } });
    if (!outcome.ok) {
      const { code, message } = outcome.refusal;
      return fail(protocolError(refusalToError[code], { message }));
    }
  } catch (error) {
    // Erased a moment ago, which the read model does not show yet.
    if (isSubjectErased(error)) return fail(protocolError('tracking_unknown'));
    throw error;
  }
  const { state, position } = await deps.cases.loadCase(complaintId);
  const shown = publicPart(trackingNumber, publicStatus(state, deps.policy) ?? admitted.value.status);
  // Not found: withdrawn once more, under another id; it was a withdrawal all the same.
  const recordedAs = state.handled.find((one) => one.id === requestId)?.as ?? 'withdrawal';
  return answer(200, { ...shown, recordedAs }, positionHeader(position));
};

/** The answer to the office's question, by whoever holds number and key. @param id sent again with it, it is recorded once */
export const answerOffice = (
  deps: TrackActionDeps,
  owner: Owner,
  { text, id }: { readonly text: string; readonly id: string | undefined },
) => byOwner(deps, owner, id, { type: 'AnswerAsCitizen', text, evidenceIds: [] });

const recordedSchema = publicSchema.extend({
  recordedAs: z
    .enum(recordedForms)
    .describe(
      'What it became. `addition`: the office had asked nothing, or not any more; it is in the file all the same.',
    ),
});
const responses = { 200: { description: 'Recorded. Where the complaint stands now.', schema: recordedSchema } };
const problems = [
  ...trackProblems,
  ...(['bad_request', 'message_empty', 'message_too_long', 'conflict', 'origin_rejected'] as const),
];

const route = (
  action: 'answer' | 'dispute' | 'withdraw',
  summary: string,
  body: NonNullable<Route['body']>,
  handle: Route['answer'],
): Route => ({
  method: 'post',
  path: `/api/track/:trackingNumber/${action}`,
  operationId: `${action}Complaint`,
  summary,
  params: { trackingNumber: { schema: z.string(), description: 'In any spelling.' } },
  headers: { 'X-Access-Key': { schema: z.string(), description: 'The access key of the complaint.' } },
  body,
  responses,
  problems,
  answer: handle,
});

/** What the holder of number and access key may do without a chat: answer the office, dispute a closure, withdraw. */
export const trackActionRoutes = (deps: TrackActionDeps): readonly Route[] => {
  const withWords =
    (command: (text: string) => Command): Route['answer'] =>
    (request) => {
      const body = wordsSchema.safeParse(request.body);
      if (!body.success) return Promise.resolve(fail(protocolError('bad_request')));
      return byOwner(deps, ownerOf(request), body.data.id, command(body.data.text));
    };
  const words = { schema: wordsSchema, required: true, carriesFiles: false };
  return [
    route(
      'answer',
      'Answer the question of the office',
      words,
      withWords((text) => ({ type: 'AnswerAsCitizen', text, evidenceIds: [] })),
    ),
    {
      method: 'post',
      path: '/api/track/answer',
      operationId: 'answerComplaintByForm',
      summary: 'Answer the question of the office, for clients that rather send everything in the body',
      body: { schema: formSchema, required: true, carriesFiles: false },
      responses,
      problems,
      answer: (request) => {
        const body = formSchema.safeParse(request.body);
        if (!body.success) return Promise.resolve(fail(protocolError('bad_request')));
        const { trackingNumber, accessKey, text, id } = body.data;
        const owner = { address: request.address, trackingNumber, accessKey };
        return answerOffice(deps, owner, { text, id });
      },
    },
    route(
      'dispute',
      'Say that one does not agree with a closure',
      words,
      withWords((text) => ({ type: 'DisputeClosure', text })),
    ),
    route(
      'withdraw',
      'Withdraw an open complaint',
      { schema: plainSchema, required: false, carriesFiles: false },
      (request) => {
        const body = plainSchema.safeParse(request.body);
        if (!body.success) return Promise.resolve(fail(protocolError('bad_request')));
        return byOwner(deps, ownerOf(request), body.data?.id, { type: 'WithdrawCase' });
      },
    ),
  ];
};
