import { help, readOptions, type Options, type ScenarioName } from './options.js';
import { ack } from './scenarios/ack.js';
import { paused } from './scenarios/paused.js';
import { runPeers } from './scenarios/peers.js';
import { rolling } from './scenarios/rolling.js';
import { cuts, kills, library } from './scenarios/storms.js';
import { upload } from './scenarios/upload.js';

/** Each gives whether nothing of ours was lost, doubled or out of order. */
const scenarios: Readonly<Record<ScenarioName, (options: Options) => Promise<boolean>>> = {
  ...{ cuts, kills, peers: runPeers, library, rolling, paused, upload, ack },
};

const options = readOptions(process.argv.slice(2), process.env);
if (options === null) console.log(help);
else {
  const startedAt = Date.now();
  const minutes = (): string => ((Date.now() - startedAt) / 60_000).toFixed(1);
  for (const [at, name] of options.scenarios.entries()) {
    console.error(`[${minutes()} min] ${name} (${at + 1} of ${options.scenarios.length}) …`);
    if (!(await scenarios[name](options))) process.exitCode = 1;
  }
  console.error(`[${minutes()} min] done`);
}
