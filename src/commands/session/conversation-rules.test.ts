import { describe, expect, it } from 'vitest';
import {
  agent,
  anonymous,
  citizen,
  describes,
  filed,
  given,
  officer,
  photo,
  replies,
  says,
  start,
  startFiling,
  uuid,
} from '../../../test/support/given-session.js';
import { entryOf } from '../persistent-map.js';
import { completeness, missing } from './derive-state.js';
import { evolveSession } from './evolve.js';
import { initialSession } from './initial.js';

describe('a conversation', () => {
  it('begins once', () => {
    given()
      .when(start)
      .then({
        type: 'SessionStarted',
        data: { language: 'en', channel: 'web', policyVersion: '1', taxonomyVersion: 'v1' },
      });
    given(start).when(start).thenRefused('session_exists');
  });

  it('has to begin before anything else', () => {
    given().when(says(1, 'hello')).thenRefused('session_unknown');
  });
});

describe('a message of the citizen', () => {
  it('is kept verbatim, with its files recorded first', () => {
    given(start)
      .when({ ...says(1, ' Hello ', photo()), clientMessageId: 'c1' } as never)
      .then(
        { type: 'EvidenceUploaded', data: photo() },
        {
          type: 'UserMessageReceived',
          data: { text: ' Hello ', evidenceIds: [photo().evidenceId], clientMessageId: 'c1' },
        },
      );
  });

  it('is kept without the access key in it, which goes where it is forgotten soon', () => {
    given(start)
      .when(says(1, 'my key is k7qx-3mtp-9zrd-42wn'))
      .then({
        type: 'UserMessageReceived',
        data: { text: 'my key is ••••', evidenceIds: [], accessKey: 'K7QX-3MTP-9ZRD-42WN' },
      });
  });

  it('with an access key in it changes nothing the second time either', () => {
    const message = says(1, 'K7QX-3MTP-9ZRD-42WN');
    given(start, message).when(message).thenNothing();
  });

  it('loses the access key altogether once such secrets of the conversation were erased', () => {
    given(start, { type: 'ErasePersonalData', classes: ['handover'], reason: 'asked' })
      .when(says(1, 'K7QX-3MTP-9ZRD-42WN'))
      .then({ type: 'UserMessageReceived', data: { text: '••••', evidenceIds: [] } });
  });

  it('changes nothing the second time', () => {
    given(start, says(1, 'hello')).when(says(1, 'hello')).thenNothing();
    given(start, says(1, 'hello'), replies(1)).when(says(1, 'hello')).thenNothing();
  });

  it('may be a file without words, but not nothing', () => {
    given(start)
      .when(says(1, '', photo()))
      .thenTypes('EvidenceUploaded', 'UserMessageReceived');
    given(start).when(says(1, ' \n\u200b')).thenRefused('message_empty');
  });

  it('has a longest text', () => {
    given(start)
      .when(says(1, 'x'.repeat(8_000)))
      .thenTypes('UserMessageReceived');
    given(start)
      .when(says(1, 'x'.repeat(8_001)))
      .thenRefused('message_too_long');
  });

  it('has a highest number of files', () => {
    const files = (count: number) => Array.from({ length: count }, (_, n) => photo(n));
    given(start)
      .when(says(1, '', ...files(11)))
      .thenRefused('too_many_files');
    const many = Array.from({ length: 20 }, (_, n) => says(n, '', ...files(10).map((_f, m) => photo(10 * n + m))));
    given(start, ...many)
      .when(says(99, '', photo(999)))
      .thenRefused('too_many_files');
  });

  it('does not record a file a second time that is there already', () => {
    given(start, says(1, '', photo()))
      .when(says(2, 'the same', photo()))
      .thenTypes('UserMessageReceived');
  });

  it('comes from the citizen', () => {
    given(start).when(says(1, 'hello'), { actor: agent }).thenRefused('wrong_actor');
    given(start).when(says(1, 'hello'), { actor: officer }).thenRefused('wrong_actor');
  });
});

describe('a reply of the assistant', () => {
  it('answers a message once', () => {
    given(start, says(1, 'hello')).when(replies(1)).thenTypes('AgentReplied');
    given(start, says(1, 'hello'), replies(1)).when(replies(1, 'Again')).thenRefused('already_answered');
  });

  it('answers a message that is there', () => {
    given(start, says(1, 'hello')).when(replies(2)).thenRefused('message_unknown');
  });

  it('says something', () => {
    given(start, says(1, 'hello')).when(replies(1, ' ')).thenRefused('message_empty');
  });

  it('comes from the assistant only', () => {
    given(start, says(1, 'hello')).when(replies(1), { actor: citizen }).thenRefused('wrong_actor');
  });

  it('remembers what it asked', () => {
    const asking = { ...replies(1), asked: 'identity' } as never;
    expect(given(start, says(1, 'hello'), asking).state().lastAsked).toBe('identity');
    expect(given(start, says(1, 'hello'), asking, says(2, 'x'), replies(2)).state().lastAsked).toBeNull();
  });

  it('is one of several that are due, in any order', () => {
    const state = given(start, says(1, 'a'), says(2, 'b'), replies(2)).state();
    expect(state.pending.map((message) => message.messageId)).toEqual([uuid(1)]);
  });
});

