import { describe, expect, it } from 'vitest';
import { adminDouble, copyStatus, failedStatus } from '../../../test/support/projection-admin.js';
import type { ProjectionAdmin, RebuildResult, VerifyResult } from '../../projections/admin.js';
import type { ExitCode } from '../output.js';
import type { ProjectionsCommand } from './command.js';
import { runList } from './list.js';
import { runOrder, type Order } from './order.js';
import { runRebuild } from './rebuild.js';
import { runStatus } from './status.js';
import { runVerify } from './verify.js';

/** Runs a command over an administration that does what `over` says. */
const run = async (
  work: (command: ProjectionsCommand) => Promise<ExitCode>,
  over: Partial<ProjectionAdmin> = {},
  signal?: AbortSignal,
) => {
  const { admin, told } = adminDouble(over);
  const written = { out: '', err: '' };
  const output = {
    out: (text: string) => void (written.out += text),
    err: (text: string) => void (written.err += text),
  };
  const code = await work({ admin, output, isTty: false, signal, nowMs: () => 0 });
  return { code, told, ...written };
};
const rebuild = (names: readonly string[], over?: Partial<ProjectionAdmin>, signal?: AbortSignal) =>
  run((command) => runRebuild({ ...command, names }), over, signal);
const verify = (result: VerifyResult, json?: boolean) =>
  run((command) => runVerify({ ...command, names: ['transcript'], json }), { verify: () => Promise.resolve(result) });
const order = (given: Order, over?: Partial<ProjectionAdmin>) =>
  run((command) => runOrder({ ...command, name: 'transcript', order: given }), over);
const status = (names: readonly string[], statuses = [copyStatus()], json?: boolean) =>
  run((command) => runStatus({ ...command, names, json, outIsTty: false }), {
    status: () => Promise.resolve(statuses),
  });

describe('a name that does not exist', () => {
  const wrong = 'There is no projection "transcripts". There are: transcript, pending-turns.\n';
  it.each([
    ['list', (command: ProjectionsCommand) => runList({ ...command, names: ['transcripts'] })],
    ['status', (command: ProjectionsCommand) => runStatus({ ...command, names: ['transcripts'], outIsTty: false })],
    ['rebuild', (command: ProjectionsCommand) => runRebuild({ ...command, names: ['transcripts'] })],
    ['verify', (command: ProjectionsCommand) => runVerify({ ...command, names: ['transcripts'] })],
    ['pause', (command: ProjectionsCommand) => runOrder({ ...command, name: 'transcripts', order: { kind: 'pause' } })],
  ])('is answered by %s with those that there are', async (_name, work) => {
    expect(await run(work)).toMatchObject({ code: 2, out: '', err: wrong });
  });
});

describe('projections list', () => {
  it('shows what the code defines beside what the database has', async () => {
    const { code, out } = await run((command) => runList({ ...command, names: [] }));
    expect(code).toBe(0);
    expect(out).toMatch(/^transcript +3 +2 +97 +1\.4 MiB +v3 live +2: SessionStarted, UserMessageReceived$/m);
    expect(out).toMatch(/^≈ROWS: .* estimates/m);
  });

  it('shows the columns, the key and the events of one', async () => {
    const { out } = await run((command) => runList({ ...command, names: ['transcript'] }));
    expect(out).toContain('  session_id  text (key)\n  ended_at    timestamptz or null\n');
    expect(out).toContain('version 3, live, running: transcript_v3_1, position 1,204, about 97 rows, 1.4 MiB');
  });
});

