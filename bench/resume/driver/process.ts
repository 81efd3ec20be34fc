import { setMaxListeners } from 'node:events';
import { drive, gather } from './drive.js';
import type { Citizen } from './citizen.js';
import type { FromDriver, Job, ToDriver } from './job.js';

// A driver: a process of its own, so that neither the servers nor the other drivers share its event loop.

let job: Job | undefined;
let citizens: Citizen[] = [];
const stopping = new AbortController();
// Every citizen listens to it.
setMaxListeners(0, stopping.signal);

const tell = (message: FromDriver): void => void process.send?.(message);

const obey = async (message: ToDriver): Promise<void> => {
  switch (message.type) {
    case 'job':
      ({ job } = message);
      citizens = await gather(job);
      tell({ type: 'ready', names: citizens.map(({ name }) => name) });
      return;
    case 'go':
      if (job === undefined) throw new Error('no job');
      tell({ type: 'result', ...(await drive(job, citizens, message.startAt, stopping.signal)) });
      return;
    case 'stop':
      stopping.abort();
      return;
    case 'end':
      for (const citizen of citizens) citizen.close();
      process.exit(0);
  }
};

process.on('message', (message) => {
  obey(message as ToDriver).catch((error: unknown) => {
    console.error('A driver failed', error);
    process.exit(1);
  });
});
process.on('disconnect', () => process.exit(0));
