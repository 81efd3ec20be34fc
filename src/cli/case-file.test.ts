import { expect, it } from 'vitest';
import type { AnyRecorded } from '../events/catalogue/index.js';
import type { RecordedEvent } from '../events/store.js';
import { caseFileText } from './case-file.js';

const complaintId = '00000000-0000-4000-8000-000000000001';
const file = (evidenceId: string, name: string): [string, unknown] => [
  'EvidenceUploaded',
  { evidenceId, name, mimeType: 'image/jpeg', sizeBytes: 12_345 },
];
const details = (description: string, descriptionMode = 'replace'): [string, unknown] => [
  'DetailsRecorded',
  { details: { description }, descriptionMode },
];
const filed = (id: string, evidenceIds: readonly string[]): [string, unknown] => [
  'ComplaintSubmitted',
  { complaintId: id, trackingLookup: 'x', evidenceIds },
];

const textOf = (events: readonly [string, unknown][], open = true): Promise<string> => {
  async function* readStream(stream: string): AsyncGenerator<RecordedEvent> {
    await Promise.resolve();
    if (!stream.startsWith('session-')) return;
    for (const [index, [type, data]] of events.entries()) {
      const meta = { stream, position: BigInt(index + 1), occurredAt: '2026-05-12T14:03:00.000Z' };
      yield { type, data, meta } as unknown as RecordedEvent;
    }
  }
  const readAll = () => readStream('none');
  const codec = { decode: (event: RecordedEvent) => event as unknown as AnyRecorded };
  const reader = { masked: false, openText: (text: string) => Promise.resolve(text) };
  return caseFileText(
    { store: { readStream, readAll }, codec },
    { complaintId, sessionId: 's1' },
    open ? reader : undefined,
  );
};

it('lists a file with kind and size, and its name only to who may read', async () => {
  const events = [file('e1', 'receipt.jpg'), filed(complaintId, ['e1'])];
  expect(await textOf(events, false)).toContain('2026-05-12 14:03  file, image/jpeg, 12,345 bytes\n');
  expect(await textOf(events, false)).not.toContain('receipt');
  expect(await textOf(events)).toContain('    receipt.jpg');
});

it('shows the last description with what was added to it, and not what it replaced', async () => {
  const text = await textOf([details('first'), details('second'), details('third', 'append'), filed(complaintId, [])]);
  expect(text).not.toContain('first');
  expect(text).toMatch(/second[^]*third/);
});

it('shows nothing of another complaint of the same conversation', async () => {
  const other = '00000000-0000-4000-8000-000000000002';
  const before = [details('other story'), file('e1', 'other.jpg'), filed(other, ['e1'])];
  const text = await textOf([...before, details('own story'), filed(complaintId, []), details('later story')]);
  expect(text).toContain('own story');
  expect(text).not.toMatch(/other|later/);
});
