import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorCodeList } from './codes.js';
import { decodeClassicFrame, type ClassicLimits } from './decode-classic-frame.js';
import { jsonDepth } from './json.js';

const limits: ClassicLimits = {
  maxClassicFrameBytes: 100_000,
  maxJsonDepth: 32,
  maxMessageChars: 50,
  maxFilesPerMessage: 2,
};
const decode = (frame: unknown) => decodeClassicFrame(JSON.stringify(frame), limits);
const codeOf = (text: string): string => {
  const frame = decodeClassicFrame(text, limits);
  return frame.ok ? 'ok' : frame.error.code;
};
const file = { name: 'a.pdf', type: 'application/pdf', size: 3, data: 'AAAA' };

describe('the classic decoder takes what clients in the field send (L1)', () => {
  it('reads the documented shape', () => {
    expect(decode({ type: 'message', data: { message: 'hello', sessionId: 's', media: [file] } })).toEqual({
      ok: true,
      value: { kind: 'message', text: 'hello', sessionId: 's', leftOut: [], media: [file], clientMessageId: undefined },
    });
  });

  it('reads the flat shape with the user name and address that the field client adds', () => {
    const frame = decode({ sessionId: 's', message: 'hello', userName: 'A', userEmail: 'a@example.org' });
    expect(frame).toMatchObject({ ok: true, value: { text: 'hello', sessionId: 's', media: [] } });
    expect(JSON.stringify(frame)).not.toContain('example.org');
  });

  it.each([undefined, null, ''])('takes the session of the socket when sessionId is %s', (sessionId) => {
    expect(decode({ type: 'message', data: { message: 'x', sessionId } })).toMatchObject({
      ok: true,
      value: { sessionId: null },
    });
  });

  it.each([undefined, null, []])('takes media %s as no files', (media) => {
    expect(decode({ message: 'x', media })).toMatchObject({ ok: true, value: { media: [] } });
  });

  it('takes an empty text with files', () => {
    expect(decode({ message: '', media: [file] })).toMatchObject({ ok: true, value: { text: '' } });
  });

  it.each(['data:application/pdf;base64,AAAA', 'data:;base64,AAAA', 'AAAA'])('strips a data URL prefix: %s', (data) => {
    expect(decode({ message: 'x', media: [{ ...file, data }] })).toMatchObject({
      ok: true,
      value: { media: [{ data: 'AAAA' }] },
    });
  });

  it('drops unknown keys and keeps a client message id of sane form', () => {
    const frame = decode({ type: 'message', id: 'm-1', extra: 1, data: { message: 'x', more: { a: 1 } } });
    expect(frame).toMatchObject({ ok: true, value: { clientMessageId: 'm-1' } });
    expect(JSON.stringify(frame)).not.toContain('more');
    expect(decode({ id: 'with space', message: 'x' })).toMatchObject({ value: { clientMessageId: undefined } });
  });
});

describe('the classic decoder refuses with a stable code', () => {
  it.each([
    ['', 'bad_json'],
    ['{', 'bad_json'],
    ['null', 'bad_frame'],
    ['[]', 'bad_frame'],
    ['"text"', 'bad_frame'],
    ['{"type":1}', 'bad_frame'],
    ['{"type":"message","data":"x"}', 'bad_frame'],
    ['{"message":5}', 'bad_frame'],
    ['{"message":"x","media":[{"name":"a"}]}', 'bad_frame'],
    ['{"type":"typing","data":{"isTyping":true}}', 'unsupported_type'],
    ['{"type":"message","data":{}}', 'message_empty'],
    ['{"message":"   "}', 'message_empty'],
    [JSON.stringify({ message: 'x'.repeat(51) }), 'message_too_long'],
    [JSON.stringify({ message: 'x'.repeat(100_000) }), 'payload_too_large'],
  ])('%s is %s', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });
});

describe('files beyond the limit of a message', () => {
  it('are left out, with their names, and nothing else of the message is lost', () => {
    const media = ['a', 'b', 'c', 'd'].map((name) => ({ ...file, name }));
    const frame = decodeClassicFrame(JSON.stringify({ message: 'x', media }), limits);
    expect(frame).toMatchObject({ ok: true, value: { text: 'x', leftOut: ['c', 'd'] } });
    expect(frame.ok && frame.value.media.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('are not looked at: thousands of them, of any form, cost nothing', () => {
    const media = [file, file, ...Array.from({ length: 1000 }, () => 5)];
    const frame = decodeClassicFrame(JSON.stringify({ message: 'x', media }), limits);
    expect(frame.ok && frame.value.leftOut).toHaveLength(100);
  });
});

describe('hostile frames (security rows 8, 9, 10)', () => {
  it.each(['{"__proto__":{"polluted":1},"message":"x"}', '{"constructor":{"prototype":{"polluted":1}},"message":"x"}'])(
    'pollutes nothing: %s',
    (text) => {
      expect(codeOf(text)).toBe('ok');
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    },
  );

  it('does not take a message out of a prototype key', () => {
    expect(codeOf('{"__proto__":{"message":"x","type":"message"}}')).toBe('message_empty');
  });

  it('refuses a bomb of brackets before it parses, for good', () => {
    const result = decodeClassicFrame('['.repeat(60_000), limits);
    expect(result).toMatchObject({ ok: false, error: { code: 'bad_frame', fatal: true } });
  });

  it('counts the depth like a parser would, whatever stands in strings', () => {
    const depthOf = (value: unknown): number =>
      typeof value === 'object' && value !== null
        ? 1 + Math.max(0, ...Object.values(value).map((member) => depthOf(member)))
        : 0;
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.string(), (value, noise) => {
        const whole = { value, noise: `${noise}[[{{"\\` };
        expect(jsonDepth(JSON.stringify(whole), 100)).toBe(depthOf(JSON.parse(JSON.stringify(whole))));
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('never throws, and gives a frame or an error of the table, on 10,000 frames of noise', () => {
    const media = fc.array(
      fc.oneof(fc.object(), fc.record({ name: fc.anything(), data: fc.anything() }), fc.constant(file)),
    );
    const near = fc.record(
      {
        type: fc.oneof(fc.constant('message'), fc.anything()),
        data: fc.oneof(fc.record({ message: fc.anything(), sessionId: fc.anything(), media }), fc.anything()),
        message: fc.oneof(fc.string(), fc.anything()),
        media,
        id: fc.anything(),
      },
      { requiredKeys: [] },
    );
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      near.map((value) => {
        try {
          return JSON.stringify(value);
        } catch {
          return 'not JSON';
        }
      }),
    );
    fc.assert(
      fc.property(text, (noise) => {
        const frame = decodeClassicFrame(noise, limits);
        if (!frame.ok) return errorCodeList.includes(frame.error.code);
        const { text: said, media: files } = frame.value;
        return said.length <= 50 && files.length <= 2 && (said.trim() !== '' || files.length > 0);
      }),
      { seed: 42, numRuns: 10_000 },
    );
  });
});
