/** Appends one event of type `Disturbing` to stream $1 with id $2 without the appender, so that nobody is told of it. */
export const appendDirectly = `SELECT * FROM append_batch(
  ARRAY[$1::text], ARRAY[-2], ARRAY[1], ARRAY[1], ARRAY[1], ARRAY[1], ARRAY[$2::uuid], ARRAY['Disturbing'],
  ARRAY[1::smallint], ARRAY['{}'], ARRAY[0::bigint], ARRAY[NULL::text], ARRAY[NULL::text], ARRAY['system'],
  ARRAY[NULL::text], ARRAY[sha256('x')])`;
