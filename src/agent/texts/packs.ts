import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { languageSchema, type Language } from '../../events/catalogue/session.js';
import { replyKeys, textPlaceholders, type ReplyKey, type TextKey, type TextValues } from './keys.js';

/** The words of one language. */
export interface TextPack {
  readonly language: Language;
  /** Who has read it over, in words; the Krio pack awaits a native reviewer. */
  readonly review: string;
  readonly texts: Readonly<Record<TextKey, string>>;
  readonly replies: Readonly<Record<ReplyKey, string>>;
}

export type TextPacks = Readonly<Record<Language, TextPack>>;

const placeholder = /\{(\w+)\}/gu;
const textKeys = Object.keys(textPlaceholders) as TextKey[];

const textFor = (key: TextKey) =>
  z
    .string()
    .min(1)
    .refine(
      (text) => {
        const used = new Set([...text.matchAll(placeholder)].map(([, name]) => name));
        const wanted: readonly string[] = textPlaceholders[key];
        return used.size === wanted.length && wanted.every((name) => used.has(name));
      },
      `uses other placeholders than ${textPlaceholders[key].join(', ') || 'none'}`,
    );

/** The shape of a pack: exactly the known keys, each text with exactly its placeholders. */
export const textPackSchema = z.strictObject({
  language: languageSchema,
  review: z.string().min(1),
  texts: z.strictObject(Object.fromEntries(textKeys.map((key) => [key, textFor(key)])) as Record<TextKey, z.ZodString>),
  replies: z.strictObject(
    Object.fromEntries(replyKeys.map((key) => [key, z.string().min(1)])) as Record<ReplyKey, z.ZodString>,
  ),
});

/**
 * Reads the packs from the files beside this module.
 * @throws ZodError that names the first text that is missing, unknown, or has wrong placeholders
 */
export const loadTextPacks = (): TextPacks => {
  const load = (language: Language): TextPack =>
    textPackSchema.parse(JSON.parse(readFileSync(new URL(`./${language}.json`, import.meta.url), 'utf8')));
  return { en: load('en'), kri: load('kri') };
};

/** A text with its placeholders filled in. Values are put in as they are, once: braces in them mean nothing. */
export const fillIn = <K extends TextKey>(pack: TextPack, key: K, values: TextValues<K>): string => {
  const known: Readonly<Record<string, string>> = values;
  return pack.texts[key].replace(placeholder, (_match, name: string) => known[name] ?? '');
};
