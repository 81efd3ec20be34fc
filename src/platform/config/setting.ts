import { z } from 'zod';

/** One setting: the variable that carries it, how it is read, and what the documentation says about it. */
export interface Setting<Value> {
  /** Name of the environment variable. */
  readonly env: string;
  /** Reads the variable's text; `undefined` when it is unset or empty. */
  readonly schema: z.ZodType<Value, string | undefined>;
  readonly description: string;
  /** What one counts in, such as `ms` or `bytes`; absent where a number would say nothing. */
  readonly unit?: string | undefined;
  /** The default as it would be written in the environment; absent when the setting may stay unset. */
  readonly defaultText?: string | undefined;
  /** The value must never be printed, not even in an error about it. */
  readonly secret: boolean;
}

interface Described {
  readonly env: string;
  readonly description: string;
}

const wholeNumberText = (about: { unit?: string; min?: number; max?: number }) => {
  const { min = 1, max = Number.MAX_SAFE_INTEGER } = about;
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  const message = `must be a whole number ${range}${about.unit === undefined ? '' : ` (${about.unit})`}`;
  return z
    .string()
    .regex(/^\d{1,16}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message)
    .optional();
};

/** A whole number of some unit within bounds (both included). */
export function wholeNumber(
  about: Described & { unit?: string; default: number; min?: number; max?: number },
): Setting<number> {
  const schema = wholeNumberText(about).transform((value) => value ?? about.default);
  return { ...about, schema, defaultText: String(about.default), secret: false };
}

/** A whole number that may stay unset. */
export function optionalWholeNumber(
  about: Described & { unit?: string; min?: number; max?: number },
): Setting<number | undefined> {
  return { ...about, schema: wholeNumberText(about), secret: false };
}

const byteFactors = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;
const bytesPattern = /^(\d{1,15}) ?(KiB|MiB|GiB|)$/;

function parseBytes(text: string): number {
  const [, count = '', unit = ''] = bytesPattern.exec(text) ?? [];
  return count === '' ? Number.NaN : Number(count) * byteFactors[unit as keyof typeof byteFactors];
}

/** A number of bytes, written as `1048576`, `1 MiB` or `1MiB` (also KiB, GiB). */
export function byteCount(about: Described & { default: string; min?: number; max?: number }): Setting<number> {
  const { min = 1, max = Number.MAX_SAFE_INTEGER } = about;
  const message =
    `must be a number of bytes of at least ${min}${max === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${max}`}, ` +
    'such as 1048576 or "1 MiB"';
  const schema = z
    .string()
    .optional()
    .transform((text) => parseBytes(text ?? about.default))
    .refine((value) => value >= min && value <= max, message);
  return { ...about, schema, unit: 'bytes', defaultText: about.default, secret: false };
}

/** `on` or `off`. */
export function onOff(about: Described & { default: 'on' | 'off' }): Setting<boolean> {
  const schema = z
    .enum(['on', 'off'], 'must be on or off')
    .optional()
    .transform((value) => (value ?? about.default) === 'on');
  return { ...about, schema, unit: 'on or off', defaultText: about.default, secret: false };
}

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(
  about: Described & { words: Words; default: Words[number] },
): Setting<Words[number]> {
  const { words, ...rest } = about;
  const schema = z
    .string()
    .optional()
    .transform((value): string => value ?? about.default)
    .refine((value): value is Words[number] => words.includes(value), `must be one of ${words.join(', ')}`);
  return { ...rest, schema, unit: words.join(', '), defaultText: about.default, secret: false };
}

/** A list with commas or spaces between its parts; an unset variable is the empty list. */
export function list(
  about: Described & { unit?: string; part?: { pattern: RegExp; message: string } },
): Setting<readonly string[]> {
  const { part, ...rest } = about;
  const schema = z
    .string()
    .optional()
    .transform((text) => (text ?? '').split(/[\s,]+/).filter((piece) => piece !== ''))
    .refine((parts) => parts.every((piece) => part?.pattern.test(piece) ?? true), part?.message ?? '');
  return { ...rest, schema, secret: false };
}

/** Any text, with a default. */
export function text(
  about: Described & { unit?: string; default: string; pattern?: RegExp; message?: string },
): Setting<string> {
  const { pattern = /./, message = 'must not be blank', ...rest } = about;
  const schema = z
    .string()
    .regex(pattern, message)
    .optional()
    .transform((value) => value ?? about.default);
  return { ...rest, schema, defaultText: about.default, secret: false };
}

/** A text that may stay unset and is never printed. */
export function secretText(
  about: Described & { unit?: string; pattern?: RegExp; message?: string },
): Setting<string | undefined> {
  const { pattern = /./, message = 'must not be blank', ...rest } = about;
  return { ...rest, schema: z.string().regex(pattern, message).optional(), secret: true };
}
