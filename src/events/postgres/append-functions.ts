// The group commit. One call is one transaction: it locks the head of the log, so positions are contiguous and appear in
// order; it decides each request alone; it writes all that are accepted with one statement. The arrays run in parallel: one
// element for each request, then one for each event. The outcomes are numbered as in append-batch.ts.
export const appendBatch = `
CREATE FUNCTION append_batch(
  streams text[], expectations integer[], counts integer[],
  requests integer[], ids uuid[], types text[], versions smallint[], payloads text[], occurred bigint[],
  causations text[], correlations text[], actor_kinds text[], actor_ids text[], bodies bytea[]
) RETURNS TABLE (
  request integer, outcome integer, last_revision integer, last_position bigint, before_first text, recorded bigint
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  head_position bigint;
  now_ms bigint;
BEGIN
  SELECT position, greatest(recorded_ms, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint)
    INTO STRICT head_position, now_ms FROM log_head FOR UPDATE;
  RETURN QUERY
  WITH event AS MATERIALIZED (
    SELECT e.*, known.stream AS known_stream, known.revision AS known_revision, known.position AS known_position
      FROM unnest(requests, ids, types, versions, payloads, occurred, causations, correlations, actor_kinds, actor_ids,
                  bodies)
           WITH ORDINALITY AS e(request, id, type, version, payload, occurred, causation, correlation, actor_kind,
                                actor_id, body, number)
      LEFT JOIN LATERAL (SELECT stream, revision, position FROM events WHERE event_id = e.id LIMIT 1) known ON true
  ), asked AS (
    SELECT r.request::integer, r.stream, r.expected, r.count, coalesce(head.revision, -1) AS revision,
           coalesce(head.hash, '\\x0000000000000000000000000000000000000000000000000000000000000000') AS hash
      FROM unnest(streams, expectations, counts) WITH ORDINALITY AS r(stream, expected, count, request)
      LEFT JOIN LATERAL (SELECT revision, hash FROM events WHERE stream = r.stream ORDER BY revision DESC LIMIT 1) head
        ON true
  ), known AS (
    SELECT event.request, count(*) AS all_known, count(*) FILTER (WHERE known_stream = stream) AS known_here,
           max(known_revision) AS revision, max(known_position) AS position
      FROM event JOIN asked ON asked.request = event.request
     WHERE known_stream IS NOT NULL
     GROUP BY event.request
  ), decided AS MATERIALIZED (
    SELECT asked.*, known.revision AS known_revision, known.position AS known_position,
           CASE WHEN all_known IS NOT NULL THEN CASE WHEN known_here = count THEN 1 ELSE 2 END
                WHEN expected = -1 AND asked.revision <> -1 THEN 3
                WHEN expected = -3 AND asked.revision = -1 THEN 3
                WHEN expected >= 0 AND asked.revision <> expected THEN 3
                ELSE 0 END AS outcome
      FROM asked LEFT JOIN known ON known.request = asked.request
  ), placed AS MATERIALIZED (
    SELECT *, head_position + sum(count) FILTER (WHERE outcome = 0) OVER (ORDER BY request) AS last_position FROM decided
  ), linked AS (
    SELECT p.stream, p.hash AS before_first, p.last_position - p.count + nth AS position, p.revision + nth AS revision, e.*
      FROM placed p
      JOIN (SELECT *, row_number() OVER (PARTITION BY request ORDER BY number) AS nth FROM event) e
        ON e.request = p.request
     WHERE p.outcome = 0
  ), hashed AS (
    SELECT *, hash_chain(before_first, int8send(revision) || int8send(now_ms) || body)
                OVER (PARTITION BY request ORDER BY number) AS hash
      FROM linked
  ), written AS (
    INSERT INTO events (position, stream, revision, event_id, type, schema_version, payload, occurred_ms, recorded_ms,
                        causation_id, correlation_id, actor_kind, actor_id, previous_hash, hash)
    SELECT position, stream, revision, id, type, version, payload, occurred, now_ms, causation, correlation, actor_kind,
           actor_id, coalesce(lag(hash) OVER (PARTITION BY request ORDER BY number), before_first), hash
      FROM hashed
  ), moved AS (
    UPDATE log_head SET position = last.position, recorded_ms = now_ms
      FROM (SELECT max(last_position) AS position FROM placed WHERE outcome = 0) last
     WHERE last.position IS NOT NULL
  )
  SELECT request, outcome,
         CASE outcome WHEN 0 THEN revision + count WHEN 1 THEN known_revision ELSE revision END,
         CASE outcome WHEN 0 THEN last_position::bigint WHEN 1 THEN known_position END,
         encode(hash, 'hex'), now_ms
    FROM placed;
END $$;
`;

// One request of one event: what `append_batch` does, without the set-up cost of its one large statement. To be quick it looks
// an exact revision up only from there on, and asks whether the id is known only when it must: an id that is known all the
// same violates the unique index, and then the caller asks `append_batch`.
export const appendOne = `
CREATE FUNCTION append_one(
  at_stream text, expected integer, id uuid, type text, version smallint, payload text, occurred bigint,
  causation text, correlation text, actor_kind text, actor_id text, body bytea,
  OUT request integer, OUT outcome integer, OUT last_revision integer, OUT last_position bigint, OUT before_first text,
  OUT recorded bigint
) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
  previous bytea;
BEGIN
  request := 1;
  SELECT h.position + 1, greatest(h.recorded_ms, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint)
    INTO STRICT last_position, recorded FROM log_head h FOR UPDATE;
  SELECT e.revision, e.hash INTO last_revision, previous
    FROM events e WHERE e.stream = at_stream AND e.revision >= expected ORDER BY e.revision DESC LIMIT 1;
  IF NOT FOUND THEN
    last_revision := -1;
    previous := '\\x0000000000000000000000000000000000000000000000000000000000000000';
  END IF;
  -- Not plainly right: leave it to append_batch, which also knows repeated ids and the true revision.
  IF expected < -1 AND EXISTS (SELECT FROM events e WHERE e.event_id = id)
     OR expected = -3 AND last_revision = -1
     OR expected >= -1 AND last_revision <> expected THEN
    outcome := 4;
    RETURN;
  END IF;
  outcome := 0;
  last_revision := last_revision + 1;
  before_first := encode(previous, 'hex');
  INSERT INTO events (position, stream, revision, event_id, type, schema_version, payload, occurred_ms, recorded_ms,
                      causation_id, correlation_id, actor_kind, actor_id, previous_hash, hash)
  VALUES (last_position, at_stream, last_revision, id, type, version, payload, occurred, recorded, causation, correlation,
          actor_kind, actor_id, previous, sha256(previous || int8send(last_revision) || int8send(recorded) || body));
  UPDATE log_head h SET position = last_position, recorded_ms = recorded;
END $$;
`;
