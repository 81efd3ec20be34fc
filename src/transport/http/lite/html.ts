/** HTML that may be sent as it is. Only `markup` makes it. */
export interface Html {
  readonly markup: string;
}

type Part = string | number | Html | null | readonly (Html | null)[];

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const toMarkup = (part: Part): string => {
  if (part === null) return '';
  if (typeof part === 'string') return part.replace(/[&<>"']/g, (symbol) => escapes[symbol] ?? symbol);
  if (typeof part === 'number') return String(part);
  return 'markup' in part ? part.markup : part.map(toMarkup).join('');
};

/**
 * A template whose values are escaped, for text and for quoted attributes alike; `null` is left out. Indentation of the
 * template itself is not sent.
 */
export const markup = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  markup: strings.reduce((text, next, at) => text + toMarkup(parts[at - 1] ?? null) + next.replace(/\n\s+/g, '\n'), ''),
});
