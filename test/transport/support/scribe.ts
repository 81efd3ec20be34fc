import type { Agent } from '../../../src/agent/agent.js';

/** An agent that says what the test tells it to, when the test tells it to. */
export const createScribe = () => {
  let write: (text: string) => void = () => undefined;
  let end: (text: string) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  let started: () => void = () => undefined;
  let running = new Promise<void>((resolve) => (started = resolve));
  const agent: Agent = {
    name: 'scribe',
    version: '1',
    takeTurn: ({ onDelta, signal }) =>
      new Promise((resolve, reject) => {
        write = onDelta;
        end = (text) => resolve({ text });
        fail = reject;
        signal.addEventListener('abort', () => reject(new Error('aborted')));
        started();
      }),
  };
  return {
    agent,
    isRunning: async () => {
      await running;
      running = new Promise<void>((resolve) => (started = resolve));
    },
    write: (text: string) => write(text),
    end: (text: string) => end(text),
    fail: () => fail(new Error('down')),
  };
};
