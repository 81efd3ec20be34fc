import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import type { Config } from './config.js';
import { scrub, scrubText } from './log-redaction.js';

export type Logger = PinoLogger;

/**
 * Makes the logger of the process: one JSON object per line on standard error, with an ISO time and the level as a word.
 *
 * What goes into a log line is decided where it is written: ids as `shortHash`, never message text, names, numbers or file
 * names. Redaction here is only the second line of defence (security checklist, row 23).
 * @param destination where to write instead of standard error; for tests
 */
export function createLogger(config: Pick<Config, 'logLevel'>, destination?: DestinationStream): Logger {
  return pino(
    {
      level: config.logLevel,
      base: { pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }), bindings: scrub, log: scrub },
      serializers: { err: (error: unknown) => error },
      hooks: {
        logMethod(args, method) {
          method.apply(
            this,
            args.map((arg: unknown) => (typeof arg === 'string' ? scrubText(arg) : arg)) as typeof args,
          );
        },
      },
    },
    // Synchronous: the last lines before a crash are the ones that matter, and lines are few.
    destination ?? pino.destination({ fd: 2, sync: true }),
  );
}

/** Writes one debug line: fields first, like pino. Costs nothing when its namespace is off. */
export interface DebugLog {
  (fields: object, message: string): void;
  /** Whether lines are printed; to skip work that only serves a debug line. */
  readonly enabled: boolean;
}

/**
 * Debug lines of one namespace (such as `websocket:frames`), printed when `DEBUG` names it, whatever the log level is.
 * @param patterns the parts of `DEBUG`: names in which `*` stands for anything; one that begins with `-` leaves out
 */
export function debugLogger(logger: Logger, patterns: readonly string[], namespace: string): DebugLog {
  const enabled = isNamespaceOn(patterns, namespace);
  if (!enabled) return Object.assign(() => undefined, { enabled });
  const child = logger.child({ namespace }, { level: 'debug' });
  return Object.assign((fields: object, message: string) => child.debug(fields, message), { enabled });
}

/** Whether the parts of `DEBUG` turn a namespace on. An exclusion wins over whatever includes it. */
export function isNamespaceOn(patterns: readonly string[], namespace: string): boolean {
  const matches = (pattern: string): boolean =>
    new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(namespace);
  const excluded = patterns.some((pattern) => pattern.startsWith('-') && matches(pattern.slice(1)));
  return !excluded && patterns.some((pattern) => !pattern.startsWith('-') && matches(pattern));
}
