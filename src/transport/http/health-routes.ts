import { z } from 'zod';
import type { ReadModelHealth } from '../../projections/queries/index.js';
import type { TransportDeps } from '../deps.js';
import { answer, type Route } from './route.js';

export type HealthRouteDeps = Pick<TransportDeps, 'queries' | 'log' | 'isLogBlocked'> & {
  readonly isDraining: () => boolean;
  /** The finished OpenAPI document. */
  readonly document: () => unknown;
};

const CHECK_TIMEOUT_MS = 2000;
/** Read models that are further behind than this make answers so old that nobody should be sent here. */
const MAX_LAG_S = 60;

/** Nobody should be sent here. */
const refusals = [
  'draining',
  'log_unavailable',
  'log_blocked',
  'read_models_unavailable',
  'read_model_behind',
] as const;
/** It serves, and a person should look. */
const doubts = ['read_model_failed', 'read_model_paused', 'read_model_waiting', 'read_model_building'] as const;
type Reason = (typeof refusals)[number] | (typeof doubts)[number];

const healthSchema = z.strictObject({ status: z.literal('ok') });
const readySchema = z.strictObject({
  status: z.enum(['ready', 'degraded', 'not_ready']).describe('`degraded`: it serves, and a person should look.'),
  reasons: z.array(z.enum([...refusals, ...doubts])).describe('Why it is not `ready`.'),
  draining: z.boolean(),
  store: z.boolean().describe('The event log answers, and takes new events.'),
  readModels: z.boolean().describe('Every read model is kept up to date, and none is far behind.'),
  lagEvents: z
    .string()
    .nullable()
    .describe('Events that the slowest read model has still to apply; null where nobody can count them.'),
  projections: z.array(
    z.strictObject({
      name: z.string(),
      version: z.number().int(),
      state: z.enum(['running', 'waiting', 'paused', 'failed', 'building']),
      lagEvents: z.string().nullable(),
      lagSeconds: z.number().nullable(),
    }),
  ),
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

/** What is wrong with one read model, or null. Who stands still by a person's will or a bad event takes nobody else along. */
const doubtOf = ({ state, lagSeconds }: ReadModelHealth): Reason | null => {
  switch (state) {
    case 'failed':
    case 'paused':
    case 'building':
      return `read_model_${state}`;
    case 'running':
    case 'waiting':
      if ((lagSeconds ?? 0) > MAX_LAG_S) return 'read_model_behind';
      return state === 'waiting' ? 'read_model_waiting' : null;
  }
};

const readiness = async ({ queries, log, isLogBlocked, isDraining }: HealthRouteDeps) => {
  const [head, blocked, readModels] = await Promise.all([
    within(log.head()),
    within(isLogBlocked()),
    within(queries.readModelHealth()),
  ]);
  const draining = isDraining();
  const doubtsNow = readModels?.map(doubtOf) ?? ['read_models_unavailable' as const];
  const found: readonly (Reason | null)[] = [
    draining ? 'draining' : null,
    head === null || blocked === null ? 'log_unavailable' : null,
    blocked === true ? 'log_blocked' : null,
    ...doubtsNow,
  ];
  const reasons = [...new Set(found.filter((reason) => reason !== null))];
  const refuses = reasons.some((reason) => (refusals as readonly string[]).includes(reason));
  const slowest = readModels?.reduce(
    (most, { lagEvents }) => ((lagEvents ?? 0n) > most ? (lagEvents ?? 0n) : most),
    0n,
  );
  return answer(refuses ? 503 : 200, {
    status: refuses ? 'not_ready' : reasons.length > 0 ? 'degraded' : 'ready',
    reasons,
    draining,
    store: head !== null && blocked === false,
    readModels: doubtsNow.every((doubt) => doubt === null),
    lagEvents: readModels?.some(({ lagEvents }) => lagEvents === null) === true ? null : (slowest?.toString() ?? null),
    projections: (readModels ?? []).map(({ name, version, state, lagEvents, lagSeconds }) => ({
      ...{ name, version, state, lagSeconds },
      lagEvents: lagEvents?.toString() ?? null,
    })),
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
      200: { description: 'It can; `degraded` says that a person should look.', schema: readySchema },
      503: { description: 'Not now; `reasons` says why.', schema: readySchema },
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
