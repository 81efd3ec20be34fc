/** The part of a pino logger that the store uses. */
export interface StoreLogger {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
