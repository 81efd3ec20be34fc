import { z } from 'zod';
import { servingCopies } from '../../projections/queries/index.js';
import type { TransportDeps } from '../deps.js';
import { answer, type Route } from './route.js';

export type HealthRouteDeps = Pick<TransportDeps, 'queries' | 'log'> & {
  readonly isDraining: () => boolean;
  /** The finished OpenAPI document. */
  readonly document: () => unknown;
};

const CHECK_TIMEOUT_MS = 2000;
/** Read models that are further behind than this make answers so old that another process should give them. */
const MAX_LAG_S = 60;

const healthSchema = z.strictObject({ status: z.literal('ok') });
const readySchema = z.strictObject({
  status: z.enum(['ready', 'not_ready']),
  draining: z.boolean(),
  store: z.boolean().describe('The event log answers.'),
  readModels: z.boolean().describe('No read model has failed or is far behind.'),
  lagEvents: z.string().nullable().describe('Events that the slowest read model has still to apply.'),
});

const within = async <T>(work: Promise<T>): Promise<T | null> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), CHECK_TIMEOUT_MS)));
  try {
    return await Promise.race([work, late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
};

const readiness = async ({ queries, log, isDraining }: HealthRouteDeps) => {
  const [head, projections] = await Promise.all([within(log.head()), within(queries.projectionStatus())]);
  const shown = servingCopies(projections ?? []);
  const lag = shown.reduce((most, { lagEvents }) => (lagEvents > most ? lagEvents : most), 0n);
  const store = head !== null;
  const draining = isDraining();
  const readModels =
    projections !== null &&
    shown.every(({ state, lagSeconds }) => state === 'running' && (lagSeconds ?? 0) <= MAX_LAG_S);
  const isReady = store && readModels && !draining;
  return answer(isReady ? 200 : 503, {
    status: isReady ? 'ready' : 'not_ready',
    ...{ draining, store, readModels },
    lagEvents: projections === null ? null : lag.toString(),
  });
};

/** What load balancers ask, and the API's own description. */
export const healthRoutes = (deps: HealthRouteDeps): readonly Route[] => [
  {
    method: 'get',
    path: '/healthz',
    operationId: 'health',
    summary: 'The process lives',
    responses: { 200: { description: 'It does.', schema: healthSchema } },
    problems: [],
    answer: () => Promise.resolve(answer(200, { status: 'ok' })),
  },
  {
    method: 'get',
    path: '/readyz',
    operationId: 'readiness',
    summary: 'The process can serve: event log and read models are at hand',
    responses: {
      200: { description: 'It can.', schema: readySchema },
      503: { description: 'Not now.', schema: readySchema },
    },
    problems: [],
    answer: () => readiness(deps),
  },
  {
    method: 'get',
    path: '/api/openapi.json',
    operationId: 'describe',
    summary: 'This document',
    responses: { 200: { description: 'OpenAPI 3.1.', schema: z.looseObject({ openapi: z.string() }) } },
    problems: [],
    answer: () => Promise.resolve(answer(200, deps.document())),
  },
];
