import type pg from 'pg';
import type { World } from '../resume/world/world.js';
import { isOwnedBy, readCopies, until, type Copy } from './control.js';

const isLive = ({ role }: Copy): boolean => role === 'live';

/** Which of the two servers feeds most read models now; waits until one does. */
const findOwner = (world: World, pool: pg.Pool): Promise<number> =>
  until(async () => {
    const live = (await readCopies(pool)).filter(isLive);
    const owned = world.bases.map(
      (_, index) => live.filter((copy) => isOwnedBy(copy, world.server(index).child.pid ?? 0)).length,
    );
    const most = Math.max(...owned);
    return most === 0 ? undefined : owned.indexOf(most);
  });

/**
 * Kills the server that feeds the read models with `kill -9`, waits until the other one feeds every one of them, and starts the
 * first again; so many times, while events go on coming. Gives the time of each until the last read model had moved on, in ms.
 */
export const takeOvers = async (world: World, pool: pg.Pool, times: number): Promise<readonly number[]> => {
  const taken: number[] = [];
  for (let time = 0; time < times; time++) {
    const victim = await findOwner(world, pool);
    const pid = world.server(victim).child.pid ?? 0;
    const orphans = (await readCopies(pool)).filter((copy) => isLive(copy) && isOwnedBy(copy, pid));
    const from = performance.now();
    await world.stop(victim, 'SIGKILL');
    await until(async () => {
      const copies = (await readCopies(pool)).filter(isLive);
      const moved = orphans.every(({ name, position }) =>
        copies.some(
          (copy) => copy.name === name && copy.owner !== null && !isOwnedBy(copy, pid) && copy.position > position,
        ),
      );
      return moved ? true : undefined;
    });
    taken.push(performance.now() - from);
    await world.restart(victim);
  }
  return taken;
};
