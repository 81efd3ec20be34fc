import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { toCrockford } from './tracking-number.js';

// The access key is the second factor beside the tracking number: 16 Crockford symbols (80 bits), shown once, kept as a scrypt
// hash only (domain.md section 6).

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SYMBOLS = 16;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const BLOCK_SIZE = 8;
/** Bounds of the cost in a stored hash, so that a damaged one cannot ask for gigabytes. */
const COSTS = { least: 8, most: 20 };

export interface AccessKeys {
  /** A new key, `XXXX-XXXX-XXXX-XXXX`. */
  draw(): string;
  /** `scrypt$<log2N>$<salt>$<hash>`, both base64url. */
  hash(key: string): Promise<string>;
  /**
   * Whether the key, as a person typed it, is the one of this hash. With no hash (an unknown number) the same work is done
   * and the answer is no: the time tells nothing.
   */
  verify(key: string, hash: string | undefined): Promise<boolean>;
}

/** Lets so many tasks run at a time; the others wait in order. */
const createGate = (atOnce: number) => {
  const waiting: (() => void)[] = [];
  let free = atOnce;
  return async <T>(task: () => Promise<T>): Promise<T> => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
};

const derive = (key: string, salt: Buffer, log2N: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const N = 2 ** log2N;
    const options = { N, r: BLOCK_SIZE, p: 1, maxmem: 2 * 128 * N * BLOCK_SIZE };
    scrypt(key, salt, HASH_BYTES, options, (error, derived) => (error === null ? resolve(derived) : reject(error)));
  });

const parse = (hash: string): { log2N: number; salt: Buffer; expected: Buffer } | undefined => {
  const [, cost, salt, expected] = /^scrypt\$(\d{1,2})\$([\w-]+)\$([\w-]+)$/.exec(hash) ?? [];
  const log2N = Number(cost);
  if (salt === undefined || expected === undefined || log2N < COSTS.least || log2N > COSTS.most) return undefined;
  return { log2N, salt: Buffer.from(salt, 'base64url'), expected: Buffer.from(expected, 'base64url') };
};

/**
 * Makes, hashes and checks access keys.
 * @param log2N cost of new hashes (15: about a quarter of a second); a stored hash is checked at its own cost
 * @param atOnce hashings at a time in this process; each takes 128 * 8 * 2^log2N bytes
 */
export const createAccessKeys = ({ log2N = 15, atOnce = 2 }: { log2N?: number; atOnce?: number } = {}): AccessKeys => {
  const gate = createGate(atOnce);
  const unknown = { log2N, salt: randomBytes(SALT_BYTES), expected: Buffer.alloc(HASH_BYTES) };
  return {
    draw: () => {
      const symbols = Array.from(randomBytes(SYMBOLS), (byte) => alphabet.charAt(byte & 31)).join('');
      return symbols.replace(/(.{4})(?=.)/g, '$1-');
    },
    hash: (key) =>
      gate(async () => {
        const salt = randomBytes(SALT_BYTES);
        const derived = await derive(toCrockford(key), salt, log2N);
        return `scrypt$${log2N}$${salt.toString('base64url')}$${derived.toString('base64url')}`;
      }),
    verify: (key, hash) =>
      gate(async () => {
        const known = hash === undefined ? undefined : parse(hash);
        const { log2N: cost, salt, expected } = known ?? unknown;
        const derived = await derive(toCrockford(key.slice(0, 64)), salt, cost);
        return derived.length === expected.length && timingSafeEqual(derived, expected) && known !== undefined;
      }),
  };
};
