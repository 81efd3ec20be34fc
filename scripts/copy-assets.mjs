// Copies what tsc leaves behind (SQL, JSON data, the static page, texts) from src/ to dist/ and marks the build as whole.
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
cpSync(path.join(root, 'src'), path.join(root, 'dist'), {
  recursive: true,
  filter: (source) => !/\.(ts|tsx)$/.test(source),
});
writeFileSync(path.join(root, 'dist', '.built'), '');
