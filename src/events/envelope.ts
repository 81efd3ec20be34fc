import { z } from 'zod';

/** Who caused an event. `id` is never a name: for citizens it is left out (the stream says who), for officers a staff id. */
export const actorSchema = z.object({
  kind: z.enum(['citizen', 'agent', 'officer', 'system']),
  id: z.string().max(64).optional(),
});
export type Actor = z.infer<typeof actorSchema>;

/** What every recorded event carries besides its data. */
export interface EventMeta {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: bigint;
  readonly recordedAt: string;
  readonly occurredAt: string;
  readonly causationId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly actor: Actor;
  readonly hash: string;
}
