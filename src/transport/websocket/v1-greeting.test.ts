import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordedAt, started, story } from '../../../test/support/session-story.js';
import {
  closeOf,
  driveMachine,
  epoch,
  errorOf,
  frameOf,
  framesOf,
  kindsOf,
  position,
  positionsOf,
} from '../../../test/support/v1-machine.js';
import type { AnyRecorded, DomainEvent } from '../../events/catalogue/index.js';
import { protocolError } from '../protocol/result.js';
import type { V1DurableFrame } from '../protocol/v1-server-frames.js';
import { emptyFold, foldFrame, type FrameFold } from '../session-frames.js';

const officerSays = (text: string): DomainEvent => ({ type: 'OfficerReplied', data: { text } });
const many = (count: number, chars = 1): DomainEvent[] =>
  Array.from({ length: count }, () => officerSays('x'.repeat(chars)));

const foldOf = (events: readonly AnyRecorded[]): { fold: FrameFold; frames: V1DurableFrame[] } => {
  let fold = emptyFold;
  const frames: V1DurableFrame[] = [];
  for (const event of events) {
    const [next, frame] = foldFrame(fold, event, { sessionId: 'S', epoch });
    fold = next;
    if (frame !== null) frames.push(frame);
  }
  return { fold, frames };
};

describe('a client that has not said hello (security row 5)', () => {
  it('is closed with 4408 after 5 seconds, whatever it sends meanwhile', () => {
    const client = driveMachine();
    expect(client.deadline()).toBe(5000);
    client.later(4999);
    expect(errorOf(client.text({ type: 'ping' }))).toBe('hello_required');
    expect(closeOf(client.wait(1))).toBe(4408);
  });

  it('is closed after eight frames, none of which is kept', () => {
    const client = driveMachine();
    for (let n = 0; n < 8; n += 1) expect(kindsOf(client.message(`c-${n}`))).toEqual(['error']);
    expect(closeOf(client.message('c-9'))).toBe(4408);
    expect(client.state().waiting).toEqual([]);
  });

  it('is closed after 16 KiB', () => {
    expect(closeOf(driveMachine().text(`{"type":"ping","x":"${'y'.repeat(17_000)}"}`))).toBe(4408);
  });

  it('is answered what is wrong with a frame', () => {
    const client = driveMachine();
    expect(errorOf(client.text('{'))).toBe('bad_json');
    expect(errorOf(client.text({ type: 'dance', id: 'a' }))).toBe('unsupported_type');
    expect(frameOf(client.text({ type: 'history', id: 'h' }), 'error')).toMatchObject({ id: 'h' });
  });

  it('may leave', () => {
    expect(closeOf(driveMachine().text({ type: 'bye' }))).toBe(1000);
  });

  it('needs a token, in the hello or beside the protocol', () => {
    const client = driveMachine();
    const effects = client.text({ type: 'hello', data: {} });
    expect([errorOf(effects), closeOf(effects)]).toEqual(['unauthorized', 4401]);
  });

  it.each([
    ['unauthorized', 4401],
    ['session_expired', 4401],
    ['internal', 1011],
  ] as const)('is closed when its token is found %s', (code, close) => {
    const client = driveMachine();
    client.hello();
    const effects = client.give({ type: 'greeted', result: { ok: false, error: protocolError(code) } });
    expect([errorOf(effects), closeOf(effects)]).toEqual([code, close]);
  });

  it('is not waited for longer because its token is being checked', () => {
    const client = driveMachine();
    client.hello();
    expect(closeOf(client.wait(5000))).toBe(4408);
  });
});

