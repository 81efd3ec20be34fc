import type { SessionState } from '../../commands/session/state.js';
import { ERASED } from '../../events/personal.js';
import { contactIn, type Contact } from '../guided/extract.js';

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

const emails = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,4}/gu;
const phones = /(?<![\p{L}\p{N}-])(?:\+|00?|232[\s-]?)\d[\d\s().-]{5,17}\d(?![\p{L}\p{N}])/gu;

/** A known name or contact wherever it stands; very short ones would hide parts of other words' meaning. */
const hiding = (value: string | null | undefined, as: string): Mask => {
  const known = value?.trim() ?? '';
  if (known.length < 3) return (text) => text;
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${escaped(known)}(?![\\p{L}\\p{N}])`, 'giu');
  return (text) => text.replace(pattern, as);
};

const inTurn =
  (...masks: readonly Mask[]): Mask =>
  (text) =>
    masks.reduce((masked, mask) => mask(masked), text);

const hideContact = ({ name, phone, email }: Partial<Record<keyof Contact, string | null>>): Mask =>
  inTurn(hiding(name, '[name]'), hiding(phone, '[phone]'), hiding(email, '[email]'));

/**
 * What the model does not get to read of a text: always the citizen's own tracking numbers; unless identity is shared, also e-mail addresses, telephone numbers, names that the citizen gave or introduces as
 * their own. What cannot be recognised as a name stays (docs/language-model.md says so).
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
  const introduced = said.map((text) => hideContact({ name: contactIn(text, false).name ?? null }));
  return inTurn(
    secrets,
    hideContact(identity ?? {}),
    hiding(identity?.safeContact, '[contact]'),
    hideContact({ name: contactIn(current, asksWho(state.lastAsked)).name ?? null }),
    ...introduced,
    (text) => text.replace(emails, '[email]').replace(phones, '[phone]'),
  );
};

/** Whether the last question was who the citizen is: then plain words may be a name. */
export const asksWho = (asked: string | null): boolean =>
  asked !== null && ['identity', 'identity_known', 'name', 'name_confidential', 'contact'].includes(asked);
