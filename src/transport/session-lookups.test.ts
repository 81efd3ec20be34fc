import { describe, expect, it } from 'vitest';
import { createLookupGuard } from './lookup-guard.js';
import { createSessionLookups } from './session-lookups.js';

const make = (remembered?: number) => {
  const limits = { failuresPerAddressPerMinute: 10, failuresPerMinute: 600 };
  const guard = createLookupGuard(limits, () => 1_000_000);
  return { guard, lookups: createSessionLookups(guard, remembered) };
};

describe('look-ups of the assistant', () => {
  it('of many sessions of one address share its limit, also with those over HTTP, and another address is free', () => {
    const { guard, lookups } = make();
    for (let n = 0; n < 10; n += 1) {
      lookups.cameFrom(`session-${n}`, '192.0.2.1');
      expect(lookups.ask(`session-${n}`).ok).toBe(true);
      lookups.failed(`session-${n}`);
    }
    lookups.cameFrom('one more', '192.0.2.1');
    lookups.cameFrom('somebody else', '198.51.100.1');
    expect(lookups.ask('one more').ok).toBe(false);
    expect(guard.ask('192.0.2.1').ok).toBe(false);
    expect(lookups.ask('somebody else').ok).toBe(true);
  });

  it('of a session that moves from address to address have a limit of their own', () => {
    const { lookups } = make();
    for (let n = 0; n < 10; n += 1) {
      lookups.cameFrom('S', `192.0.2.${n}`);
      lookups.failed('S');
    }
    lookups.cameFrom('S', '198.51.100.1');
    expect(lookups.ask('S').ok).toBe(false);
  });

  it('of a session whose address is not known count for the session', () => {
    const { lookups } = make(1);
    lookups.cameFrom('forgotten', '192.0.2.1');
    lookups.cameFrom('S', '198.51.100.1');
    for (let n = 0; n < 10; n += 1) lookups.failed('forgotten');
    expect(lookups.ask('forgotten').ok).toBe(false);
    expect(lookups.ask('S').ok).toBe(true);
  });

  it('count once against the budget of everybody', () => {
    const { lookups } = make();
    for (let n = 0; n < 599; n += 1) {
      lookups.cameFrom(`S${n}`, `address ${n}`);
      lookups.failed(`S${n}`);
    }
    expect(lookups.ask('S').delayMs).toBe(0);
    lookups.failed('S');
    expect(lookups.ask('S').delayMs).toBeGreaterThan(0);
  });
});