describe('projections status', () => {
  it('ends with 1 when one stands failed, and with 0 when one is only paused or of an older release', async () => {
    expect((await status([], [copyStatus(), failedStatus])).code).toBe(1);
    expect((await status([], [copyStatus({ state: 'paused' })])).code).toBe(0);
    expect((await status([], [copyStatus({ version: 4 }), failedStatus])).code).toBe(0);
  });

  it('gives programs positions as decimal strings', async () => {
    const { out } = await status([], [copyStatus()], true);
    expect(JSON.parse(out)).toMatchObject([
      { name: 'transcript', position: '1204', lagEvents: '0', headAgeSeconds: 12 },
    ]);
  });

  it('shows one in full when it is named', async () => {
    const { out } = await status(['transcript'], [failedStatus, copyStatus({ name: 'pending-turns' })]);
    expect(out).toContain('What to do:');
    expect(out).not.toContain('pending-turns');
  });

  it('ends with 2 when the database is away, and says so without a stack', async () => {
    const away = { status: () => Promise.reject(new Error('no database')) };
    const { code, err } = await run((command) => runStatus({ ...command, names: [], outIsTty: false }), away);
    expect([code, err]).toEqual([2, 'It could not be done: no database\n']);
  });

  it('can be watched until Ctrl-C, and tells only what is new', async () => {
    const stop = new AbortController();
    const positions = [1n, 1n, 2n];
    const watched = await run(
      (command) => runStatus({ ...command, names: [], json: true, watch: true, outIsTty: false, everyMs: 0 }),
      {
        status: () => {
          const position = positions.shift();
          if (positions.length === 0) stop.abort();
          return Promise.resolve([copyStatus({ position: position ?? 0n })]);
        },
      },
      stop.signal,
    );
    expect(watched.code).toBe(0);
    const lines = watched.out.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as [{ position: string }])[0].position)).toEqual(['1', '2']);
  });

  it('leaves what it showed last on the terminal when a watch ends', async () => {
    const stop = new AbortController();
    const once = () => {
      stop.abort();
      return Promise.resolve([copyStatus()]);
    };
    const { out } = await run(
      (command) => runStatus({ ...command, names: [], watch: true, outIsTty: true }),
      { status: once },
      stop.signal,
    );
    const [, last = ''] = out.split('\u001b[?1049l');
    expect(last).toMatch(/^The event log is at position/);
  });
});

describe('projections status --watch on a terminal', () => {
  const watch = (onQuit?: (quit: () => void) => (() => void) | undefined, signal?: AbortSignal) =>
    run(
      (command) => runStatus({ ...command, names: [], watch: true, outIsTty: true, onQuit }),
      { status: () => Promise.resolve([failedStatus]) },
      signal,
    );

  it('ends when the person presses the key, says which key that is, and keeps the answer', async () => {
    let isListening = true;
    const { code, out } = await watch((quit) => {
      queueMicrotask(() => setImmediate(quit));
      return () => (isListening = false);
    });
    expect(out).toContain('q or Ctrl-C ends this.');
    expect([code, isListening]).toEqual([1, false]);
  });

  it('speaks of no key where nobody can press one', async () => {
    const stop = new AbortController();
    const { out } = await watch(() => {
      setImmediate(() => stop.abort());
      return undefined;
    }, stop.signal);
    expect(out).toContain('\nCtrl-C ends this.');
  });
});

describe('projections rebuild', () => {
  it('says what is live now and what can be done next', async () => {
    const { code, out, err } = await rebuild(['transcript']);
    expect([code, out]).toEqual([0, 'transcript: rebuilt, version 3 is live\n']);
    for (const next of ['verify', 'rollback', 'drop-old']) expect(err).toContain(`citizen projections ${next}`);
  });

  it.each([
    [{ outcome: 'busy' }, 'another process is rebuilding it'],
    [{ outcome: 'cancelled' }, 'called off; the copy is gone'],
    [{ outcome: 'failed', failure: failedStatus.error! }, 'stopped at UserMessageReceived, position 1204: TypeError'],
  ] satisfies (readonly [Pick<RebuildResult, 'outcome' | 'failure'>, string])[])(
    'ends with 1 when it was not: %j',
    async (result, words) => {
      const results = [{ name: 'transcript', version: 3, ...result }];
      const { code, out, err } = await rebuild([], { rebuild: () => Promise.resolve(results) });
      expect(code).toBe(1);
      expect(out).toContain(words);
      expect(err).not.toContain('rollback');
    },
  );

  it('says after Ctrl-C how far it was and how to go on', async () => {
    const stop = new AbortController();
    const { code, err } = await rebuild(
      ['transcript'],
      {
        rebuild: (_names, options) => {
          options?.onProgress?.({ phase: 'load', position: 450n, head: 1000n, eventsPerSecond: 9, etaSeconds: 3 });
          stop.abort();
          return Promise.reject(new Error('aborted'));
        },
      },
      stop.signal,
    );
    expect(code).toBe(2);
    expect(err).toContain('Stopped at position 450 (45 %). The live rows are served on, and what was built is kept.');
    expect(err).toContain('citizen projections rebuild transcript ');
    expect(err).toContain('citizen projections cancel transcript ');
    expect(err).not.toContain('aborted');
  });

  it('says why it broke', async () => {
    const { code, err } = await rebuild([], { rebuild: () => Promise.reject(new Error('no database')) });
    expect(code).toBe(2);
    expect(err).toContain('The rebuild did not end: no database');
  });
});

