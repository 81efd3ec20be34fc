import { z } from 'zod';
import type { Outcome, ProjectionAdmin } from '../../../projections/queries/administration.js';
import { adminHeader } from '../admin-access.js';
import type { Route } from '../route.js';
import { awayResponse, bodyOf, officeOnly, outcomeAnswer } from './answers.js';
import * as schemas from './schemas.js';

export interface OrderDeps {
  /** The setting ADMIN_TOKEN. */
  readonly token: string;
  readonly projections: ProjectionAdmin;
}

export const BASE = '/api/admin/projections';
export const nameParam = { name: { schema: z.string(), description: `A name of \`GET ${BASE}\`.` } };

type Given<T> = { readonly name: string; readonly body: T };

/** A route that orders something of one read model. */
const order = <T>(
  { token }: OrderDeps,
  what: {
    readonly path: string;
    readonly operationId: string;
    readonly summary: string;
    readonly body?: z.ZodType<T>;
    readonly required?: boolean;
    readonly give: (given: Given<T>) => Promise<Outcome>;
  },
): Route => ({
  method: 'post',
  path: `${BASE}/:name/${what.path}`,
  operationId: what.operationId,
  summary: what.summary,
  params: nameParam,
  headers: adminHeader,
  ...(what.body === undefined
    ? {}
    : { body: { schema: what.body, required: what.required === true, carriesFiles: false } }),
  responses: {
    200: { description: 'Done.', schema: schemas.doneSchema },
    404: { description: 'There is no such read model.', schema: schemas.refusedSchema },
    409: { description: 'Refused, with the reason.', schema: schemas.refusedSchema },
    ...awayResponse,
  },
  problems: ['unauthorized'],
  answer: officeOnly(token, async (request) => {
    const name = request.params['name'] ?? '';
    const body = bodyOf(what.body ?? (z.unknown() as z.ZodType<T>), request);
    return body.ok ? outcomeAnswer(await what.give({ name, body: body.value })) : body;
  }),
});

/** Orders that say nothing but the name. */
const plainOrders = (deps: OrderDeps): readonly Route[] => {
  const { projections } = deps;
  return [
    order<unknown>(deps, {
      path: 'cancel',
      operationId: 'cancelRebuild',
      summary: 'Call off a rebuild, wherever it runs; its copy is dropped',
      give: ({ name }) => projections.cancelRebuild(name),
    }),
    order<unknown>(deps, {
      path: 'rollback',
      operationId: 'rollBackProjection',
      summary: 'Let the rows of before the last swap serve again, brought up to date first',
      give: ({ name }) => projections.rollback(name),
    }),
    order<unknown>(deps, {
      path: 'drop-old',
      operationId: 'dropOldCopies',
      summary: 'Drop what is kept for a roll-back, and copies of versions that no process uses',
      give: ({ name }) => projections.dropOld(name),
    }),
    order<unknown>(deps, {
      path: 'resume',
      operationId: 'resumeProjection',
      summary: 'Go on after a pause or a failure',
      give: ({ name }) => projections.resume(name),
    }),
    order<unknown>(deps, {
      path: 'retry',
      operationId: 'retryProjection',
      summary: 'Try the event again at which it stopped',
      give: ({ name }) => projections.retry(name),
    }),
  ];
};

const wordedOrders = (deps: OrderDeps): readonly Route[] => [
  order(deps, {
    path: 'pause',
    operationId: 'pauseProjection',
    summary: 'Stop applying events; the rows are served on and grow older',
    body: schemas.pauseBody,
    give: ({ name, body: { reason } }) => deps.projections.pause(name, { reason }),
  }),
  order(deps, {
    path: 'skip',
    operationId: 'skipEvent',
    summary: 'Leave out the one event at which it stopped, for ever; recorded',
    body: schemas.skipBody,
    required: true,
    give: ({ name, body: { position, ...why } }) => deps.projections.skip(name, { position: BigInt(position), ...why }),
  }),
];

/** Everything that is done at once. */
export const orderRoutes = (deps: OrderDeps): readonly Route[] => [...plainOrders(deps), ...wordedOrders(deps)];
