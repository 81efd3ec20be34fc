import { describe, expect, it } from 'vitest';
import { readFileName } from './file-name.js';
import { defaultEvidenceTypes } from './file-types.js';
import { inspectFile } from './inspect.js';
import {
  docx,
  heic,
  jpeg,
  m4a,
  mp3,
  ogg,
  pdf,
  png,
  wav,
  webm,
  webp,
  zip,
  wordFile,
} from '../../test/evidence/support/samples.js';
import { docxZipLimits, readZipDirectory } from './zip-directory.js';

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

const inspect = async (name: string, declaredType: string, bytes: Buffer): Promise<string> => {
  const result = await inspectFile({ name, declaredType, bytes }, defaultEvidenceTypes);
  return result.ok ? `${result.value.mimeType} ${result.value.name}` : result.refusal.code;
};

describe('files that are taken', () => {
  it.each([
    ['photo.jpg', 'image/jpeg', jpeg(), 'image/jpeg photo.jpg'],
    ['photo.JPEG', 'image/jpg', jpeg(), 'image/jpeg photo.JPEG'],
    ['a.png', 'image/png', png(), 'image/png a.png'],
    ['a.webp', 'image/webp', webp(), 'image/webp a.webp'],
    ['a.heic', 'image/heic', heic(), 'image/heic a.heic'],
    ['a.heic', '', heic(), 'image/heic a.heic'],
    ['letter.v2.pdf', 'application/pdf', pdf(), 'application/pdf letter.v2.pdf'],
    ['letter.doc', 'application/msword', wordFile(), 'application/msword letter.doc'],
    ['letter.docx', DOCX, docx(), `${DOCX} letter.docx`],
    ['voice.mp3', 'audio/mpeg', mp3(), 'audio/mpeg voice.mp3'],
    ['voice.m4a', 'audio/x-m4a', m4a(), 'audio/mp4 voice.m4a'],
    ['voice.ogg', 'audio/ogg', ogg(), 'audio/ogg voice.ogg'],
    ['voice.wav', 'audio/wav', wav(), 'audio/wav voice.wav'],
    ['voice.webm', 'audio/webm;codecs=opus', webm('A_OPUS'), 'audio/webm voice.webm'],
    ['', 'image/png', png(), 'image/png file.png'],
  ])('%s declared as %j', async (name, declared, bytes, expected) => {
    expect(await inspect(name, declared, bytes)).toBe(expected);
  });
});

describe('files that are refused (security row 17)', () => {
  const html = Buffer.from('<!DOCTYPE html><html><script>alert(1)</script></html>');
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
  it.each([
    ['HTML as a photo', 'page.jpg', 'image/jpeg', html],
    ['SVG with a script', 'a.svg', 'image/svg+xml', svg],
    ['SVG as PNG', 'a.png', 'image/png', svg],
    ['HTML by its own name', 'a.html', 'text/html', html],
    ['a program', 'a.exe', 'application/x-msdownload', Buffer.from('MZ\u0090\u0000')],
    ['a program as a document', 'a.doc', 'application/msword', Buffer.from('MZ\u0090\u0000')],
    ['JavaScript that is also a PDF', 'a.pdf', 'application/pdf', Buffer.concat([Buffer.from('/*'), pdf()])],
    ['zero bytes', 'a.jpg', 'image/jpeg', Buffer.alloc(0)],
    ['a double extension', 'invoice.php.jpg', 'image/jpeg', jpeg()],
    ['a NUL in the name', 'a.php\0.jpg', 'image/jpeg', jpeg()],
    ['a name turned around', 'photo\u202Egpj.exe', 'image/jpeg', jpeg()],
    ['another type than declared', 'a.jpg', 'image/png', jpeg()],
    ['another type than the name says', 'a.png', 'image/png', jpeg()],
    ['no name and no type', '', '', jpeg()],
    ['a zip that is no document', 'a.docx', DOCX, zip([{ name: 'a.txt' }])],
    ['a document with macros', 'a.docx', DOCX, docx([{ name: 'word/vbaProject.bin' }])],
    ['a video as a voice note', 'a.webm', 'audio/webm', webm('V_VP9')],
    ['an archive', 'a.zip', 'application/zip', zip([{ name: 'a.txt' }])],
  ])('%s', async (_what, name, declared, bytes) => {
    expect(await inspect(name, declared, bytes)).toBe('file_type_rejected');
  });

  it('random bytes under every name of the list', async () => {
    const noise = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 251));
    for (const type of defaultEvidenceTypes)
      expect(await inspect(`a.${type.extensions[0] ?? ''}`, type.declared[0] ?? '', noise)).toBe('file_type_rejected');
  });
});

describe('bombs (security row 19)', () => {
  it('a picture of 50,000 by 50,000 pixels is refused by its header', async () => {
    expect(await inspect('a.png', 'image/png', png(50_000, 50_000))).toBe('file_type_rejected');
    expect(await inspect('a.jpg', 'image/jpeg', jpeg(50_000, 50_000))).toBe('file_type_rejected');
    expect(await inspect('a.webp', 'image/webp', webp(16_384, 16_384))).toBe('file_type_rejected');
  });

  it.each([
    ['too much inside', [{ name: 'x', packed: 1000, unpacked: 2 ** 30 }], 'bomb'],
    ['a ratio that no text has', [{ name: 'x', packed: 1000, unpacked: 50 * 2 ** 20 }], 'bomb'],
    [
      'entries that overlap',
      Array.from({ length: 50 }, (_, i) => ({ name: `x${i}`, packed: 5000, unpacked: 9000 })),
      'bomb',
    ],
    ['too many entries', Array.from({ length: 2001 }, (_, i) => ({ name: `x${i}` })), 'bomb'],
    ['a name that climbs out', [{ name: '../../etc/passwd' }], 'path'],
    ['an absolute name', [{ name: '/etc/passwd' }], 'path'],
    ['a symbolic link', [{ name: 'x', mode: 0o120777 }], 'symlink'],
  ])('a zip with %s is refused', (_what, entries, why) => {
    expect(readZipDirectory(zip(entries), docxZipLimits)).toEqual({ ok: false, why });
  });

  it('a zip whose table of contents is cut is damaged', () => {
    const whole = docx();
    expect(readZipDirectory(whole.subarray(0, whole.length - 10), docxZipLimits)).toEqual({
      ok: false,
      why: 'damaged',
    });
    expect(readZipDirectory(Buffer.alloc(5), docxZipLimits)).toEqual({ ok: false, why: 'damaged' });
  });
});

describe('names of files', () => {
  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\me\\scan.pdf', 'scan.pdf'],
    ['a\u202Eb\u200B.pdf', 'ab.pdf'],
    ['a\r\nInjected: x.pdf', 'aInjected_ x.pdf'],
    ['<img src=x>.png', '_img src=x_.png'],
    ['  spaced .pdf. ', 'spaced .pdf'],
  ])('%j is shown as %j', (given, shown) => {
    expect(readFileName(given).display).toBe(shown);
  });

  it('are cut to 120 characters and keep their extension', () => {
    const { display, extension } = readFileName(`${'x'.repeat(500)}.pdf`);
    expect(display).toHaveLength(120);
    expect(display.endsWith('.pdf')).toBe(true);
    expect(extension).toBe('pdf');
  });
});
