import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { classicServerFrameSchema } from './classic-frames.js';
import { errorCodeList } from './codes.js';
import { decodeClassicFrame } from './decode-classic-frame.js';
import { decodeV1Frame, v1ClientSchemas } from './v1-client-frames.js';
import { v1ServerFrameSchema } from './v1-server-frames.js';

// protocol/fixtures: samples for authors of clients and servers. The schemas accept and refuse exactly these.

const validSchema = z.strictObject({ what: z.string(), frame: z.unknown() });
const invalidSchema = z.strictObject({
  what: z.string(),
  frame: z.unknown().optional(),
  /** Instead of `frame`: the text as it comes over the line. */
  text: z.string().optional(),
  code: z.enum(errorCodeList as [string, ...string[]]).optional(),
  field: z.string().optional(),
});
const fixtureSchema = z.strictObject({
  profile: z.enum(['classic', 'leoma.chat.v1']),
  from: z.enum(['client', 'server']),
  type: z.string(),
  valid: z.array(validSchema),
  invalid: z.array(invalidSchema),
});

const folder = new URL('../../../protocol/fixtures/', import.meta.url);
const fixtures = readdirSync(folder).map((name) => ({
  name,
  ...fixtureSchema.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))),
}));

const limits = {
  maxClassicFrameBytes: 100_000,
  v1FrameBytes: 65_536,
  maxJsonDepth: 32,
  maxMessageChars: 8000,
  maxFilesPerMessage: 10,
};

const verdict = (profile: string, text: string): { readonly code: string; readonly field?: string | undefined } => {
  const decoded = profile === 'classic' ? decodeClassicFrame(text, limits) : decodeV1Frame(text, limits);
  return decoded.ok ? { code: 'ok' } : { code: decoded.error.code, field: decoded.error.field };
};

const isServerFrame = (profile: string, frame: unknown): boolean =>
  (profile === 'classic' ? classicServerFrameSchema : v1ServerFrameSchema).safeParse(frame).success;

const typesOf = (profile: string, from: string): readonly string[] =>
  fixtures.filter((each) => each.profile === profile && each.from === from).map(({ type }) => type);

const typesIn = (schema: typeof classicServerFrameSchema | typeof v1ServerFrameSchema): readonly string[] =>
  schema.options.map(({ shape }) => shape.type.value);

describe('protocol/fixtures', () => {
  it('holds a sample of every message of both profiles', () => {
    expect(typesOf('classic', 'client')).toEqual(['message']);
    expect([...typesOf('leoma.chat.v1', 'client')].sort()).toEqual([...Object.keys(v1ClientSchemas), 'any'].sort());
    expect([...typesOf('classic', 'server')].sort()).toEqual([...typesIn(classicServerFrameSchema)].sort());
    expect([...typesOf('leoma.chat.v1', 'server')].sort()).toEqual([...typesIn(v1ServerFrameSchema)].sort());
    for (const { valid, invalid, type } of fixtures) {
      expect(invalid).not.toEqual([]);
      if (type !== 'any') expect(valid).not.toEqual([]);
    }
  });

  for (const { name, profile, from, type, valid, invalid } of fixtures) {
    describe(name, () => {
      it.each(valid)('is taken: $what', ({ frame }) => {
        if (from === 'server') expect(isServerFrame(profile, frame)).toBe(true);
        else expect(verdict(profile, JSON.stringify(frame))).toEqual({ code: 'ok' });
        if (profile !== 'classic' || from === 'server') expect(frame).toMatchObject({ type });
      });

      it.each(invalid)('is refused: $what', ({ frame, text, code, field }) => {
        if (from === 'server') expect(isServerFrame(profile, frame)).toBe(false);
        else expect(verdict(profile, text ?? JSON.stringify(frame))).toEqual({ code, field });
      });
    });
  }
});
