import type { EventMeta } from '../../events/envelope.js';

type InStream = { readonly meta: EventMeta };

const idAfter = (prefix: string, { meta }: InStream): string => {
  if (!meta.stream.startsWith(prefix)) throw new Error(`The event is not in a stream ${prefix}<id>`);
  return meta.stream.slice(prefix.length);
};

/** Session id of an event of the stream `session-<id>`. */
export const sessionOf = (event: InStream): string => idAfter('session-', event);
/** Row key of that session. */
export const bySession = (event: InStream): { session_id: string } => ({ session_id: sessionOf(event) });
/** Row key of the complaint of an event of the stream `complaint-<id>`. */
export const byComplaint = (event: InStream): { complaint_id: string } => ({
  complaint_id: idAfter('complaint-', event),
});
