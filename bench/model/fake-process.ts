import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface FakeModel {
  /** For OPENAI_BASE_URL. */
  readonly url: string;
  /** Body of the last request that it saw, as it came over the wire. */
  lastBody(): Promise<string>;
  stop(): void;
}

/** Starts the scripted model server (a fake) as a process of its own. */
export const startFakeModel = async (): Promise<FakeModel> => {
  const child = fork(fileURLToPath(new URL('./fake.js', import.meta.url)));
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return {
    url,
    lastBody: async () => {
      const answered = once(child, 'message') as Promise<[{ lastBody?: string }]>;
      child.send('last');
      const [{ lastBody }] = await answered;
      if (lastBody === undefined) throw new Error('The fake model was not asked yet');
      return lastBody;
    },
    stop: () => child.disconnect(),
  };
};