describe('welcome', () => {
  it('tells where the conversation stands, then come all its frames', () => {
    const client = driveMachine();
    client.history(officerSays('a'), officerSays('b'));
    const effects = client.join();
    expect(frameOf(effects, 'welcome')).toMatchObject({
      position: position(2),
      data: { sessionId: 'S', epoch, recovered: true, replay: 3, state: 'greeting', heartbeatMs: 25_000 },
    });
    expect(positionsOf(effects)).toEqual([position(0), position(1), position(2)]);
    expect(client.phase()).toBe('live');
  });

  it('is followed by exactly what was missed', () => {
    const client = driveMachine();
    client.history(officerSays('a'), { type: 'FilingStarted', data: {} }, officerSays('b'));
    const effects = client.join({ resume: 1 });
    expect(frameOf(effects, 'welcome')?.data).toMatchObject({ recovered: true, replay: 1 });
    expect(positionsOf(effects)).toEqual([position(3)]);
  });

  it('is followed by nothing for a client that has everything, also from a fold in memory', () => {
    const events = [started, officerSays('a')].map((event, at) => recordedAt(event, at));
    const client = driveMachine();
    client.logged(events);
    const effects = client.join({ resume: 1, fold: foldOf(events).fold });
    expect(frameOf(effects, 'welcome')?.data).toMatchObject({ recovered: true, replay: 0 });
    expect(positionsOf(effects)).toEqual([]);
  });

  it.each([
    ['of another log', 'elsewhere' as const],
    ['beyond the end', 99],
    ['where no frame was', 2],
  ])('is followed by all from the start after a position %s', (_, resume) => {
    const client = driveMachine();
    client.history(officerSays('a'), { type: 'FilingStarted', data: {} }, officerSays('b'));
    const effects = client.join({ resume });
    expect(frameOf(effects, 'welcome')?.data).toMatchObject({ recovered: false, replay: 3 });
    expect(positionsOf(effects)).toEqual([position(0), position(1), position(3)]);
  });

  it('is followed by the newest 200 frames when more were missed; the rest is history', () => {
    const client = driveMachine();
    client.history(...many(700));
    const positions = positionsOf(client.join({ resume: 1 }));
    expect(positions).toHaveLength(200);
    expect([positions[0], positions.at(-1)]).toEqual([position(501), position(700)]);
  });

  it('is followed by fewer when they are long, so that no slow reader is cut off by its own replay', () => {
    const client = driveMachine();
    client.history(...many(100, 8000));
    const frames = framesOf(client.join());
    expect(frames.length).toBeLessThan(40);
    expect(JSON.stringify(frames).length).toBeLessThan(300_000);
  });

  it('names the reply that is being written, whose text so far follows at offset 0', () => {
    const client = driveMachine();
    client.history();
    const running = { replyId: 'r', text: 'Thank you' };
    const effects = client.join({ running });
    expect(frameOf(effects, 'welcome')?.data.running).toEqual({ replyId: 'r', offset: 9 });
    expect(frameOf(effects, 'delta')?.data).toEqual({ replyId: 'r', offset: 0, text: 'Thank you' });
  });

  it('says nothing of a reply to a client that did not ask for deltas', () => {
    const client = driveMachine();
    client.history();
    const effects = client.join({ running: { replyId: 'r', text: 'Thank you' } }, { want: [] });
    expect(frameOf(effects, 'welcome')?.data.running).toBeUndefined();
    expect(frameOf(effects, 'delta')).toBeUndefined();
  });

  it('is not for a session that the log does not know', () => {
    const client = driveMachine();
    expect(closeOf(client.join())).toBe(4404);
  });

  it('is not for a session that was revoked (security row 7)', () => {
    const client = driveMachine();
    client.history(officerSays('a'), { type: 'SessionRevoked', data: { reason: 'office' } });
    const effects = client.join({ resume: 1 });
    expect([errorOf(effects), closeOf(effects)]).toEqual(['session_revoked', 4403]);
    expect(positionsOf(effects)).toEqual([]);
  });

  it.each([
    ['too long silent', { sessionIdleHours: 1 }],
    ['too old', { sessionMaxAgeHours: 1 }],
  ])('is not for a session that is %s (security row 7)', (_, settings) => {
    const client = driveMachine({ settings });
    client.history(officerSays('a'));
    client.later(2 * 3_600_000);
    const effects = client.join();
    expect([errorOf(effects), closeOf(effects)]).toEqual(['session_expired', 4401]);
  });
});

describe('what a client has after welcome and replay', () => {
  const seeded = { seed: 20_261_124, numRuns: 300 };
  /** What a client knows: its frames in order, each once. */
  const framesAfter = (before: readonly V1DurableFrame[], recovered: boolean, fresh: readonly V1DurableFrame[]) =>
    recovered ? [...before, ...fresh] : fresh;

  it('is what it would have had if it had been there all the time, wherever it was cut off', () => {
    fc.assert(
      fc.property(story({ maxLength: 120 }), fc.nat(), fc.nat(), fc.nat(), (events, a, b, c) => {
        const all = foldOf(events).frames;
        const cut = a % (events.length + 1); // The client saw events before this one live,
        const kept = b % (cut + 1); // the server had a fold of these in memory,
        const live = cut + (c % (events.length + 1 - cut)); // and the rest came after it was back.
        const seen = foldOf(events.slice(0, cut)).frames;
        const place = seen.at(-1)?.position;
        const resume = place === undefined ? null : Number(place.split('.')[1]);
        const { fold } = foldOf(events.slice(0, resume === null ? 0 : Math.min(kept, resume + 1)));
        const client = driveMachine();
        client.hello();
        client.greet({ resume, fold });
        const rest = events.filter(({ meta }) => meta.revision > fold.view.revision);
        client.give({ type: 'events', events: rest.filter(({ meta }) => meta.revision < live) });
        const welcome = client.give({ type: 'caught-up' });
        if (client.phase() !== 'live') return; // Nothing was in the log yet.
        const after = client.give({ type: 'events', events: rest.filter(({ meta }) => meta.revision >= live) });
        const recovered = frameOf(welcome, 'welcome')?.data.recovered ?? false;
        const fresh = framesOf([...welcome, ...after]).filter(
          (frame): frame is V1DurableFrame => frame.type === 'message' || frame.type === 'status',
        );
        expect(recovered).toBe(true);
        expect(framesAfter(seen, recovered, fresh)).toEqual(all);
      }),
      seeded,
    );
  });
});
