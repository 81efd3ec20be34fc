// Copies what tsc leaves behind (JSON data, the static page, worker scripts) from src/ to the folder given (default dist/) and
// marks that build as whole.
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const target = path.join(root, process.argv[2] ?? 'dist');
cpSync(path.join(root, 'src'), target, {
  recursive: true,
  filter: (source) => !/\.(ts|tsx)$/.test(source),
});
writeFileSync(path.join(target, '.built'), '');
