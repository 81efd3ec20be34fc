import { describe, expect, it } from 'vitest';
import { noticeOf, refusedFile } from './refused-files.js';

const program = refusedFile('report.exe', 'file_type_rejected', 'Photos can be taken.');

describe('the notice about refused files', () => {
  it('says that the text was kept, which file was not, why, and what to do', () => {
    expect(noticeOf([program], { text: true, files: true })).toBe(
      'Your text was kept, you need not send it again. The file “report.exe” was not kept: Photos can be taken. ' +
        'Please send it in another form, such as a photo, or say in words what it shows.',
    );
  });

  it('names files with the same fault together', () => {
    const other = refusedFile('b.exe', 'file_type_rejected', 'Photos can be taken.');
    const large = refusedFile('c.pdf', 'file_too_large', 'The file is too large.');
    const notice = noticeOf([program, other, large], { text: false, files: true });
    expect(notice).toContain('The other files were kept. The files “report.exe”, “b.exe” were not kept: Photos');
    expect(notice).toContain('The file “c.pdf” was not kept: The file is too large. Please send a smaller one');
  });

  it('claims nothing where nothing was kept', () => {
    expect(noticeOf([program], { text: false, files: false })).toMatch(/^The file “report\.exe” was not kept/);
  });

  it('shows no more of a name than can be read, and nothing that deceives', () => {
    const names = [`${'a'.repeat(300)}.exe`, '../../etc/\u202egpj.exe', ''];
    const files = names.map((name) => refusedFile(name, 'file_too_large', 'Too large.'));
    const notice = noticeOf(files, { text: true, files: false });
    expect(notice).toContain(`“${'a'.repeat(60)}…”, “gpj.exe”, without a name were not kept`);
  });

  it('names ten files and counts the rest', () => {
    const files = Array.from({ length: 13 }, (_one, n) => refusedFile(`${n}.pdf`, 'too_many_files', 'At most ten.'));
    expect(noticeOf(files, { text: true, files: true })).toContain('“9.pdf” and 3 more were not kept');
  });
});
