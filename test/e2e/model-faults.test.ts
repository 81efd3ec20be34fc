import { describe, expect, it } from 'vitest';
import { faultKindCount } from '../../demo/faulty-model.js';
import { fileAll } from '../../demo/file-all.js';

// A smaller `npm run demo:file-all -- --model-faults 5`: more faults among fewer citizens, so that every kind comes twice, once for
// one call of a turn and once for all of them.
describe('Statements are filed through a scripted language model that fails in every way', () => {
  it('all end completed, with exactly one reply to each message, through a kill -9 too', async () => {
    const report = await fileAll({
      atOnce: 20,
      citizens: 60,
      kill: true,
      modelFaults: 30,
      onProgress: () => undefined,
    });
    expect(report.faults).toEqual([]);
    expect(report).toMatchObject({ citizens: 60, completed: 60, received: 60, kills: 1, chainIntact: true });
    expect(Object.keys(report.model?.injected ?? {})).toHaveLength(faultKindCount);
    expect(report.model?.byModel).toBeGreaterThan(60);
  }, 600_000);
});
