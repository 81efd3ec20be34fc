/** Names of fields whose values never belong into a log, whatever they hold. Compared in lower case, without `_` and `-`. */
const secretFields = new Set([
  ...['sessionid', 'sessiontoken', 'token', 'authorization', 'cookie', 'setcookie', 'password', 'masterkey', 'apikey'],
  ...['accesskey', 'trackingnumber', 'connectionstring', 'databaseurl', 'secret', 'payload', 'media', 'filename'],
  ...[
    'text',
    'content',
    'description',
    'fullname',
    'firstname',
    'lastname',
    'email',
    'phone',
    'phonenumber',
    'address',
  ],
  // What the driver of PostgreSQL attaches to errors: rows and statements with their values.
  ...['detail', 'where', 'internalquery', 'parameters', 'rows'],
]);

const deepest = 6;
const hidden = '[redacted]';

/** Hides what looks like a credential inside a text: secrets in the query of a URL, and passwords in one. */
export function scrubText(text: string): string {
  return text
    .replace(/([?&](?:session_?id|session|token|access_?key|key)=)[^&\s"']+/gi, `$1${hidden}`)
    .replace(/(\/\/[^/\s:@]+:)[^@\s/]+@/g, `$1${hidden}@`)
    .replace(/\b(Bearer )[\w.~+/-]+=*/gi, `$1${hidden}`);
}

/** A copy of the fields of a log line that can be printed: known names of secrets are hidden, errors become plain. */
export function scrub(fields: Record<string, unknown>): Record<string, unknown> {
  return scrubObject(fields, 0);
}

function scrubObject(fields: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      secretFields.has(name.toLowerCase().replace(/[_-]/g, '')) && value !== undefined
        ? hidden
        : scrubValue(value, depth),
    ]),
  );
}

function scrubValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return scrubText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= deepest) return '[deep]';
  if (value instanceof Error) return plainError(value, depth);
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item) => scrubValue(item, depth + 1));
  return scrubObject(value, depth + 1);
}

function plainError(error: Error, depth: number): Record<string, unknown> {
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: scrubText(error.message),
    ...(typeof code === 'string' ? { code } : {}),
    stack: error.stack === undefined ? undefined : scrubText(error.stack),
    ...(error.cause === undefined ? {} : { cause: scrubValue(error.cause, depth + 1) }),
  };
}
