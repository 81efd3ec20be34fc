import { describeSettings } from '../../platform/config.js';
import { closeCodes, errorCodeList, errorDefinitions } from './codes.js';

// The tables of PROTOCOL.md, from the code that they describe.

const row = (...cells: readonly (string | number)[]): string =>
  `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
const table = (head: readonly string[], rows: readonly string[]): string =>
  [row(...head), `|${head.map(() => '---').join('|')}|`, ...rows].join('\n');

const errorTable = (): string =>
  table(
    ['code', 'HTTP', 'retryable', 'closes with', 'said when nothing more precise is known'],
    errorCodeList.map((code) => {
      const { http, retryable, close, message } = errorDefinitions[code];
      return row(`\`${code}\``, http, retryable ? 'yes' : 'no', close ?? '', message);
    }),
  );

const closeTable = (): string =>
  table(
    ['code', 'meaning', 'what a client does'],
    Object.entries(closeCodes).map(([code, { meaning, client }]) => row(code, meaning, client)),
  );

/** Settings that a client or its author may run into, in the order of the table. */
const limits = [
  ...['MAX_CLASSIC_FRAME_BYTES', 'V1_FRAME_BYTES', 'MAX_JSON_DEPTH', 'MAX_MESSAGE_CHARS', 'MAX_FILES_PER_MESSAGE'],
  ...['MAX_FILE_BYTES', 'MAX_SESSION_EVIDENCE_BYTES', 'MESSAGE_BURST', 'MESSAGE_REFILL_MS', 'MAX_PENDING_TURNS'],
  ...['SESSIONS_PER_IP_PER_MINUTE', 'SOCKETS_PER_IP', 'SOCKETS_PER_SESSION', 'HELLO_TIMEOUT_MS', 'FRAME_DEADLINE_MS'],
  ...[
    'HEARTBEAT_MS',
    'CLASSIC_SILENCE_MS',
    'SLOW_SOCKET_BYTES',
    'SLOW_ACK_MS',
    'DRAIN_WINDOW_MS',
    'DRAIN_RECONNECTS_PER_S',
  ],
  ...['UPLOADS_AT_ONCE', 'UPLOAD_MIN_BYTES_PER_S', 'UPLOAD_NAMEABLE_HOURS'],
  ...['SESSION_TOKEN_TTL_S', 'SESSION_TOKEN_GRACE_S', 'SESSION_IDLE_HOURS', 'SESSION_MAX_AGE_HOURS'],
] as const;

const limitTable = (): string => {
  const settings = new Map(describeSettings().map((setting) => [setting.name, setting]));
  return table(
    ['setting', 'default', 'what it is'],
    limits.map((name) => {
      const setting = settings.get(name);
      if (setting === undefined) throw new Error(`There is no setting ${name}`);
      const { default: value = 'unset', unit = '', description } = setting;
      return row(`\`${name}\``, /^\d+$/.test(value) ? `${value} ${unit}` : value, description);
    }),
  );
};

const tables: Readonly<Record<string, () => string>> = {
  'src/transport/protocol/codes.ts: errors': errorTable,
  'src/transport/protocol/codes.ts: closes': closeTable,
  'src/platform/config: limits': limitTable,
};

/** PROTOCOL.md with its tables as they must be now. @throws Error when a place for a table is missing */
export const withTables = (document: string): string =>
  Object.entries(tables).reduce((text, [name, render]) => {
    const begin = `<!-- generated from ${name} -->\n`;
    const from = text.indexOf(begin);
    const to = text.indexOf('<!-- end -->', from);
    if (from < 0 || to < 0) throw new Error(`PROTOCOL.md has no place for the table ${name}`);
    return `${text.slice(0, from + begin.length)}\n${render()}\n\n${text.slice(to)}`;
  }, document);
