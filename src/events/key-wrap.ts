import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { PersonalClass } from './personal.js';

// A data key as it is kept: `iv (12) | ciphertext (32) | tag (16)`, AES-256-GCM under the master key, bound to subject and
// class, so that a row copied to another subject does not open.

export const DATA_KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

const additionalData = (subject: string, personalClass: PersonalClass): Buffer =>
  Buffer.from(`key/${subject}/${personalClass}`);

/** Wraps a data key of 32 bytes under the master key of 32 bytes. */
export const wrapKey = (master: Buffer, subject: string, personalClass: PersonalClass, key: Buffer): Buffer => {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', master, iv);
  cipher.setAAD(additionalData(subject, personalClass));
  return Buffer.concat([iv, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
};

/** @throws Error with code `key_corrupt` when the wrapped key was changed or belongs to something else */
export const unwrapKey = (master: Buffer, subject: string, personalClass: PersonalClass, wrapped: Buffer): Buffer => {
  try {
    const decipher = createDecipheriv('aes-256-gcm', master, wrapped.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(additionalData(subject, personalClass));
    decipher.setAuthTag(wrapped.subarray(wrapped.length - TAG_BYTES));
    return Buffer.concat([decipher.update(wrapped.subarray(IV_BYTES, wrapped.length - TAG_BYTES)), decipher.final()]);
  } catch {
    throw Object.assign(new Error('A stored data key was changed: it does not open with the master key'), {
      code: 'key_corrupt' as const,
    });
  }
};

/** Tells master keys apart without telling anything about them. 32 bytes. */
export const masterKeyFingerprint = (master: Buffer): Buffer =>
  createHmac('sha256', master).update('citizen/master-key-fingerprint/v1').digest();
