const codes = /^(?:ECONN|ENOTFOUND|EHOST|ENET|ETIMEDOUT|EPIPE|EAI_|08|57P0|53300$|store_unavailable$)/;
/** What the driver says without a code. */
const words =
  /^Connection terminated|timeout exceeded when trying to connect|^Client has encountered a connection error/;

/** Whether an error says that the database, or the event store, does not answer: a matter of time, and nobody's mistake. */
export const isDatabaseAway = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && typeof error.code === 'string' && codes.test(error.code)) ||
    isSocketGone(error) ||
    words.test(error.message));

/** The embedded PostgreSQL listens on a Unix socket; a file of ours that is missing is something else. */
const isSocketGone = (error: Error): boolean =>
  'code' in error && error.code === 'ENOENT' && 'syscall' in error && error.syscall === 'connect';
