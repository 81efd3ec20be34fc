import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { sealedTextError } from './errors.js';
import { personalClasses, type PersonalClass } from './personal.js';

// The sealed form of a personal string: `sealed:v1:<class>:<subject>:<base64url(iv | ciphertext | tag)>`, AES-256-GCM with
// a random 96-bit IV, bound to subject and class (additional data `<subject>/<class>`), so that a text moved to another
// subject or class does not open. NIST SP 800-38D allows 2^32 random IVs per key; one citizen writes far less.

export const SEALED_PREFIX = 'sealed:v1:';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const classes: ReadonlySet<string> = new Set(personalClasses);
const SUBJECT = /^[\w.-]{1,200}$/;

export interface SealedText {
  readonly personalClass: PersonalClass;
  readonly subject: string;
  /** base64url of IV, ciphertext and tag. */
  readonly body: string;
}

/**
 * Seals one text.
 * @param key 32 bytes
 * @param subject letters, digits, `_`, `-`, `.`: the session id, or a part of it (see `codec.ts`)
 */
export const sealText = (key: Buffer, subject: string, personalClass: PersonalClass, text: string): string => {
  if (!SUBJECT.test(subject)) throw new Error('A subject has 1 to 200 letters, digits, underscores, dashes or dots');
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(`${subject}/${personalClass}`));
  const body = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${SEALED_PREFIX}${personalClass}:${subject}:${body.toString('base64url')}`;
};

/** The parts of a sealed string, or undefined when the string does not have that form. Says nothing about its truth. */
export const parseSealed = (text: string): SealedText | undefined => {
  if (!text.startsWith(SEALED_PREFIX)) return undefined;
  const afterClass = text.indexOf(':', SEALED_PREFIX.length);
  const afterSubject = text.indexOf(':', afterClass + 1);
  if (afterClass === -1 || afterSubject === -1) return undefined;
  const personalClass = text.slice(SEALED_PREFIX.length, afterClass);
  if (!classes.has(personalClass)) return undefined;
  return {
    personalClass: personalClass as PersonalClass,
    subject: text.slice(afterClass + 1, afterSubject),
    body: text.slice(afterSubject + 1),
  };
};

/**
 * Opens one sealed text.
 * @throws SealedTextError `sealed_text_corrupt` when text, subject, class or key do not belong together
 */
export const openSealed = (key: Buffer, sealed: SealedText): string => {
  const bytes = Buffer.from(sealed.body, 'base64url');
  if (bytes.length < IV_BYTES + TAG_BYTES) throw sealedTextError('sealed_text_corrupt');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(`${sealed.subject}/${sealed.personalClass}`));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  try {
    return (
      decipher.update(bytes.subarray(IV_BYTES, bytes.length - TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
    );
  } catch {
    throw sealedTextError('sealed_text_corrupt');
  }
};
