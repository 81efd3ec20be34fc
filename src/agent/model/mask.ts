import type { SessionState } from '../../commands/session/state.js';
import { ERASED } from '../../events/personal.js';
import { contactIn, emails, phones } from '../guided/extract.js';
import { isAlsoWord, isPlainWord, isUsualName } from '../guided/names.js';
import { hideAddresses } from './mask-address.js';

/** Hides what the model need not read. */
export type Mask = (text: string) => string;

export const OWN_NUMBER = '[tracking number]';

/** Number of the complaint that was filed here last, if it can still be read. */
export const ownNumberOf = ({
  filed,
  earlierNumbers,
}: Pick<SessionState, 'filed' | 'earlierNumbers'>): string | null => {
  const number = filed?.trackingNumber ?? earlierNumbers.at(-1) ?? null;
  return number === ERASED ? null : number;
};

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');

/** A known name or contact wherever it stands; very short ones would hide parts of other words' meaning. */
const hiding = (value: string | null | undefined, as: string): Mask => {
  const known = value?.trim() ?? '';
  if (known.length < 3) return (text) => text;
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${escaped(known).replace(/\s+/gu, '\\s+')}(?![\\p{L}\\p{N}])`, 'giu');
  return (text) => text.replace(pattern, as);
};

const inTurn =
  (...masks: readonly Mask[]): Mask =>
  (text) =>
    masks.reduce((masked, mask) => mask(masked), text);

/** One word of a name. A name that is a word too is hidden only with its capital letter; "Hope" is, "I hope" is not. */
const hidingPart = (part: string): Mask => {
  if (part.length < 3 || isPlainWord(part)) return (text) => text;
  if (!isAlsoWord(part)) return hiding(part, '[name]');
  const capital = part.charAt(0).toUpperCase();
  const written = [capital + part.slice(1).toLowerCase(), part.toUpperCase()].map(escaped).join('|');
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${written})(?![\\p{L}\\p{N}])`, 'gu');
  return (text) => text.replace(pattern, '[name]');
};

/** A name as a whole, and each of its parts: who gave their name in full is known by the surname alone. */
const hidingName = (name: string | null | undefined): Mask => {
  const parts = (name ?? '').trim().split(/[\s,]+/u);
  return inTurn(
    ...(parts.length > 1 ? [hiding(name, '[name]')] : []),
    ...parts.map((part) => hidingPart(part.replace(/^['’.-]+|['’.-]+$/gu, ''))),
    (text) => text.replace(/\[name\](?:[\s-]+\[name\])+/gu, '[name]'),
  );
};

/** A message that holds a name and nothing else, as an answer does: the question before it is not known any more. */
export const isBareName = (text: string): boolean => {
  const words = text.trim().split(/\s+/u);
  return (
    words.length >= 2 &&
    words.length <= 4 &&
    words.some(isUsualName) &&
    words.every((one) => isUsualName(one) || (/^\p{Lu}/u.test(one) && !isPlainWord(one)))
  );
};

/**
 * What the model does not get to read of a text: always the citizen's own tracking numbers; unless identity is shared, also e-mail
 * addresses, house numbers, telephone numbers, names that the citizen gave or introduces as their own, whole and in parts. What cannot be recognised
 * as a name stays (docs/language-model.md says so).
 * @param sharesIdentity the setting
 * @param said texts of the citizen in which names are introduced
 */
export const createMask = (
  state: Pick<SessionState, 'draft' | 'filed' | 'earlierNumbers' | 'lastAsked'>,
  {
    sharesIdentity,
    said,
    current,
  }: {
    readonly sharesIdentity: boolean;
    readonly said: readonly string[];
    readonly current: string;
  },
): Mask => {
  const own = ownNumberOf(state);
  const earlier = state.earlierNumbers.filter((number) => number !== own);
  const secrets = inTurn(hiding(own, OWN_NUMBER), ...earlier.map((number) => hiding(number, '[earlier number]')));
  if (sharesIdentity) return secrets;
  const { identity } = state.draft;
  const introduced = [
    contactIn(current, asksWho(state.lastAsked)).name,
    ...said.map((text) => contactIn(text, isBareName(text)).name),
  ];
  return inTurn(
    secrets,
    // Addresses first, of both kinds: once the name in one is hidden, it is none any more, and the rest of it would stay.
    (text) => text.replace(emails, '[email]'),
    hideAddresses,
    hidingName(identity?.name),
    hiding(identity?.phone, '[phone]'),
    hiding(identity?.email, '[email]'),
    hiding(identity?.safeContact, '[contact]'),
    ...[...new Set(introduced)].map(hidingName),
    contacts,
  );
};

/** Telephone numbers as people space them out, digit by digit or with strokes; a date is none. */
const spacedPhones =
  /(?<![\p{L}\p{N}-])(?!(?:0[1-9]|[12]\d|3[01])[/.-](?:0?[1-9]|1[0-2])[/.-](?:19|20)\d\d(?!\d))(?:\+|0|232)(?:[\s()./-]{0,2}\d){8,13}(?![\p{L}\p{N}])/gu;

const contacts: Mask = (text) => text.replace(phones, '[phone]').replace(spacedPhones, '[phone]');

/** Whether the last question was who the citizen is: then plain words may be a name. */
export const asksWho = (asked: string | null): boolean =>
  asked !== null && ['identity', 'identity_known', 'name', 'name_confidential', 'contact'].includes(asked);
