// The worker thread: one job after the other, answered under its number.
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { decodeBase64, loadReceived, sealBytes, transferable } from './bytes-work.mjs';

const run = (job) => {
  if (job.kind === 'decode') return decodeBase64(job.text);
  if (job.kind === 'load') return loadReceived(job.path, job.key, job.iv);
  return sealBytes(job.bytes, job.key, job.aad);
};

// Files can wait, chats cannot. Linux gives the priority to this thread alone; elsewhere it would be the whole process's.
if (process.platform === 'linux') setPriority(10);

parentPort.on('message', ({ number, job }) => {
  try {
    const result = run(job);
    // A copy would cost the thread that serves the chats.
    parentPort.postMessage({ number, result }, result === null ? [] : transferable(result.bytes ?? result));
  } catch (error) {
    parentPort.postMessage({ number, error: String(error) });
  }
});