describe('projections verify', () => {
  const different: VerifyResult = {
    ...{ outcome: 'different', position: 1204n, rows: 97, count: 3 },
    first: {
      ...{ kind: 'changed', key: { session_id: 'hash:ab12' }, columns: ['count'], live: { count: 99 } },
      ...{ rebuilt: { count: 5 }, event: { position: 1203n, type: 'UserMessageReceived', id: '0190aaaa' } },
    },
  };

  it('ends with 0 when all rows are the same', async () => {
    const { code, out } = await verify({ outcome: 'same', position: 1204n, rows: 97 });
    expect([code, out]).toEqual([0, 'transcript: SAME, 97 rows compared at position 1,204\n']);
  });

  it('names the first difference, the event that made the row, and how to mend it, and ends with 1', async () => {
    const { code, out } = await verify(different);
    expect(code).toBe(1);
    expect(out).toContain('transcript: DIFFERENT, 3 of 97 rows at position 1,204\n');
    expect(out).toContain('key       session_id = "hash:ab12"\n');
    expect(out).toContain('UserMessageReceived, position 1203 (event 0190aaaa)\n');
    expect(out).toMatch(/^ {2}count +99 +5$/m);
    expect(out).toContain('citizen projections rebuild transcript');
  });

  it('shows a row that is missing on one side', async () => {
    const first = { ...different.first, kind: 'missing_live' as const, live: null };
    expect((await verify({ ...different, first })).out).toMatch(/lacks this row[^]*count +\(no row\) +5/);
  });

  it('gives programs one object for each', async () => {
    expect(JSON.parse((await verify(different, true)).out)).toMatchObject([
      { name: 'transcript', outcome: 'different', position: '1204', first: { event: { position: '1203' } } },
    ]);
  });

  it.each(['busy', 'cancelled', 'not_live'] as const)(
    'ends with 2 when it could not be compared: %s',
    async (outcome) => {
      const { code, out } = await verify({ outcome });
      expect(code).toBe(2);
      expect(out).toContain('transcript: NOT COMPARED');
    },
  );

  it('compares all of them when none is named', async () => {
    const { out } = await run((command) => runVerify({ ...command, names: [] }));
    expect(out.match(/SAME/g)).toHaveLength(2);
  });
});

describe('an order', () => {
  it.each(['cancel', 'rollback', 'drop-old', 'pause', 'resume', 'retry'] as const)(
    'to %s is passed on; the answer says what was done and what comes next',
    async (kind) => {
      const { code, out, told } = await order({ kind });
      expect(code).toBe(0);
      expect(told[0]?.slice(0, 2)).toEqual([kind, 'transcript']);
      expect(out.split('\n')[0]).toBe(`${kind} is done.`);
      expect(out.split('\n').length).toBeGreaterThan(2);
    },
  );

  it('to skip says which event is left out, and that it is recorded', async () => {
    const skip: Order = { kind: 'skip', position: 1204n, reason: 'a known fault', by: 'staff-7' };
    const { code, out, told } = await order(skip, { status: () => Promise.resolve([failedStatus]) });
    expect(code).toBe(0);
    expect(told).toMatchObject([['skip', 'transcript', { position: 1204n, reason: 'a known fault', by: 'staff-7' }]]);
    expect(out).toContain('Left out of transcript: UserMessageReceived at position 1204 (event 0190aaaa-');
    expect(out).toContain('is recorded');
  });

  it('that is refused ends with 1, with the code and what may help', async () => {
    const refused = { ok: false, code: 'no_previous', message: 'Nothing is kept.' } as const;
    const { code, out, err } = await order({ kind: 'rollback' }, { rollback: () => Promise.resolve(refused) });
    expect([code, out]).toEqual([1, '']);
    expect(err).toBe('Nothing is kept. (no_previous)\nA rebuild keeps the rows of before: citizen projections list\n');
  });
});
