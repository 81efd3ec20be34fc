const MAX_NAME_CHARS = 120;

// Controls, zero-width and bidirectional characters: they let a name look like another one.
const invisible =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
const unsafe = /[<>:"|?*]/g;

/** Extensions that must not hide before the last one (`invoice.php.jpg`). */
const active = new Set(
  (
    'apk app asp aspx bat cgi cmd com cpl dll dmg docm exe hta htm html jar js jse jsp jspx lnk mht mjs msi msp phar php php3 ' +
    'php4 php5 phtml pif pl ps1 py rb reg scr sh shtml svg svgz swf vbe vbs wsf xhtml xht xml xll'
  ).split(' '),
);

export interface FileName {
  /** Safe to show and to offer as a name for saving; without path, controls and direction tricks. May be empty. */
  readonly display: string;
  /** Lower case, without dot; empty when the name has none. */
  readonly extension: string;
  /** A NUL, or an extension of a program before the last one: such names are made to deceive. */
  readonly deceptive: boolean;
}

/** Reads a name as a client gave it. The name is never used for a path on this machine. */
export const readFileName = (given: string): FileName => {
  const base = given.split(/[/\\]/).at(-1) ?? '';
  const clean = base
    .replace(invisible, '')
    .replace(unsafe, '_')
    .trim()
    .replace(/[. ]+$/, '');
  const parts = clean.toLowerCase().split('.');
  const extension = parts.length > 1 ? (parts.at(-1) ?? '').trim() : '';
  const inner = parts.slice(1, -1);
  const tooLong = clean.length > MAX_NAME_CHARS;
  const keep = MAX_NAME_CHARS - extension.length - 1;
  return {
    display: tooLong && extension.length < 10 ? `${clean.slice(0, keep)}.${extension}` : clean.slice(0, MAX_NAME_CHARS),
    extension,
    deceptive: given.includes('\0') || inner.some((part) => active.has(part.trim())),
  };
};