describe('a failed turn', () => {
  const failed = [
    start,
    startFiling,
    says(1, 'hello'),
    { type: 'FailTurn', answers: uuid(1), code: 'timeout' },
  ] as const;

  it('leads to the state error', () => {
    given(start, startFiling, says(1, 'hello'))
      .when({ type: 'FailTurn', answers: uuid(1), code: 'timeout' })
      .then(
        { type: 'SessionStateChanged', data: { from: 'complaint_collection', to: 'error' } },
        { type: 'TurnFailed', data: { answers: uuid(1), code: 'timeout' } },
      );
  });

  it('is over with the reply to another message that waited, and that reply says so', () => {
    given(start, startFiling, says(1, 'hello'), says(2, 'hello?'), {
      type: 'FailTurn',
      answers: uuid(1),
      code: 'timeout',
    })
      .when(replies(2))
      .thenTypes('SessionStateChanged', 'AgentReplied');
  });

  it('is over with the next message, before its reply', () => {
    given(...failed)
      .when(says(7, 'still here'))
      .then(
        { type: 'UserMessageReceived', data: { text: 'still here', evidenceIds: [] } },
        { type: 'SessionStateChanged', data: { from: 'error', to: 'complaint_collection' } },
      );
  });

  it('is recorded once, and not replied to later', () => {
    given(...failed)
      .when({ type: 'FailTurn', answers: uuid(1), code: 'timeout' })
      .thenNothing();
    given(...failed)
      .when(replies(1))
      .thenRefused('already_answered');
  });

  it('is over with the next message, in the state that follows from the facts', () => {
    given(...failed)
      .when(says(2, 'are you there?'))
      .thenState('complaint_collection');
    given(...failed, anonymous, describes('No water'))
      .when(says(2, 'hello?'))
      .thenState('evidence_upload');
  });
});

describe('tracking', () => {
  it('interrupts any state and returns to it', () => {
    given(start, startFiling).when({ type: 'OpenTracking' }).thenState('tracking');
    given(start, startFiling, { type: 'OpenTracking' })
      .when({ type: 'CloseTracking' })
      .thenState('complaint_collection');
    given(...filed, { type: 'OpenTracking' })
      .when({ type: 'CloseTracking' })
      .thenState('completed');
  });

  it('opens and closes once', () => {
    given(start, { type: 'OpenTracking' }).when({ type: 'OpenTracking' }).thenNothing();
    given(start).when({ type: 'CloseTracking' }).thenNothing();
  });

  it('ends when the citizen wants to file', () => {
    given(start, { type: 'OpenTracking' })
      .when(startFiling)
      .thenTypes('TrackingClosed', 'FilingStarted', 'SessionStateChanged');
  });

  it('records each look-up by its key alone', () => {
    given(start, { type: 'OpenTracking' })
      .when({ type: 'RecordTrackingLookup', trackingLookup: 'k', found: true })
      .then({ type: 'TrackingLookedUp', data: { trackingLookup: 'k', found: true } });
  });
});

describe('an officer in the conversation', () => {
  const joined = [start, says(1, 'a person please'), { type: 'JoinAsOfficer' }] as const;

  it('is asked for once', () => {
    given(start).when({ type: 'RequestHuman', reason: 'asked' }).thenTypes('HumanRequested');
    given(start, { type: 'RequestHuman', reason: 'asked' })
      .when({ type: 'RequestHuman', reason: 'asked' })
      .thenNothing();
  });

  it('silences the assistant, for earlier and later messages', () => {
    given(...joined)
      .when(replies(1))
      .thenRefused('human_assisting');
    given(...joined, says(2, 'hello'), { type: 'LeaveAsOfficer' })
      .when(replies(2))
      .thenRefused('already_answered');
    const { messages, pending } = given(...joined, says(2, 'hello')).state();
    expect(entryOf(messages, uuid(2))?.status).toBe('officer');
    expect(pending).toEqual([]);
  });

  it('hands back to the assistant, who answers what comes then', () => {
    given(...joined, { type: 'LeaveAsOfficer' }, says(2, 'hello'))
      .when(replies(2))
      .thenTypes('AgentReplied');
  });

  it('writes only after joining', () => {
    given(start).when({ type: 'ReplyAsOfficer', text: 'Hello' }).thenRefused('human_not_assisting');
    given(start).when({ type: 'LeaveAsOfficer' }).thenRefused('human_not_assisting');
    given(...joined)
      .when({ type: 'ReplyAsOfficer', text: 'Hello' })
      .then({ type: 'OfficerReplied', data: { text: 'Hello' } });
  });

  it.each(['JoinAsOfficer', 'LeaveAsOfficer'] as const)('is never the citizen or the assistant: %s', (type) => {
    given(...joined)
      .when({ type }, { actor: citizen })
      .thenRefused('wrong_actor');
    given(...joined)
      .when({ type }, { actor: agent })
      .thenRefused('wrong_actor');
  });

  it('does not write in the name of the citizen', () => {
    given(start, startFiling).when(describes('x'), { actor: officer }).thenRefused('wrong_actor');
  });
});

