import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeV1Frame, MAX_INLINE_CHARS } from './v1-client-frames.js';

const limits = { v1FrameBytes: 64 * 1024, maxJsonDepth: 32, maxMessageChars: 100, maxFilesPerMessage: 2 };
const decode = (frame: unknown) => decodeV1Frame(typeof frame === 'string' ? frame : JSON.stringify(frame), limits);
const codeOf = (frame: unknown): string => {
  const decoded = decode(frame);
  return decoded.ok ? decoded.frame.type : decoded.error.code;
};
const message = (data: object, more: object = {}) => ({ type: 'message', id: 'c-1', data, ...more });

describe('a frame of leoma.chat.v1', () => {
  it('may carry what later versions add', () => {
    expect(codeOf({ type: 'ping', extra: 1, data: { t: 1, more: {} } })).toBe('ping');
    expect(codeOf({ type: 'hello', data: { token: 't', want: ['delta', 'later'], client: 7 } })).toBe('hello');
  });

  it.each([
    ['{', 'bad_json'],
    ['[]', 'bad_frame'],
    ['"x"', 'bad_frame'],
    [{ type: 7 }, 'bad_frame'],
    [{ type: '__proto__' }, 'unsupported_type'],
    [{ type: 'constructor' }, 'unsupported_type'],
    [message({ message: 'x' }, { id: undefined }), 'bad_frame'],
    [message({ message: 'x' }, { id: 'with space' }), 'bad_frame'],
    [message({ message: ' ' }), 'message_empty'],
    [message({ message: 'x'.repeat(101) }), 'message_too_long'],
    [message({ message: 'x', media: [1, 2, 3] }), 'too_many_files'],
    [message({ message: 'x', media: [{ uploadId: 'no uuid' }] }), 'bad_frame'],
    [message({ media: [{ name: 'a', data: 'x'.repeat(MAX_INLINE_CHARS + 1) }] }), 'file_too_large'],
    [{ type: 'history', data: { limit: 0 } }, 'bad_frame'],
    ['['.repeat(100), 'bad_frame'],
  ])('%j is %s', (frame, code) => {
    expect(codeOf(frame)).toBe(code);
  });

  it('is refused by its id, where that can be read', () => {
    expect(decode(message({ message: 'x'.repeat(101) }))).toMatchObject({ ok: false, id: 'c-1' });
    expect(decode({ type: 'dance', id: 'x' })).toMatchObject({ ok: false, id: 'x' });
  });

  it('may be a file without words, uploaded before or small and inside', () => {
    const uploadId = '018f3c1e-5b7a-7c3d-9e2f-0123456789ab';
    expect(
      decode(
        message({
          media: [
            { uploadId, name: 'a.jpg' },
            { name: 'a.txt', data: 'QQ==' },
          ],
        }),
      ),
    ).toMatchObject({
      frame: { text: '', media: [{ uploadId }, { name: 'a.txt', type: '', size: null, data: 'QQ==' }] },
    });
  });

  it('never crashes the decoder, whatever it holds (security rows 8 and 9)', () => {
    const key = fc.constantFrom(
      'type',
      'id',
      'data',
      'message',
      'media',
      'sessionId',
      '__proto__',
      'constructor',
      'limit',
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom('message', 'hello', 'history', 'read', 'cancel', 'ping', 'bye', 'typing'),
        fc.string(),
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(key, tie('any'), { maxKeys: 4 }),
      ),
    })).any;
    fc.assert(
      fc.property(
        fc.oneof(
          value.map((one) => JSON.stringify(one)),
          fc.string(),
        ),
        (text) => {
          const decoded = decodeV1Frame(text, limits);
          expect(typeof decoded.ok).toBe('boolean');
        },
      ),
      { seed: 20_261_124, numRuns: 10_000 },
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
