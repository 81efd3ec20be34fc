import { describe, expect, it } from 'vitest';
import { copyStatus, failedStatus } from '../../../test/support/projection-admin.js';
import { detailText } from './detail-text.js';
import { overviewText, stateOf } from './status-text.js';

const waiting = { failures: 3, reason: 'disk_full', since: '2026-05-12T14:00:00.000Z' };
const building = copyStatus({
  ...{ role: 'building', phase: 'load', position: 450_000n, head: 1_000_000n, lagEvents: 550_000n },
  ...{ lagSeconds: 86_400, eventsPerSecond: 70_000, etaSeconds: 8, table: 'transcript_v3_13' },
});

describe('the state of a copy in a word', () => {
  it.each([
    [copyStatus(), 'running'],
    [copyStatus({ state: 'paused' }), 'paused'],
    [failedStatus, 'failed'],
    [copyStatus({ waiting }), 'waiting'],
    [building, 'loading 45%'],
    [copyStatus({ ...building, phase: 'index' }), 'indexing'],
    [copyStatus({ ...building, phase: 'follow', position: 999_999n }), 'catching up 99%'],
    [copyStatus({ ...building, phase: 'swap' }), 'taking over'],
    [copyStatus({ ...building, phase: null, owner: null }), 'stopped 45%'],
    [copyStatus({ role: 'previous', owner: null }), 'kept'],
  ])('is right', (status, word) => {
    expect(stateOf(status)).toBe(word);
  });
});

describe('the table of all copies', () => {
  it('begins with the head of the log and its age', () => {
    const text = overviewText([copyStatus({ head: 1_234_567n })], 120);
    expect(text.split('\n')[0]).toBe('The event log is at position 1,234,567; its last event is 12 s old.');
  });

  it('has one line for each copy and nothing more when all is well', () => {
    const lines = overviewText([copyStatus(), copyStatus({ role: 'previous', owner: null })], 120).split('\n');
    expect(lines.slice(2)).toEqual([
      'NAME        VER  COPY      STATE    POSITION  BEHIND  FOR  EVENTS/S  LEFT  OWNER',
      'transcript    3  live      running     1,204       0  0 s         7     -  office-1/4711/0a1b2c3d',
      'transcript    3  previous  kept        1,204       0  0 s         7     -  -',
      '',
    ]);
  });

  it('fits 120 columns with long names, long owners and big numbers', () => {
    const big = copyStatus({
      ...{ ...building, name: 'institution-answers', position: 123_456_789n, head: 987_654_321n, etaSeconds: 5000 },
      ...{ lagEvents: 864_197_532n, owner: `${'h'.repeat(40)}/1234567/0a1b2c3d/build`, eventsPerSecond: 123_456 },
    });
    const widths = overviewText([big], 120)
      .split('\n')
      .map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(120);
  });

  it('tells the rate and the time left of a rebuild', () => {
    expect(overviewText([building], 120)).toMatch(/building +loading 45% +450,000 +550,000 +24 h +70,000 +8 s/);
  });

  it('says where one stopped, and where to read more', () => {
    const text = overviewText([failedStatus], 120);
    expect(text).toContain('transcript stopped at UserMessageReceived, position 1204: TypeError: row is null');
    expect(text).toContain('citizen projections status transcript');
  });

  it.each([
    [copyStatus({ state: 'paused', pausedReason: 'disk work' }), 'transcript is paused (disk work). Go on with:'],
    [
      copyStatus({ waiting }),
      'transcript waits: the database does not take its rows. It goes on by itself.\n  (the disk is full, disk_full; 3 tries failed',
    ],
    [copyStatus({ waiting: { ...waiting, reason: '42703' } }), '(a column is missing, 42703; 3 tries failed'],
    [copyStatus({ waiting: { ...waiting, reason: 'EIO' } }), '(code EIO; 3 tries failed'],
    [
      copyStatus({ ...building, owner: null }),
      'A rebuild of transcript was stopped at position 450,000.\n  Go on with: citizen projections rebuild transcript;',
    ],
    [copyStatus({ owner: null, lagEvents: 5n }), 'Nobody applies events to transcript, version 3: no server with this'],
  ])('says what a person should know', (status, words) => {
    expect(overviewText([status], 120)).toContain(words);
  });

  it('says of a copy of an older release only that it can go, once nobody uses it', () => {
    const old = copyStatus({ ...failedStatus, version: 2 });
    const text = overviewText([copyStatus(), old], 120);
    expect(text).toContain('Version 2 of transcript belongs to an older release; once no process of it runs: citizen');
    expect(text).not.toContain('stopped at');
  });

  it('says so when there is nothing yet', () => {
    expect(overviewText([], 120)).toBe('There are no read models yet: they are made when a server starts.\n');
    expect(overviewText([copyStatus({ head: 0n, headAgeSeconds: null })], 120)).toContain('The event log is empty.');
  });
});

describe('all about one read model', () => {
  it('shows position, type, id, error and stack of the event at which it stopped', () => {
    const text = detailText([failedStatus]);
    for (const part of [
      'event      UserMessageReceived, position 1204',
      'id         0190aaaa-0000-7000-8000-000000000000',
      'error      TypeError: row is null',
      'stack      at apply (transcript.js:10:3)',
      '           at fold (fold.js:20:5)',
    ])
      expect(text).toContain(`  ${part}\n`);
  });

  it('gives the commands that mend it, ready to be copied', () => {
    const text = detailText([failedStatus]);
    expect(text).toContain('citizen projections retry transcript\n');
    expect(text).toContain('citizen projections skip transcript --position 1204 --reason "…" --officer <staff id>');
  });

  it('offers to make the table anew, should it be the table that is wrong', () => {
    expect(detailText([failedStatus])).toContain('citizen projections rebuild transcript\n');
  });

  it('says of kept rows that stopped in a roll-back that they are not the ones that are served', () => {
    const text = detailText([{ ...failedStatus, role: 'previous' }]);
    expect(text).toContain('The live rows are served on.\n');
    expect(text).toContain('citizen projections drop-old transcript\n');
    expect(text).not.toMatch(/retry|skip/);
  });

  it('shows each copy with its owner, rate and lag', () => {
    const text = detailText([copyStatus({ skipped: 1 }), building]);
    expect(text).toContain('transcript, version 3, live: running\n');
    expect(text).toContain('  owner      office-1/4711/0a1b2c3d\n');
    expect(text).toContain('  left out   1 event by decision of a person\n');
    expect(text).toContain('  behind     550,000 events, 24 h, about 8 s left\n');
  });
});
