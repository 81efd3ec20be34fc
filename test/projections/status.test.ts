import { describe, expect, it } from 'vitest';
import { fixedClock } from '../../src/platform/clock.js';
import { healthOf } from '../../src/projections/queries/health.js';
import { readStatus } from '../../src/projections/status.js';
import { createStory, timeOf } from '../support/projection-events.js';
import { patience, useContext } from './support/context.js';
import { adminOf, counter, counterV2, talk } from './support/counter.js';

describe('the status of read models', () => {
  const context = useContext();
  const statusAt = (time: string) =>
    readStatus(context.database.pool, () => context.log.head(), context.log, fixedClock(time));

  it('says for how long the oldest event that is missing has been recorded, and how old the head is', async () => {
    const events = talk(30);
    context.log.publish(events.slice(0, 10));
    const runner = await context.run([counter]);
    await runner.waitFor(10n, patience);
    await runner.stop();
    expect(await statusAt(timeOf(500))).toMatchObject([{ lagEvents: 0n, lagSeconds: 0, headAgeSeconds: 490 * 60 }]);
    context.log.publish(events.slice(10));
    const behind = { lagEvents: 20n, lagSeconds: 489 * 60, headAgeSeconds: 470 * 60 };
    expect(await statusAt(timeOf(500))).toMatchObject([behind]);
  });

  it('calls nothing old to which no event has mattered for long', async () => {
    const story = createStory();
    story.add('session-a', 'LanguageChanged', { language: 'kri' });
    for (let n = 0; n < 20; n += 1) story.add('session-a', 'AnswersShown', {});
    context.log.publish(story.events.slice(0, 20));
    const runner = await context.run([counter]);
    await runner.waitFor(20n, patience);
    await runner.stop();
    context.log.publish(story.events.slice(20));
    expect(await statusAt(timeOf(21))).toMatchObject([{ lagEvents: 1n, lagSeconds: 0 }]);
  });

  it('tells the copies that serve from those of other versions, those that are built, and those that are kept', async () => {
    context.log.publish(talk(10));
    const old = await context.run([counter]);
    await old.waitFor(10n, patience);
    const fresh = await context.run([counterV2]);
    await fresh.waitFor(10n, patience);
    await adminOf(context.database.createPool(), context.log, { projections: [counterV2] }).rebuild(['counter']);
    const all = await statusAt(timeOf(10));
    expect(all.map(({ version, role }) => `${version} ${role}`)).toEqual(['1 live', '2 live', '2 previous']);
    expect(healthOf([counterV2], all)).toMatchObject([{ version: 2, state: 'running', lagEvents: 0n }]);
    expect(healthOf([counter], all)).toMatchObject([{ version: 1, state: 'running' }]);
  });
});
