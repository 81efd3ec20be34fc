import { describe, expect, it } from 'vitest';
import { runRestoreEpoch, type RestoreEpochCommand } from './restore-epoch.js';

const run = async (over: Partial<RestoreEpochCommand>) => {
  const written = { out: '', err: '' };
  let renewed = 0;
  const code = await runRestoreEpoch({
    otherConnections: () => Promise.resolve(0),
    renewLogId: () => Promise.resolve(void (renewed += 1)),
    output: { out: (text) => void (written.out += text), err: (text) => void (written.err += text) },
    confirm: () => Promise.resolve(false),
    ...over,
  });
  return { code, renewed, ...written };
};

describe('citizen restore-epoch', () => {
  it('asks first, and changes nothing without a yes', async () => {
    expect(await run({})).toMatchObject({ code: 1, renewed: 0, err: expect.stringContaining('Nothing was changed') });
  });

  it('does it after a yes, and says what comes next', async () => {
    const result = await run({ confirm: () => Promise.resolve(true) });
    expect(result).toMatchObject({ code: 0, renewed: 1, out: expect.stringContaining('projections rebuild') });
  });

  it('does not ask with --yes', async () => {
    expect(await run({ yes: true })).toMatchObject({ code: 0, renewed: 1 });
  });

  it('is refused while a server has the log open', async () => {
    expect(await run({ yes: true, otherConnections: () => Promise.resolve(3) })).toMatchObject({ code: 2, renewed: 0 });
  });

  it('says what went wrong', async () => {
    const result = await run({ yes: true, renewLogId: () => Promise.reject(new Error('no disk')) });
    expect(result).toMatchObject({ code: 2, err: expect.stringContaining('no disk') });
  });
});
