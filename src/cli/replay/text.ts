// Text for terminals: nothing that a citizen wrote may steer one.

/** C0, DEL and C1 but for line ends; and marks that turn the direction of writing. */

const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g;
const turners = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text that can be written to a terminal: control characters are shown as `·`, line ends stay. */
export const printable = (text: string): string =>
  text.replaceAll('\r\n', '\n').replace(turners, '').replace(controls, '·');

/** The same on one line. */
export const onOneLine = (text: string): string => printable(text).replace(/\s+/g, ' ').trim();

/** JSON on one line in ASCII: escapes whatever a terminal could take for a command. Positions are decimal strings. */
export const safeJson = (value: unknown): string =>
  JSON.stringify(value, (_name, part: unknown) => (typeof part === 'bigint' ? part.toString() : part)).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const wide =
  /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6])/u;
const widthOf = (grapheme: string): number => (wide.test(grapheme) ? 2 : /^\p{M}+$/u.test(grapheme) ? 0 : 1);

const ascii = /^[\u0020-\u007e]*$/;

/** How many columns a text takes. */
export const columnsOf = (text: string): number =>
  ascii.test(text) ? text.length : [...segmenter.segment(text)].reduce((sum, { segment }) => sum + widthOf(segment), 0);

/** The text cut to so many columns, with `…` when something is missing. */
export function cut(text: string, columns: number): string {
  if (columns <= 0) return '';
  if (columnsOf(text) <= columns) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    const more = widthOf(segment);
    if (used + more > columns - 1) break;
    kept += segment;
    used += more;
  }
  return `${kept}…`;
}

/** The text cut or filled up to exactly so many columns. */
export function fit(text: string, columns: number): string {
  const short = cut(text, columns);
  return short + ' '.repeat(Math.max(0, columns - columnsOf(short)));
}

/** Breaks a text into lines of at most so many columns, at spaces where there are any. */
export function wrap(text: string, columns: number): string[] {
  const width = Math.max(1, columns);
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    // What is indented stays so, on its first line.
    const [indent = ''] = /^ */.exec(paragraph) ?? [];
    let line = indent.slice(0, width - 1);
    for (const word of paragraph.slice(indent.length).split(' ')) {
      let rest = word;
      if (line.trim() !== '' && columnsOf(`${line} ${rest}`) > width) {
        lines.push(line);
        line = '';
      }
      line = line.trim() === '' ? line + rest : `${line} ${rest}`;
      while (columnsOf(line) > width) {
        const head = headOf(line, width);
        lines.push(head);
        rest = line.slice(head.length);
        line = rest;
      }
    }
    lines.push(line);
  }
  return lines;
}

/** As many whole characters as fit into so many columns, but at least one. */
function headOf(text: string, columns: number): string {
  let kept = '';
  for (const { segment } of segmenter.segment(text)) {
    if (kept !== '' && columnsOf(kept) + widthOf(segment) > columns) break;
    kept += segment;
  }
  return kept;
}

export type Tone =
  'plain' | 'dim' | 'bold' | 'citizen' | 'agent' | 'office' | 'mark' | 'trouble' | 'selected' | 'change';
/** Dresses a text that has its final width. */
export type Paint = (tone: Tone, text: string) => string;

const codes: Readonly<Record<Tone, string>> = {
  plain: '',
  dim: '2',
  bold: '1',
  citizen: '36',
  agent: '32',
  office: '35',
  mark: '33',
  trouble: '31;1',
  selected: '7',
  change: '33;1',
};

export const noPaint: Paint = (_tone, text) => text;
export const ansiPaint: Paint = (tone, text) => (codes[tone] === '' ? text : `\u001b[${codes[tone]}m${text}\u001b[0m`);
