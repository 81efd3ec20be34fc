import { z } from 'zod';

// The forms of /api/admin/projections. Positions are decimal strings.

const count = z.number().int().nonnegative();
const position = z.string().regex(/^\d+$/);
const role = z.enum(['live', 'building', 'previous', 'verifying']);
const state = z.enum(['running', 'paused', 'failed']);
const phase = z.enum(['wait', 'load', 'index', 'follow', 'swap', 'compare']);
const seconds = z.number().nonnegative().nullable();

const failureSchema = z.strictObject({
  position: position.nullable(),
  eventType: z.string(),
  eventId: z.string().optional(),
  message: z.string(),
  stack: z.array(z.string()),
});

const statusSchema = z.strictObject({
  name: z.string(),
  version: count,
  role: role.describe('`previous` is kept for a roll-back and not fed.'),
  state,
  table: z.string(),
  phase: phase.nullable(),
  position,
  head: position,
  lagEvents: position,
  lagIsDistance: z.literal(true).optional().describe('`lagEvents` is only how far apart the positions are.'),
  lagSeconds: seconds,
  headAgeSeconds: seconds.describe('How long ago the last event of the log was recorded.'),
  eventsPerSecond: z.number().nonnegative(),
  etaSeconds: seconds,
  owner: z.string().nullable().describe('The process that applies the events.'),
  waiting: z
    .strictObject({ failures: count, reason: z.string(), since: z.string() })
    .nullable()
    .describe('It cannot write for now, and tries again by itself.'),
  error: failureSchema.nullable(),
  skipped: count,
  maxLoadPercent: z.number().nullable(),
  pausedReason: z.string().nullable(),
  updatedAt: z.iso.datetime(),
});

const summarySchema = z.strictObject({
  name: z.string(),
  version: count,
  columns: z.array(z.strictObject({ name: z.string(), type: z.string(), nullable: z.boolean() })),
  key: z.array(z.string()),
  events: z.array(z.string()),
  copies: z.array(
    z.strictObject({
      ...{ version: count, role, state, table: z.string(), position },
      rows: z.number().describe('An estimate by PostgreSQL.'),
      bytes: z.number(),
    }),
  ),
});

const jobSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['rebuild', 'verify']),
  names: z.array(z.string()),
  state: z
    .enum(['running', 'done', 'not_done', 'stopped', 'broken'])
    .describe('`not_done`: nothing came of it, see `error`. `stopped`: the server stopped. `broken`: see `error`.'),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  progress: z
    .strictObject({ phase, position, head: position, eventsPerSecond: z.number(), etaSeconds: seconds })
    .nullable(),
  results: z.array(z.looseObject({ name: z.string(), outcome: z.string() })).nullable(),
  error: z.string().nullable(),
});

/** How everything stands: also each event of the stream. */
export const standSchema = z.strictObject({
  projections: z.array(statusSchema).describe('Every copy of every read model, the live one first.'),
  jobs: z.array(jobSchema).describe('What was started over HTTP in this process, the newest first.'),
});
export const listSchema = standSchema.extend({ defined: z.array(summarySchema).describe('What the code defines.') });
export const startedSchema = z.strictObject({ job: jobSchema, look: z.string().describe('Where to see how it goes.') });
export const doneSchema = z.strictObject({ ok: z.literal(true), message: z.string() });
export const refusedSchema = z.strictObject({ ok: z.literal(false), code: z.string(), message: z.string() });

const words = z.string().trim().min(1).max(500);
export const workBody = z.strictObject({ maxLoadPercent: z.number().int().min(1).max(100).optional() });
export const manyBody = workBody.extend({ names: z.array(z.string().max(100)).max(100).optional() });
export const pauseBody = z.strictObject({ reason: words.optional() });
export const skipBody = z.strictObject({
  position: position.max(19),
  reason: words.describe('Nothing about a person.'),
  by: z.string().trim().min(1).max(100).describe('Staff id, never a name.'),
});
