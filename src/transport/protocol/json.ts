import { fail, ok, protocolError, type ProtocolError, type Result } from './result.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Index just after the string whose opening quote stands at `start - 1`, or the end of the text when it never closes. */
const afterString = (text: string, start: number): number => {
  for (let from = start; ;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return text.length;
    let slashes = 0;
    while (quote - 1 - slashes >= from && text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
    from = quote + 1;
  }
};

/**
 * Deepest nesting of arrays and objects in a JSON text, found by one linear scan without parsing; stops at `limit + 1`.
 * Strings are jumped over, so base64 of many megabytes costs next to nothing.
 */
export const jsonDepth = (text: string, limit: number): number => {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = afterString(text, at + 1) - 1;
    else if (code === OPEN_BRACKET || code === OPEN_BRACE) {
      depth += 1;
      if (depth > deepest) deepest = depth;
      if (deepest > limit) return deepest;
    } else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) depth -= 1;
  }
  return deepest;
};

/** Size before depth, depth before parse (security.md row 10). Both violations are fatal for a socket. */
export const parseJson = (
  text: string,
  limits: { readonly maxBytes: number; readonly maxDepth: number },
): Result<unknown, ProtocolError> => {
  // A UTF-16 unit is at most 3 bytes of UTF-8: only texts near the limit have to be measured exactly.
  if (text.length > limits.maxBytes || (text.length * 3 > limits.maxBytes && Buffer.byteLength(text) > limits.maxBytes))
    return fail(protocolError('payload_too_large', { fatal: true }));
  if (jsonDepth(text, limits.maxDepth) > limits.maxDepth) return fail(protocolError('bad_frame', { fatal: true }));
  try {
    return ok(JSON.parse(text) as unknown);
  } catch {
    return fail(protocolError('bad_json'));
  }
};
