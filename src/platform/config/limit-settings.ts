import { byteCount, wholeNumber } from './setting.js';

/** What one frame, message, session, address and process may cost. Sources: design notes on security, rows 5 to 18. */
export const limitSettings = {
  maxClassicFrameBytes: byteCount({
    env: 'MAX_CLASSIC_FRAME_BYTES',
    default: '14 MiB',
    min: 1024,
    max: 2 ** 29,
    description:
      'Largest WebSocket frame or message of the classic profile. It carries evidence as base64: a third more than MAX_FILE_BYTES, and the text.',
  }),
  v1FrameBytes: byteCount({
    env: 'V1_FRAME_BYTES',
    default: '64 KiB',
    min: 1024,
    max: 2 ** 29,
    description: 'Largest WebSocket frame or message of leoma.chat.v1; larger files are uploaded over HTTP.',
  }),
  maxJsonDepth: wholeNumber({
    env: 'MAX_JSON_DEPTH',
    default: 32,
    min: 4,
    max: 1000,
    unit: 'levels',
    description: 'Deepest nesting of JSON that is read.',
  }),
  maxMessageChars: wholeNumber({
    env: 'MAX_MESSAGE_CHARS',
    default: 8000,
    max: 1_000_000,
    unit: 'characters',
    description: 'Longest message of a citizen.',
  }),
  maxFilesPerMessage: wholeNumber({
    env: 'MAX_FILES_PER_MESSAGE',
    default: 10,
    min: 0,
    max: 100,
    unit: 'files',
    description: 'Most pieces of evidence in one message.',
  }),
  maxFileBytes: byteCount({
    env: 'MAX_FILE_BYTES',
    default: '10 MiB',
    max: 2 ** 29,
    description: 'Largest piece of evidence, decoded.',
  }),
  uploadMinBytesPerS: wholeNumber({
    env: 'UPLOAD_MIN_BYTES_PER_S',
    default: 1024,
    max: 2 ** 30,
    unit: 'bytes per second',
    description: 'An upload that is slower than this for five seconds is cut.',
  }),
  uploadsAtOnce: wholeNumber({
    env: 'UPLOADS_AT_ONCE',
    default: 64,
    max: 10_000,
    unit: 'uploads',
    description: 'Uploads that may come in at the same time; each session has one.',
  }),
  slowFormsAtOnce: wholeNumber({
    env: 'SLOW_FORMS_AT_ONCE',
    default: 16,
    max: 10_000,
    unit: 'forms',
    description:
      'Forms of `/lite` with a photo that may take longer than FRAME_DEADLINE_MS, at the pace of UPLOAD_MIN_BYTES_PER_S. Each waits in memory with at most MAX_CLASSIC_FRAME_BYTES.',
  }),
  slowFormsPerAddress: wholeNumber({
    env: 'SLOW_FORMS_PER_ADDRESS',
    default: 4,
    max: 10_000,
    unit: 'forms',
    description: 'How many of SLOW_FORMS_AT_ONCE may come from one address.',
  }),
  maxSessionEvidenceBytes: byteCount({
    env: 'MAX_SESSION_EVIDENCE_BYTES',
    default: '50 MiB',
    description: 'Most evidence of one session.',
  }),
  evidenceDiskQuotaBytes: byteCount({
    env: 'EVIDENCE_DISK_QUOTA_BYTES',
    default: '5 GiB',
    description: 'Most evidence of all sessions together.',
  }),
  messageBurst: wholeNumber({
    env: 'MESSAGE_BURST',
    default: 10,
    unit: 'messages',
    description: 'Messages that one session may send at once.',
  }),
  messageRefillMs: wholeNumber({
    env: 'MESSAGE_REFILL_MS',
    default: 1500,
    unit: 'ms',
    description: 'Time after which a session may send one message more.',
  }),
  maxPendingTurns: wholeNumber({
    env: 'MAX_PENDING_TURNS',
    default: 3,
    unit: 'messages',
    description: 'Messages of one session that may wait for an answer at the same time.',
  }),
  sessionsPerIpPerMinute: wholeNumber({
    env: 'SESSIONS_PER_IP_PER_MINUTE',
    default: 30,
    unit: 'sessions per minute',
    description: 'Sessions that one address may open.',
  }),
  socketsPerIp: wholeNumber({
    env: 'SOCKETS_PER_IP',
    default: 20,
    unit: 'sockets',
    description: 'WebSockets of one address at the same time.',
  }),
  socketsPerSession: wholeNumber({
    env: 'SOCKETS_PER_SESSION',
    default: 8,
    unit: 'sockets',
    description: 'WebSockets of one session at the same time.',
  }),
  maxSockets: wholeNumber({
    env: 'MAX_SOCKETS',
    default: 10_000,
    unit: 'sockets',
    description:
      'WebSockets of this process at the same time. The limit of open files (ulimit -n) must be larger by a few hundred.',
  }),
  slowSocketBytes: byteCount({
    env: 'SLOW_SOCKET_BYTES',
    default: '1 MiB',
    min: 1024,
    description: 'Unsent bytes after which a socket that does not read is closed.',
  }),
  lookupFailuresPerIpPerMinute: wholeNumber({
    env: 'LOOKUP_FAILURES_PER_IP_PER_MINUTE',
    default: 10,
    unit: 'failures per minute',
    description: 'Failed look-ups of tracking numbers per address before it has to wait.',
  }),
  lookupFailuresPerMinute: wholeNumber({
    env: 'LOOKUP_FAILURES_PER_MINUTE',
    default: 600,
    unit: 'failures per minute',
    description: 'Failed look-ups of tracking numbers of all addresses together before look-ups slow down.',
  }),
  accessKeyScryptLog2n: wholeNumber({
    env: 'ACCESS_KEY_SCRYPT_LOG2N',
    default: 15,
    min: 10,
    max: 20,
    unit: 'log2 of scrypt N',
    description: 'Cost of checking an access key: each step up doubles time and memory (15 takes 32 MiB).',
  }),
  maxRebuilds: wholeNumber({
    env: 'MAX_REBUILDS',
    default: 2,
    max: 100,
    unit: 'rebuilds',
    description:
      'Rebuilds and checks of read models at the same time, in all processes together; more wait for their turn. One that feeds several read models from one read of the log counts once.',
  }),
  rebuildMaxLoadPercent: wholeNumber({
    env: 'REBUILD_MAX_LOAD_PERCENT',
    default: 20,
    max: 100,
    unit: 'percent',
    description:
      'Share of the time in which a rebuild or a check of a read model may work; it sleeps for the rest after every batch. At 100 it is done soonest, and citizens wait noticeably longer meanwhile.',
  }),
};
