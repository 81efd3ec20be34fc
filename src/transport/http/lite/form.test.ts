import { describe, expect, it } from 'vitest';
import { markup } from './html.js';
import { readParts } from './form.js';

const body = (text: string): Buffer => Buffer.from(text.replaceAll('\n', '\r\n'));
const field = (name: string, value: string): string =>
  `--b\nContent-Disposition: form-data; name="${name}"\n\n${value}\n`;

describe('A multipart form', () => {
  it('gives its fields as they were written', () => {
    const parts = readParts(body(`${field('message', 'Di klinik: ɛn ɔl\nsecond line')}--b--\n`), 'b');
    expect(parts).toMatchObject([{ name: 'message', fileName: undefined }]);
    expect(parts?.[0]?.bytes.toString()).toBe('Di klinik: ɛn ɔl\r\nsecond line');
  });

  it('gives a file with its name and type, byte by byte', () => {
    const bytes = Buffer.from([0, 13, 10, 45, 45, 99, 255]);
    const head =
      '--b\nContent-Disposition: form-data; name="file"; filename="a%22b ɛ.pdf"\nContent-Type: application/pdf\n\n';
    const parts = readParts(Buffer.concat([body(head), bytes, body('\n--b--')]), 'b');
    expect(parts).toEqual([{ name: 'file', fileName: 'a"b ɛ.pdf', type: 'application/pdf', bytes }]);
  });

  it('without its last line is refused', () => {
    expect(readParts(body(field('message', 'cut off')), 'b')).toBeNull();
  });

  it('with a part that has no name, or endless headers, is refused', () => {
    expect(readParts(body('--b\nContent-Type: text/plain\n\nx\n--b--'), 'b')).toBeNull();
    expect(
      readParts(body(`--b\nContent-Disposition: form-data; name="${'x'.repeat(5000)}"\n\nx\n--b--`), 'b'),
    ).toBeNull();
  });

  it('with more parts than a form of ours has is refused', () => {
    expect(readParts(body(`${field('a', 'x').repeat(21)}--b--`), 'b')).toBeNull();
  });
});

describe('A page', () => {
  it('shows what people write as text, in content and in attributes', () => {
    const text = `"><script>alert('x')</script>&`;
    expect(markup`<p title="${text}">${text}</p>`.markup).toBe(
      '<p title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;">&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;</p>',
    );
  });

  it('puts lists together and leaves out what is null', () => {
    const items = [markup`<li>${1}</li>`, null, markup`<li>${2}</li>`];
    expect(markup`<ul>${items}</ul>${null}`.markup).toBe('<ul><li>1</li><li>2</li></ul>');
  });

  it('keeps the spaces of what people write', () => {
    expect(
      markup`<p>
      ${'a\n   b'}</p>`.markup,
    ).toBe('<p>\na\n   b</p>');
  });
});