describe('whose conversation it is', () => {
  const holder = 'ab'.repeat(32);
  const bind = { type: 'BindSession', holder } as const;

  it('is settled before the first message, once', () => {
    given(start).when(bind, { actor: citizen }).then({ type: 'SessionBound', data: { holder } });
    given(start, bind).when(bind, { actor: citizen }).thenNothing();
    given(start, bind)
      .when({ ...bind, holder: 'cd'.repeat(32) }, { actor: citizen })
      .thenRefused('session_exists');
    given(start, says(1, 'hello')).when(bind, { actor: citizen }).thenRefused('session_exists');
  });

  it('ends with its revocation: nothing new is taken, and a retry of what was taken is still known', () => {
    const revoke = { type: 'RevokeSession', reason: 'office' } as const;
    given(start)
      .when(revoke, { actor: officer })
      .then({ type: 'SessionRevoked', data: { reason: 'office' } });
    given(start, says(1, 'hello'), revoke).when(revoke, { actor: officer }).thenNothing();
    given(start, says(1, 'hello'), revoke).when(says(2, 'more')).thenRefused('session_revoked');
    given(start, says(1, 'hello'), revoke).when(says(1, 'hello')).thenNothing();
  });
});

describe('the language', () => {
  it('changes when it is another one', () => {
    given(start).when({ type: 'ChangeLanguage', language: 'kri' }).thenTypes('LanguageChanged');
    given(start).when({ type: 'ChangeLanguage', language: 'en' }).thenNothing();
  });
});

describe('what is missing', () => {
  it('is asked in order, identity last', () => {
    expect(missing(given(start, startFiling).state())).toEqual([
      'description',
      'evidence',
      'classification',
      'identity',
    ]);
    expect(missing(given(start, startFiling, describes('x'), anonymous).state())).toEqual([
      'evidence',
      'classification',
    ]);
  });

  it('is counted in fifths', () => {
    expect(completeness(given(start).state())).toBe(0);
    expect(completeness(given(start, startFiling, describes('x')).state())).toBe(0.2);
    expect(completeness(given(...filed).state())).toBe(1);
  });
});

describe('folding', () => {
  it('tolerates events that a newer version wrote', () => {
    const unknown = { type: 'Unknown', data: { type: 'FutureEvent', schemaVersion: 1 } };
    expect(evolveSession(initialSession, { event: unknown, id: uuid(1) })).toEqual({ ...initialSession, revision: 0 });
    expect(evolveSession(initialSession, { event: { type: 'toString', data: {} }, id: uuid(1) }).revision).toBe(0);
  });

  it('stays quick over a very long conversation', () => {
    // 20,000 messages fold in well under the test's time-out only when no event costs the length of the conversation.
    let state = evolveSession(initialSession, { event: { type: 'SessionStarted', data: { language: 'en' } }, id: '' });
    for (let n = 1; n <= 20_000; n++) {
      state = evolveSession(state, {
        event: { type: 'UserMessageReceived', data: { text: 'x', evidenceIds: [] } },
        id: uuid(n),
      });
      state = evolveSession(state, { event: { type: 'AgentReplied', data: { answers: uuid(n) } }, id: '' });
    }
    expect(state).toMatchObject({ messageCount: 20_000, pending: [], revision: 40_000 });
  });
});

describe('access to a complaint by its key', () => {
  it('is recorded by the assistant, once in a row', () => {
    const grant = { type: 'GrantCaseAccess', complaintId: uuid(50) } as const;
    given(start)
      .when(grant, { actor: agent })
      .then({ type: 'CaseAccessGranted', data: { complaintId: uuid(50) } });
    given(start, grant).when(grant, { actor: agent }).thenNothing();
  });

  it('is never taken by the citizen alone', () => {
    given(start)
      .when({ type: 'GrantCaseAccess', complaintId: uuid(50) }, { actor: citizen })
      .thenRefused('wrong_actor');
  });
});

describe('the wish to have data erased', () => {
  it('is recorded once, and erases nothing', () => {
    given(start).when({ type: 'RequestErasure' }).then({ type: 'ErasureRequested', data: {} });
    given(start, { type: 'RequestErasure' }).when({ type: 'RequestErasure' }).thenNothing();
    expect(given(start, { type: 'RequestErasure' }).state().erased).toEqual([]);
  });
});
