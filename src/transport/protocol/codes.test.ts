import { describe, expect, it } from 'vitest';
import { refusalCodes } from '../../commands/decision.js';
import { closeCodes, errorCodeList, errorDefinitions, refusalToError } from './codes.js';

// The stable codes of the protocol. A code may be added here; none may ever go or change its meaning.
const published =
  'bad_json bad_frame unsupported_type hello_required unauthorized session_unknown session_expired session_closed ' +
  'session_mismatch message_empty message_too_long too_many_files file_too_large file_size_mismatch file_type_rejected ' +
  'file_infected file_pending quota_exceeded rate_limited busy agent_unavailable agent_timeout reply_cancelled ' +
  'position_invalid conflict draining unavailable internal';
const publishedCloseCodes = [
  1000, 1001, 1002, 1007, 1008, 1009, 1011, 1012, 1013, 4400, 4401, 4403, 4404, 4406, 4408, 4409, 4429, 4499,
];

describe('the table of codes', () => {
  it('holds every published error code and close code', () => {
    for (const code of published.split(' ')) expect(errorCodeList).toContain(code);
    expect(Object.keys(closeCodes).map(Number)).toEqual(publishedCloseCodes);
  });

  it.each(errorCodeList)('%s has a text for a person, an HTTP error status, and a known close code if any', (code) => {
    const { http, message, close } = errorDefinitions[code];
    expect(code).toMatch(/^[a-z][a-z_]*[a-z]$/);
    expect(message).toMatch(/^[A-Z].*\.$/s);
    expect(http).toBeGreaterThanOrEqual(400);
    expect(http).toBeLessThan(600);
    if (close !== undefined) expect(closeCodes[close].meaning).not.toBe('');
  });

  it('has an error for every refusal of a rule', () => {
    for (const code of refusalCodes) expect(errorCodeList).toContain(refusalToError[code]);
  });
});
