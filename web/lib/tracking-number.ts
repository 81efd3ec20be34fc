// The same rules as the server's (src/commands/tracking-number.ts): a typing error is found here and costs no look-up.

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const symbolsOf = (text: string): string =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}\p{Cf}.:_#/]/gu, '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0');

const inGroups = (symbols: string): string => symbols.match(/.{4}/g)?.join('-') ?? symbols;

/** A number as people write it in its one form, or null when it is none: the last symbol checks the others (value modulo 37). */
export const parseTrackingNumber = (text: string): string | null => {
  const symbols = symbolsOf(text).replace(/^0MB(?=.{12}$)/, '');
  if (!/^[0-9A-HJKMNP-TV-Z]{12}$/.test(symbols)) return null;
  const value = Array.from(symbols.slice(0, 11)).reduce((sum, symbol) => (sum * 32 + alphabet.indexOf(symbol)) % 37, 0);
  return alphabet[value] === symbols[11] ? `OMB-${inGroups(symbols)}` : null;
};

/** The newest access key that a text shows: four groups of four, which a tracking number never has. */
export const accessKeyIn = (text: string): string | null =>
  text.match(/(?<![\w-])[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}(?![\w-])/g)?.at(-1) ?? null;
