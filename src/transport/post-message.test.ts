import { describe, expect, it } from 'vitest';
import { subjectErased } from '../events/errors.js';
import { createPostMessage } from './post-message.js';

type Deps = Parameters<typeof createPostMessage>[0];

const postTo = (handle: Deps['sessions']['handle']) => {
  const unused = (): never => {
    throw new Error('Not expected');
  };
  const deps: Deps = {
    sessions: { handle, loadSession: unused },
    evidence: { store: unused, storeReceived: unused },
    uploads: { add: unused, claim: unused },
    log: { logId: '', readStream: unused, subscribe: unused, open: unused, head: unused },
    notifyResponder: unused,
    report: () => 'ref',
    isDraining: () => false,
    cameFrom: () => undefined,
  };
  return createPostMessage(deps)('S', { text: 'Hello', media: [], clientMessageId: undefined }, '192.0.2.1');
};

describe('a message that cannot be recorded', () => {
  it('because the person was erased a moment ago finds the conversation closed', async () => {
    const result = await postTo(() => Promise.reject(subjectErased('content')));
    expect(result).toMatchObject({ ok: false, error: { code: 'session_closed' } });
  });

  it('for a reason that nobody foresaw is told under an id that the log has too', async () => {
    const result = await postTo(() => Promise.reject(new Error('secret')));
    expect(result).toMatchObject({ ok: false, error: { code: 'internal', ref: 'ref' } });
    expect(JSON.stringify(result)).not.toContain('secret');
  });
});
