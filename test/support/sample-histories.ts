import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { complaintStream, sessionStream, type DomainEvent } from '../../src/events/catalogue/index.js';
import type { CaseState } from '../../src/events/catalogue/complaint.js';
import type { EventToAppend } from '../../src/events/event-log.js';
import { deterministicId } from '../../src/platform/ids.js';

/** One stream with all its events, to be appended in one or several pieces. */
export interface History {
  readonly stream: string;
  readonly events: readonly EventToAppend[];
}

const NAMESPACE = '6f1c1d0e-3f0b-4c53-9d6a-0d7f3a3d8a11';
/** The folder with package.json, also when this file was compiled into another folder. */
function repositoryRoot(from = path.dirname(fileURLToPath(import.meta.url))): string {
  return existsSync(path.join(from, 'package.json')) ? from : repositoryRoot(path.dirname(from));
}

/** The folder of the sample data: `DATA_SAMPLES`, or the full data beside the repository, or what comes with it. */
function samplesFolder(): string {
  const repository = repositoryRoot();
  const beside = path.resolve(repository, '../shared/data');
  return process.env['DATA_SAMPLES'] ?? (existsSync(beside) ? beside : path.join(repository, 'samples'));
}

const read = (file: string): string[] =>
  readFileSync(path.join(samplesFolder(), file), 'utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '');

/** Builds the events of one stream, one every minute. */
function writer(stream: string, subject: string, startMs: number) {
  const events: EventToAppend[] = [];
  return {
    events,
    add: (event: DomainEvent, kind: EventToAppend['actor']['kind'] = 'citizen', atMs?: number): string => {
      const id = deterministicId(`${stream}/${events.length}`, NAMESPACE);
      const occurredAt = new Date(atMs ?? startMs + events.length * 60_000).toISOString();
      events.push({ event, id, occurredAt, actor: { kind }, subject });
      return id;
    },
  };
}

/** A conversation in which a citizen says this, submits it and says yes; some send a file or want a person. */
function conversation(name: string, text: string, startMs: number, n: number): History {
  const sessionId = deterministicId(name, NAMESPACE).replaceAll('-', '').slice(0, 22);
  const stream = sessionStream(sessionId);
  const { events, add } = writer(stream, sessionId, startMs);
  const agent = { name: 'guided', version: '1', latencyMs: 3 };
  const say = (said: string, evidenceIds: string[] = []): string =>
    add({ type: 'UserMessageReceived', data: { text: said, evidenceIds } });
  const reply = (answers: string, said: string, onceText?: string): void => {
    const data = { answers, text: said, quickReplies: [], agent, ...(onceText === undefined ? {} : { onceText }) };
    add({ type: 'AgentReplied', data }, 'agent');
  };
  const move = (
    from: 'greeting' | 'evidence_upload' | 'submission',
    to: 'evidence_upload' | 'submission' | 'completed',
  ) => add({ type: 'SessionStateChanged', data: { from, to } }, 'agent');

  const policy = { policyVersion: '1', taxonomyVersion: '1' };
  add({ type: 'SessionStarted', data: { language: n % 9 === 0 ? 'kri' : 'en', channel: 'web', ...policy } });
  const evidenceId = deterministicId(`${name}/file`, NAMESPACE);
  if (n % 5 === 0) {
    const file = { name: 'photo.jpg', mimeType: 'image/jpeg', sizeBytes: 1000 + n, sha256: 'ab'.repeat(32) };
    add({ type: 'EvidenceUploaded', data: { evidenceId, ...file } });
  }
  const first = say(text, n % 5 === 0 ? [evidenceId] : []);
  add({ type: 'FilingStarted', data: {} }, 'agent');
  add({ type: 'DetailsRecorded', data: { details: { description: text }, descriptionMode: 'replace' } }, 'agent');
  move('greeting', 'evidence_upload');
  reply(first, 'Thank you. Do you have a photo or a letter that shows this?');
  if (n % 17 === 0) {
    const person = say('I want to talk to a person');
    add({ type: 'HumanRequested', data: { reason: 'asked' } }, 'agent');
    if (n % 2 === 0) reply(person, 'A person will read this.');
  }
  const submit = say('submit');
  add({ type: 'AnswersShown', data: {} }, 'agent');
  move('evidence_upload', 'submission');
  reply(submit, 'Please check your answers. Shall I file this?');
  if (n % 23 === 0) return { stream, events };
  const yes = say('yes');
  const submitted = {
    complaintId: deterministicId(`${name}/complaint`, NAMESPACE),
    trackingNumber: 'OMB-7K3D-9QWX-2FHT',
    trackingLookup: deterministicId(`${name}/lookup`, NAMESPACE),
    accessKeyHash: 'scrypt$10$c2FsdA$aGFzaA',
    confirmedBy: yes,
    standing: 'informant' as const,
    identityMode: 'anonymous' as const,
    category: null,
    institution: null,
    evidenceIds: n % 5 === 0 ? [evidenceId] : [],
  };
  add({ type: 'ComplaintSubmitted', data: submitted }, 'agent');
  move('submission', 'completed');
  reply(yes, 'Your complaint is filed.', 'ABCD-EFGH-JKMN-PQRS');
  return { stream, events };
}

/** `copies` times every civic statement, each a conversation of its own. */
export function* conversations(copies = 1): Generator<History> {
  const statements = read('civic-statements.jsonl').map(
    (line) => JSON.parse(line) as { id: string; postedAt: number; text: string },
  );
  for (let copy = 0; copy < copies; copy += 1) {
    for (const [n, { id, postedAt, text }] of statements.entries()) {
      yield conversation(`${id}/${copy}`, text, postedAt, n);
    }
  }
}

/** The cells of a line of CSV; quoted cells may hold commas. */
const cells = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

const timeOf = (text: string | undefined): number | undefined => {
  const ms = Date.parse(`${text ?? ''} UTC`);
  return Number.isNaN(ms) ? undefined : ms;
};

const endOf = (status: string): { to: CaseState; reason?: 'remedied' | 'duplicate' | 'referred' } | undefined => {
  if (status.includes('Duplicate')) return { to: 'duplicate', reason: 'duplicate' };
  if (status.includes('Transferred')) return { to: 'referred', reason: 'referred' };
  return status.startsWith('Closed') ? { to: 'closed', reason: 'remedied' } : undefined;
};

/** A municipal service request as the history of a case: opened, moved on, with its due day, and closed as it was. */
function serviceRequest(line: string, n: number): History | undefined {
  const [id, , kind = '', , created, status = '', statusAt, due, closed, agency = ''] = cells(line);
  const start = timeOf(created);
  if (id === undefined || start === undefined) return undefined;
  const complaintId = deterministicId(`request/${n}/${id}`, NAMESPACE);
  const subject = complaintId.replaceAll('-', '').slice(0, 22);
  const { events, add } = writer(complaintStream(complaintId), subject, start);
  const moved = (from: CaseState, to: CaseState, atMs: number, more: object = {}): string =>
    add({ type: 'CaseMoved', data: { from, to, ...more } }, 'officer', atMs);
  const opened = {
    complaintId,
    sessionId: subject,
    trackingLookup: deterministicId(`lookup/${n}/${id}`, NAMESPACE),
    standing: 'complainant' as const,
    category: kind.slice(0, 60),
    institution: agency,
    filedAt: new Date(start).toISOString(),
  };
  add({ type: 'CaseOpened', data: opened }, 'system', start);
  const dueMs = timeOf(due);
  const dueAt = dueMs === undefined ? {} : { dueAt: new Date(dueMs).toISOString() };
  moved('received', 'screening', start + 60_000, dueAt);
  if (n % 7 === 0) {
    moved('screening', 'info_requested', start + 120_000, dueAt);
    if (n % 2 === 0) add({ type: 'CitizenAnswered', data: { text: 'Here it is.', evidenceIds: [] } });
    moved('info_requested', 'screening', start + 180_000);
  }
  moved('screening', 'institution_asked', start + 240_000, { ...dueAt, target: agency });
  if (n % 3 === 0) add({ type: 'InstitutionReminded', data: { reminder: 1 } }, 'officer');
  const end = endOf(status);
  if (end !== undefined) {
    const { to, ...why } = end;
    moved('institution_asked', to, timeOf(closed) ?? timeOf(statusAt) ?? start + 300_000, why);
  }
  if (n % 50 === 0) add({ type: 'CaseDisputed', data: { text: 'It is not mended.' } });
  return { stream: complaintStream(complaintId), events };
}

/** Every service request of the sample as the history of a case. */
export function* serviceRequests(): Generator<History> {
  for (const [n, line] of read('service-requests.csv').slice(1).entries()) {
    const history = serviceRequest(line, n);
    if (history !== undefined) yield history;
  }
}
