import { describe, expect, it } from 'vitest';
import { closeActions, closeMeanings, errorCodes, type CloseAction } from '../../../client/src/codes.js';
import { closeCodes, errorDefinitions } from './codes.js';

// The published client has no dependencies, so it carries the codes itself. Here both tables are held together.

const inWords: Readonly<Record<CloseAction, string>> = {
  stop: 'stop',
  report: 'stop, report',
  retry: 'retry',
  slower: 'retry, back-off × 2',
  hint: 'retry after the hint',
  now: 'retry now',
  refresh: 'refresh the token once, else stop',
  renew: 'create a new session',
  end: 'stop, forget what is stored and shown',
  upgrade: 'reconnect with it, else stop',
  replaced: 'stop, offer "use here"',
};

describe('The codes of the client', () => {
  it('are the error codes of the server, with the same chance of a repeat', () => {
    const server = Object.entries(errorDefinitions).map(([code, { retryable }]) => [code, retryable]);
    expect(errorCodes).toEqual(Object.fromEntries(server));
  });

  it('are the close codes of the server, and it does what the table says', () => {
    const client = Object.entries(closeActions).map(([code, action]) => [code, inWords[action]]);
    const server = Object.entries(closeCodes).map(([code, { client }]) => [code, client]);
    expect(Object.fromEntries(client)).toEqual(Object.fromEntries(server));
  });

  it('have a meaning each', () => {
    expect(Object.keys(closeMeanings)).toEqual(Object.keys(closeCodes));
  });
});
