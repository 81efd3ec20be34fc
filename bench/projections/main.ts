import { help, readOptions } from './options.js';
import { isProven, printProjections } from './report.js';
import { runProjections } from './run.js';

const options = readOptions(process.argv.slice(2));
if (options === null) console.log(help);
else {
  const startedAt = performance.now();
  const say = (what: string): void =>
    console.error(`[${((performance.now() - startedAt) / 60_000).toFixed(1)} min] ${what}`);
  const figures = await runProjections(options, say).catch((error: unknown) => {
    console.error(error);
    // Drivers and readers would keep it alive; they end with it.
    process.exit(1);
  });
  say('done');
  printProjections(figures);
  process.exitCode = isProven(figures) ? 0 : 1;
}
