// Builds the package twice with plain tsc: ES modules and CommonJS, each with its types.
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

rmSync(here('dist'), { recursive: true, force: true });
for (const project of ['tsconfig.build.json', 'tsconfig.cjs.json']) {
  const { status } = spawnSync(process.execPath, [tsc, '-p', here(project)], { stdio: 'inherit' });
  if (status === 0) continue;
  process.stderr.write('The client could not be built: the reason stands above.\n');
  process.exit(1);
}
// The package says "type": "module"; this folder alone is CommonJS.
writeFileSync(here('dist/cjs/package.json'), '{ "type": "commonjs" }\n');
