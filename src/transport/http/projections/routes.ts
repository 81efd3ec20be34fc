import { z } from 'zod';
import type { Clock } from '../../../platform/clock.js';
import { adminHeader } from '../admin-access.js';
import { answer, type Route } from '../route.js';
import { awayResponse, bodyOf, officeOnly, plain, refused, soon } from './answers.js';
import { createJobs, type Job, type Jobs } from './jobs.js';
import { BASE, nameParam, orderRoutes, type OrderDeps } from './orders.js';
import * as schemas from './schemas.js';
import { createStandStream } from './stream.js';

export interface ProjectionRouteDeps extends OrderDeps {
  readonly clock: Clock;
  /** Told when something that was started here broke. */
  readonly onError: (error: unknown) => void;
  /** For how long the database may keep whoever asks how everything stands. Default: 2500. */
  readonly patienceMs?: number | undefined;
}

const PATIENCE_MS = 2500;

export interface ProjectionRoutes {
  readonly routes: readonly Route[];
  /** Ends the streams and stops what works in the background; what was built is kept. */
  close(): Promise<void>;
}

/** Starts a job; the answer says where to look. */
const start = async (
  { projections }: ProjectionRouteDeps,
  jobs: Jobs,
  kind: Job['kind'],
  { names, maxLoadPercent }: { readonly names: readonly string[]; readonly maxLoadPercent: number | undefined },
) => {
  const known = (await projections.list()).map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  // What was sent is not repeated.
  if (unknown !== undefined)
    return refused(404, 'unknown_projection', `There is no such projection. There are: ${known.join(', ')}.`);
  const job = jobs.start(kind, names.length === 0 ? known : names, maxLoadPercent);
  if (job === undefined) return refused(409, 'busy', 'That is under way here already.');
  return answer(202, { job: plain(job), look: `${BASE}/events` });
};

const workResponses = {
  202: { description: 'It is under way in this process.', schema: schemas.startedSchema },
  404: { description: 'There is no such read model.', schema: schemas.refusedSchema },
  409: { description: 'It is under way here already.', schema: schemas.refusedSchema },
  ...awayResponse,
};

const workRoutes = (deps: ProjectionRouteDeps, jobs: Jobs): readonly Route[] => [
  {
    method: 'post',
    path: `${BASE}/rebuild`,
    operationId: 'rebuildProjections',
    summary: 'Build several read models anew (default: all) from one read of the log, and swap them in',
    headers: adminHeader,
    body: { schema: schemas.manyBody, required: false, carriesFiles: false },
    responses: workResponses,
    problems: ['unauthorized'],
    answer: officeOnly(deps.token, async (request) => {
      const body = bodyOf(schemas.manyBody, request);
      if (!body.ok) return body;
      const { names = [], maxLoadPercent } = body.value;
      return start(deps, jobs, 'rebuild', { names, maxLoadPercent });
    }),
  },
  ...(['rebuild', 'verify'] as const).map((kind): Route => ({
    method: 'post',
    path: `${BASE}/:name/${kind}`,
    operationId: `${kind}Projection`,
    summary:
      kind === 'rebuild'
        ? 'Build one read model anew beside the live one, and swap it in'
        : 'Compare the live rows of one read model with the log',
    params: nameParam,
    headers: adminHeader,
    body: { schema: schemas.workBody, required: false, carriesFiles: false },
    responses: workResponses,
    problems: ['unauthorized'],
    answer: officeOnly(deps.token, async (request) => {
      const body = bodyOf(schemas.workBody, request);
      if (!body.ok) return body;
      const { maxLoadPercent } = body.value;
      return start(deps, jobs, kind, { names: [request.params['name'] ?? ''], maxLoadPercent });
    }),
  })),
];

/** `/api/admin/projections`: the same as `citizen projections`, with live progress as Server-Sent Events. */
export function projectionRoutes(deps: ProjectionRouteDeps): ProjectionRoutes {
  const { token, projections, clock, onError, patienceMs = PATIENCE_MS } = deps;
  const jobs = createJobs({ admin: projections, clock, onError });
  const stand = async () => ({
    projections: await soon(projections.status(), patienceMs),
    jobs: jobs.all(),
  });
  const streams = createStandStream(async () => JSON.stringify(plain(await stand())));
  const reading = (path: string, rest: Omit<Route, 'method' | 'path' | 'headers' | 'problems'>): Route => ({
    ...{ method: 'get', path, headers: adminHeader, problems: ['unauthorized'], ...rest },
    answer: officeOnly(token, rest.answer, ''),
  });
  return {
    routes: [
      reading(BASE, {
        operationId: 'listProjections',
        summary: 'The read models: what the code defines, how every copy stands, and what is under way here',
        responses: { 200: { description: 'How they stand now.', schema: schemas.listSchema }, ...awayResponse },
        answer: async () => answer(200, plain({ ...(await stand()), defined: await projections.list() })),
      }),
      reading(`${BASE}/events`, {
        operationId: 'watchProjections',
        summary: 'How the read models stand, live: an event `status` every second, as Server-Sent Events',
        responses: {
          200: {
            description:
              'Events `status` with data as of the list, without `defined`; `unavailable` when it cannot be told.',
            schema: z.string(),
            type: 'text/event-stream',
          },
        },
        answer: () => Promise.resolve(streams.open()),
      }),
      ...workRoutes(deps, jobs),
      ...orderRoutes(deps),
    ],
    close: async () => {
      streams.close();
      await jobs.stop();
    },
  };
}
