// The group commit. One call is one transaction: it locks the head of the log, so positions are contiguous and appear in
// order; it decides each request alone; it writes all that are accepted with one statement. The arrays run in parallel: four
// with one element for each request (`firsts`: the place of its first event in the others), then one for each event
// (`numbers`: its place in its request). The outcomes are numbered as in append-batch.ts.
export const appendBatch = `
CREATE FUNCTION append_batch(
  streams text[], expectations integer[], counts integer[], firsts integer[],
  requests integer[], numbers integer[], ids uuid[], types text[], versions smallint[], payloads text[],
  occurred bigint[], causations text[], correlations text[], actor_kinds text[], actor_ids text[], bodies bytea[]
) RETURNS TABLE (
  request integer, outcome integer, last_revision integer, last_position bigint, before_first text, log_before text,
  recorded bigint
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  head_position bigint;
  head_log_hash bytea;
  now_ms bigint;
BEGIN
  SELECT position, log_hash, greatest(recorded_ms, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint)
    INTO STRICT head_position, head_log_hash, now_ms FROM log_head FOR UPDATE;
  RETURN QUERY
  WITH decided AS (
    SELECT asked.request::integer, asked.stream, count, first, coalesce(head.revision, -1) AS revision,
           coalesce(head.hash, '\\x0000000000000000000000000000000000000000000000000000000000000000') AS hash,
           known.revision AS known_revision, known.position AS known_position,
           CASE WHEN known.all_of_them IS NOT NULL THEN CASE WHEN known.here = count THEN 1 ELSE 2 END
                WHEN expected = -1 AND head.revision IS NOT NULL THEN 3
                WHEN expected = -3 AND head.revision IS NULL THEN 3
                WHEN expected >= 0 AND head.revision IS DISTINCT FROM expected THEN 3
                ELSE 0 END AS outcome
      FROM unnest(streams, expectations, counts, firsts)
             WITH ORDINALITY AS asked(stream, expected, count, first, request)
      LEFT JOIN LATERAL (
        SELECT revision, hash FROM events WHERE stream = asked.stream ORDER BY revision DESC LIMIT 1
      ) head ON true
      LEFT JOIN (
        SELECT given.request, count(*) AS all_of_them, count(*) FILTER (WHERE stream = streams[given.request]) AS here,
               max(revision) AS revision, max(position) AS position
          FROM unnest(requests, ids) AS given(request, id) JOIN events ON event_id = given.id
         GROUP BY given.request
      ) known ON known.request = asked.request
  ), placed AS MATERIALIZED (
    SELECT *, head_position + sum(count) FILTER (WHERE outcome = 0) OVER (ORDER BY request) AS last_position,
           CASE WHEN outcome = 0 AND count > 1
                THEN hash_chain(hash, revision, now_ms, bodies[first : first + count - 1]) END AS chain
      FROM decided
  ), hashed AS (
    SELECT last_position - count + number AS position, stream, revision + number AS revision, id, type, version, payload,
           happened, causation, correlation, actor_kind, actor_id,
           CASE number WHEN 1 THEN hash ELSE chain[number - 1] END AS previous_hash,
           CASE count WHEN 1 THEN sha256(hash || hash_link(revision + 1, now_ms, body)) ELSE chain[number] END AS hash
      FROM unnest(requests, numbers, ids, types, versions, payloads, occurred, causations, correlations, actor_kinds,
                  actor_ids, bodies)
             AS event(request, number, id, type, version, payload, happened, causation, correlation, actor_kind,
                      actor_id, body)
      JOIN placed ON placed.request = event.request AND outcome = 0
  ), written AS (
    INSERT INTO events (position, stream, revision, event_id, type, schema_version, payload, occurred_ms, recorded_ms,
                        causation_id, correlation_id, actor_kind, actor_id, previous_hash, hash, log_hash)
    SELECT position, stream, revision, id, type, version, payload, happened, now_ms, causation, correlation, actor_kind,
           actor_id, previous_hash, hash, log_chain(head_log_hash, hash) OVER (ORDER BY position)
      FROM hashed
    RETURNING position, log_hash
  ), moved AS (
    UPDATE log_head SET position = last.position, log_hash = last.log_hash, recorded_ms = now_ms
      FROM (SELECT position, log_hash FROM written ORDER BY position DESC LIMIT 1) last
  )
  SELECT request, outcome,
         CASE outcome WHEN 0 THEN revision + count WHEN 1 THEN known_revision ELSE revision END,
         CASE outcome WHEN 0 THEN last_position::bigint WHEN 1 THEN known_position END,
         encode(hash, 'hex'), encode(head_log_hash, 'hex'), now_ms
    FROM placed;
END $$;
`;
