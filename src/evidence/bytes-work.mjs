// Work on the bytes of a file: plain JavaScript, because it also runs as a worker thread (decode-worker.mjs), for which
// nothing is compiled.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
const MAGIC = Buffer.from('CIE1');

/**
 * What can be handed over to another thread without a copy: the memory of bytes that share it with nothing else.
 * @param {Uint8Array} bytes
 * @returns {ArrayBuffer[]}
 */
export const transferable = ({ buffer, byteLength }) =>
  buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];

/**
 * Base64 (also URL-safe, with or without padding and line breaks) to bytes and their SHA-256.
 * @param {string} text
 * @returns {{ bytes: Buffer, sha256: string } | null} null when it is not base64
 */
export const decodeBase64 = (text) => {
  const compact = /\s/.test(text) ? text.replace(/\s+/g, '') : text;
  if (!BASE64.test(compact) || compact.replace(/=+$/, '').length % 4 === 1) return null;
  const bytes = Buffer.from(compact, 'base64');
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
};

/**
 * Sealed form of a file: `CIE1`, 12 bytes IV, ciphertext, 16 bytes tag; AES-256-GCM.
 * @param {Uint8Array} bytes
 * @param {Uint8Array} key 32 bytes
 * @param {string} aad binds the file to its session and hash
 * @returns {Buffer}
 */
export const sealBytes = (bytes, key, aad) => {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(aad));
  return Buffer.concat([MAGIC, iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
};

/**
 * Reads a file that was received under a key of the moment (receive-file.ts): its bytes and their SHA-256.
 * @param {string} path
 * @param {Uint8Array} key 32 bytes
 * @param {Uint8Array} iv 16 bytes
 * @returns {{ bytes: Buffer, sha256: string }}
 */
export const loadReceived = (path, key, iv) => {
  const bytes = createDecipheriv('aes-256-ctr', key, iv).update(readFileSync(path));
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
};
