import { describe, expect, it } from 'vitest';
import { classify, describeFailure } from './failures.js';

const failure = (message: string, fields: object = {}): Error => Object.assign(new Error(message), fields);

describe('every failure of the client is classified once', () => {
  it.each([
    [failure('', { type: 'wrong-expected-version' }), 'conflict'],
    [failure('', { type: 'stream-deleted', code: 9 }), 'tombstoned'],
    [failure('', { type: 'not-leader', code: 5 }), 'not-now'],
    [failure('', { type: 'access-denied', code: 7 }), 'denied'],
    [failure('', { type: 'maximum-append-size-exceeded' }), 'refused'],
    [failure('', { type: 'unavailable', code: 14 }), 'unknown'],
    [failure('14 UNAVAILABLE: Server Is Too Busy', { type: 'unavailable', code: 14 }), 'not-now'],
    [failure('Server Is Busy', { code: 0 }), 'not-now'],
    [failure('Server Is Not Ready', { code: 0 }), 'not-now'],
    [failure('No leader info available in response', { code: 0 }), 'not-now'],
    [failure('MaximumAppendEventSizeExceeded', { code: 3 }), 'refused'],
    [failure('Failed to discover after 10 attempts.'), 'not-now'],
    [failure('14 UNAVAILABLE: No connection established. Last error: connect ECONNREFUSED', { code: 14 }), 'not-now'],
    [failure('14 UNAVAILABLE: No connection established. Last error: self-signed certificate', { code: 14 }), 'denied'],
    [failure('read ECONNRESET', { code: 14 }), 'unknown'],
    [failure('16 UNAUTHENTICATED', { code: 16 }), 'denied'],
    [failure('something new'), 'unknown'],
    ['not even an error', 'unknown'],
  ] as const)('%s: %s', (error, kind) => {
    expect(classify(error)).toBe(kind);
  });

  it('what is logged of it does not quote its text', () => {
    expect(describeFailure(failure('stream citizen.session-abc', { type: 'unavailable', code: 14 }))).toEqual({
      ...{ failure: 'unknown', type: 'unavailable', code: 14 },
    });
  });
});
