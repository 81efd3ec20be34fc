import { superuser, type Socket } from './connection.js';

/**
 * What the embedded PostgreSQL is told at every start (and so not kept in the data directory).
 *  - It listens on its Unix socket only.
 *  - Whatever was acknowledged is on the disk: fsync, full_page_writes and synchronous_commit are on.
 *  - Its log holds starts, stops and crashes, never a statement or a value: `log_min_messages = log` leaves out errors of
 *    statements (whose texts may quote data; the program that ran the statement gets them anyway).
 */
const settings = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: 100,
  superuser_reserved_connections: 5,
  shared_buffers: '128MB',
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  jit: 'off',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  logging_collector: 'off',
  log_destination: 'stderr',
  log_line_prefix: '%m [%p] ',
  log_timezone: 'UTC',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_min_duration_statement: -1,
  log_parameter_max_length: 0,
  log_parameter_max_length_on_error: 0,
  log_checkpoints: 'off',
  log_connections: 'off',
  log_disconnections: 'off',
  cluster_name: superuser,
} as const;

/** Arguments for `postgres`. */
export function serverArguments(socket: Socket): string[] {
  return Object.entries({ ...settings, unix_socket_directories: socket.host, port: socket.port }).flatMap(
    ([name, value]) => ['-c', `${name}=${value}`],
  );
}
