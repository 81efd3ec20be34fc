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
  for (const name of options.scenarios) if (!(await scenarios[name](options))) process.exitCode = 1;
}
