import { describe, expect, it } from 'vitest';
import { createAccessKeys } from './access-key.js';

const keys = createAccessKeys({ log2N: 10 });

describe('an access key', () => {
  it('has 16 Crockford symbols in groups of four', () => {
    expect(keys.draw()).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
    expect(new Set(Array.from({ length: 500 }, () => keys.draw())).size).toBe(500);
  });

  it('is kept as a scrypt hash with its cost and a salt of its own', async () => {
    const [one, two] = [await keys.hash('AAAA-BBBB-CCCC-DDDD'), await keys.hash('AAAA-BBBB-CCCC-DDDD')];
    expect(one).toMatch(/^scrypt\$10\$[\w-]{22}\$[\w-]{43}$/);
    expect(one).not.toBe(two);
  });

  it('is accepted as people type it', async () => {
    const hash = await keys.hash('A1A0-BBBB-CCCC-DDDD');
    expect(await keys.verify('a1a0-bbbb-cccc-dddd', hash)).toBe(true);
    expect(await keys.verify(' aIaO bbbb ccccdddd', hash)).toBe(true);
    expect(await keys.verify('A1A0-BBBB-CCCC-DDDE', hash)).toBe(false);
  });

  it('is checked at the cost that its hash names', async () => {
    const hash = await createAccessKeys({ log2N: 9 }).hash('AAAA-BBBB-CCCC-DDDD');
    expect(await keys.verify('AAAA-BBBB-CCCC-DDDD', hash)).toBe(true);
  });

  it.each([undefined, '', 'scrypt$10$x', 'scrypt$99$c2FsdA$aGFzaA', 'plain'])(
    'is refused, with the same work done, for the hash %s',
    async (hash) => expect(await keys.verify('AAAA-BBBB-CCCC-DDDD', hash)).toBe(false),
  );

  it('waits its turn when many are checked at once', async () => {
    const hash = await keys.hash('AAAA-BBBB-CCCC-DDDD');
    const results = await Promise.all(Array.from({ length: 12 }, () => keys.verify('AAAA-BBBB-CCCC-DDDD', hash)));
    expect(results).toEqual(new Array<boolean>(12).fill(true));
  });
});
