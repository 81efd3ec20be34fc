import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evolveComplaint, initialCase } from '../../src/commands/complaint/evolve.js';
import { completeness, isDescribed } from '../../src/commands/session/derive-state.js';
import { evolveSession } from '../../src/commands/session/evolve.js';
import { initialSession } from '../../src/commands/session/initial.js';
import type { AnyRecorded } from '../../src/events/catalogue/index.js';
import { completenessOf } from '../../src/projections/queries/session-status.js';
import { pendingTurns } from '../../src/projections/read-models/pending-turns.js';
import { sessionStatus, type SessionStatusRow } from '../../src/projections/read-models/session-status.js';
import { trackingNumber, type TrackingNumberRow } from '../../src/projections/read-models/tracking-number.js';
import { event, recorded } from '../support/given-projection.js';
import { histories, sealed, uuid } from '../support/projection-events.js';
import { foldInBatches } from '../support/projection-harness.js';

const inStream = (events: readonly AnyRecorded[], stream: string) =>
  events.filter(({ meta }) => meta.stream === stream);
const options = { seed: 20260102, numRuns: 300 };

const fileSteps = [1, 2].flatMap((n) => [
  event('session-a', 'EvidenceUploaded', { evidenceId: uuid(n), mimeType: 'audio/ogg' }),
  event('session-a', 'EvidenceUploaded', { evidenceId: uuid(10 + n), mimeType: 'image/png' }),
  event('session-a', 'EvidenceWithdrawn', { evidenceId: uuid(n) }),
  event('session-a', 'EvidenceWithdrawn', { evidenceId: uuid(10 + n) }),
]);
const otherSteps = [
  event('session-a', 'DetailsRecorded', { details: { description: sealed('d') } }),
  event('session-a', 'DraftWithdrawn'),
  event('session-a', 'FilingStarted'),
  event('session-a', 'SessionRestarted'),
];

/** Read models and deciders fold the same events on their own; here they must agree. */
describe('read models agree with the state that commands are decided on', () => {
  it('about a case', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (events) => {
        const rows = (await foldInBatches(trackingNumber, events, [100])) as readonly TrackingNumberRow[];
        for (const row of rows.filter(({ state }) => state !== 'erased')) {
          const own = inStream(events, `complaint-${row.complaint_id}`);
          if (own[0]?.type !== 'CaseOpened') continue;
          const file = own.reduce((at, event) => evolveComplaint(at, event, event.meta.occurredAt), initialCase);
          // Nothing that citizens see happened since: each side has its own time of filing then.
          if (own.every(({ type }) => type === 'CaseOpened' || type === 'OfficerClassified')) continue;
          expect({ state: row.state, due: row.due_at, reason: row.close_reason, reminders: row.reminders }).toEqual({
            state: file.state,
            due: file.dueAt,
            reason: file.closeReason,
            reminders: file.reminders,
          });
          expect([row.closed_at, row.institution_asked_at, row.changed_at]).toEqual([
            file.closedAt,
            file.institutionAskedAt,
            file.lastChangeAt,
          ]);
        }
      }),
      options,
    );
  });

  it('about a conversation: state, completeness, who assists, what waits for an answer', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (events) => {
        const rows = (await foldInBatches(sessionStatus, events, [100])) as readonly SessionStatusRow[];
        const waiting = await foldInBatches(pendingTurns, events, [100]);
        for (const row of rows) {
          const own = inStream(events, `session-${row.session_id}`);
          if (own[0]?.type !== 'SessionStarted') continue;
          const state = own.reduce((at, event) => evolveSession(at, { event, id: event.meta.id }), initialSession);
          expect([row.state, row.assistance, row.language, row.citizen_messages]).toEqual([
            state.announced,
            state.assistance,
            state.language,
            state.messageCount,
          ]);
          expect(completenessOf(row.facts)).toBe(completeness(state));
          const pending = waiting.find(({ session_id }) => session_id === row.session_id)?.['waiting'] ?? [];
          expect((pending as { messageId: string }[]).map(({ messageId }) => messageId)).toEqual(
            state.pending.map(({ messageId }) => messageId),
          );
        }
      }),
      options,
    );
  });

  it('about whether the story is told, whatever files come and are taken back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...fileSteps, ...otherSteps), { maxLength: 12 }), async (steps) => {
        const events = recorded([event('session-a', 'SessionStarted'), ...steps]);
        const [row] = (await foldInBatches(sessionStatus, events, [100])) as readonly SessionStatusRow[];
        const state = events.reduce((at, one) => evolveSession(at, { event: one, id: one.meta.id }), initialSession);
        expect(row?.facts.described).toBe(isDescribed(state));
      }),
      options,
    );
  });
});
