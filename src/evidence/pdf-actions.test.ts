import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { hasActiveContent } from './pdf-actions.js';

const pdf = (...objects: readonly (string | Buffer)[]): Buffer =>
  Buffer.concat([
    Buffer.from('%PDF-1.7\n'),
    ...objects.flatMap((object, n) => [
      Buffer.from(`${n + 1} 0 obj\n`),
      Buffer.from(object),
      Buffer.from('\nendobj\n'),
    ]),
    Buffer.from('%%EOF'),
  ]);
const objectStream = (content: string, packed: Buffer = deflateSync(content)): Buffer =>
  Buffer.concat([
    Buffer.from(`<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length ${packed.length} >>\nstream\r\n`),
    packed,
    Buffer.from('\nendstream'),
  ]);

describe('active content of a PDF', () => {
  it.each([
    ['a script', '<< /S /JavaScript /JS (app.alert(1)) >>'],
    ['a script that runs when it is opened', '<< /Type /Catalog /OpenAction << /S/JavaScript/JS(x) >> >>'],
    ['a script with an escaped name', '<< /S /J#61v#61Script /JS (x) >>'],
    ['a script whose whole name is escaped', '<< /S /#4a#61#76#61#53#63#72#69#70#74 /JS (x) >>'],
    ['a program', '<< /S /Launch /F (cmd.exe) >>'],
    ['an embedded player', '<< /Subtype /RichMedia >>'],
  ])('is %s', async (_what, object) => {
    expect(await hasActiveContent(pdf('<< /Type /Page >>', object))).toBe(true);
  });

  it('is found in an object stream, also behind another stream', async () => {
    const picture = '<< /Length 3 >>\nstream\nabc\nendstream';
    const file = pdf(picture, objectStream('1 0 << /S /JavaScript /JS (x) >>'));
    expect(file.includes('JavaScript')).toBe(false);
    expect(await hasActiveContent(file)).toBe(true);
  });

  it.each([
    ['where to open it', '<< /Type /Catalog /OpenAction [3 0 R /XYZ null null 0] >>'],
    ['a link', '<< /S /URI /URI (https://example.org/JavaScript) >>'],
    ['words about it', 'BT (The JavaScript / Launch of it) Tj ET'],
    ['longer names', '<< /LaunchDate 1 /JavaScriptless 2 >>'],
  ])('is not %s', async (_what, object) => {
    expect(await hasActiveContent(pdf(object, objectStream(object)))).toBe(false);
  });

  it('is looked for within bounds: a bomb and a damaged stream are passed over', async () => {
    const bomb = objectStream('', deflateSync(Buffer.alloc(64 * 2 ** 20)));
    expect(await hasActiveContent(pdf(bomb, objectStream('', Buffer.from('no zlib'))))).toBe(false);
  });

  it('of ten megabytes of slashes is looked for in no time that anybody waits for', async () => {
    expect(await hasActiveContent(Buffer.alloc(10 * 2 ** 20, '/J'))).toBe(false);
  });
});
