import { wholeNumber } from './setting.js';

/** Deadlines and rhythms of connections, turns, keys and the event log. */
export const timingSettings = {
  handshakeTimeoutMs: wholeNumber({
    env: 'HANDSHAKE_TIMEOUT_MS',
    default: 5000,
    min: 100,
    unit: 'ms',
    description: 'Time that a client has to complete its request headers or handshake.',
  }),
  helloTimeoutMs: wholeNumber({
    env: 'HELLO_TIMEOUT_MS',
    default: 5000,
    min: 100,
    unit: 'ms',
    description: 'Time that a client of leoma.chat.v1 has to say who it is, counted from the open socket.',
  }),
  frameDeadlineMs: wholeNumber({
    env: 'FRAME_DEADLINE_MS',
    default: 30_000,
    min: 100,
    unit: 'ms',
    description: 'Time within which a begun WebSocket message or request body must be complete.',
  }),
  heartbeatMs: wholeNumber({
    env: 'HEARTBEAT_MS',
    default: 25_000,
    min: 100,
    unit: 'ms',
    description: 'Time between two pings. A socket that misses two is closed.',
  }),
  slowAckMs: wholeNumber({
    env: 'SLOW_ACK_MS',
    default: 15_000,
    min: 100,
    unit: 'ms',
    description:
      'Time in which a client of leoma.chat.v1 must take in what was sent to it, or it is closed as too slow.',
  }),
  drainWindowMs: wholeNumber({
    env: 'DRAIN_WINDOW_MS',
    default: 3000,
    min: 0,
    max: 600_000,
    unit: 'ms',
    description:
      'Over how long clients are told to come back when the server stops; never longer than half of SHUTDOWN_TIMEOUT_MS for closing them.',
  }),
  drainReconnectsPerS: wholeNumber({
    env: 'DRAIN_RECONNECTS_PER_S',
    default: 150,
    min: 1,
    max: 100_000,
    unit: 'connections',
    description:
      'How many clients a second are told to come back when the server stops: with more connections than fit DRAIN_WINDOW_MS, the time over which they return is longer.',
  }),
  sessionIdleHours: wholeNumber({
    env: 'SESSION_IDLE_HOURS',
    default: 720,
    max: 1_000_000,
    unit: 'hours',
    description: 'Silence of the citizen after which nobody can come back to a conversation with its token.',
  }),
  sessionMaxAgeHours: wholeNumber({
    env: 'SESSION_MAX_AGE_HOURS',
    default: 8760,
    max: 1_000_000,
    unit: 'hours',
    description: 'Age of a conversation after which nobody can come back to it with its token.',
  }),
  classicSilenceMs: wholeNumber({
    env: 'CLASSIC_SILENCE_MS',
    default: 250,
    min: 0,
    max: 60_000,
    unit: 'ms',
    description: 'Least time between two frames to a classic client, which shows only the newest one per tick.',
  }),
  replyTimeoutMs: wholeNumber({
    env: 'REPLY_TIMEOUT_MS',
    default: 15_000,
    min: 100,
    unit: 'ms',
    description: 'How long a message sent over HTTP waits for the answer before the client is told to ask again.',
  }),
  readAfterTimeoutMs: wholeNumber({
    env: 'READ_AFTER_TIMEOUT_MS',
    default: 2000,
    min: 0,
    max: 60_000,
    unit: 'ms',
    description: 'How long a query with ?after=<position> waits for its read model before it says that it is behind.',
  }),
  turnLeaseMs: wholeNumber({
    env: 'TURN_LEASE_MS',
    default: 5_000,
    min: 1000,
    unit: 'ms',
    description:
      'How long after the last sign of life of a process another one takes over the answers that it was working on. Renewed while it works.',
  }),
  abandonedAfterHours: wholeNumber({
    env: 'ABANDONED_AFTER_HOURS',
    default: 24,
    unit: 'hours',
    description: 'Silence after which an unfinished session counts as abandoned.',
  }),
  handoverHours: wholeNumber({
    env: 'HANDOVER_HOURS',
    default: 24,
    unit: 'hours',
    description: 'How long an access key can be shown again to the session that it was made for.',
  }),
  uploadNameableHours: wholeNumber({
    env: 'UPLOAD_NAMEABLE_HOURS',
    default: 20,
    max: 1_000_000,
    unit: 'hours',
    description: 'How long a message may name a file that was uploaded; one that none has named is deleted after that.',
  }),
  keyCacheTtlMs: wholeNumber({
    env: 'KEY_CACHE_TTL_MS',
    default: 5000,
    min: 0,
    max: 60_000,
    unit: 'ms',
    description:
      'How long an unwrapped data key stays in memory: the longest time that another process may still read an erased person.',
  }),
  readPageEvents: wholeNumber({
    env: 'READ_PAGE_EVENTS',
    default: 1000,
    max: 100_000,
    unit: 'events',
    description: 'Events fetched from the log at a time.',
  }),
  appendBatchMax: wholeNumber({
    env: 'APPEND_BATCH_MAX',
    default: 512,
    max: 10_000,
    unit: 'appends',
    description: 'Most appends that share one transaction (group commit).',
  }),
  appendTimeoutMs: wholeNumber({
    env: 'APPEND_TIMEOUT_MS',
    default: 10_000,
    min: 100,
    unit: 'ms',
    description: 'Time after which an append that did not reach the database is given up.',
  }),
};
