// What stands between Next's export and the server: only what browsers ask for is kept, pages that need no framework lose its
// scripts, the inline scripts of the others are hashed for the Content Security Policy, and everything is compressed once.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};
/** Pages of plain text and links: they work, and are a tenth as heavy, without a framework. `/small.js` stays. */
const quiet = ['', 'data/', 'exit/', 'missing/'];
const languages = ['', 'kri/'];
/** Payloads for client-side navigation, which no page here uses, and Next's own error pages. */
const isUnused = (file) => /^(404|_not-found)[./]|\.txt$|_(build|ssg|clientMiddleware)Manifest\.js$/.test(file);

const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)).replaceAll(path.sep, '/'),
    )
    .sort();

const withoutScripts = (html) =>
  html
    .replace(/<script\b(?![^>]*src="\/small\.js")[^>]*>[^]*?<\/script>/g, '')
    .replace(/<link\b[^>]*\bas="script"[^>]*>/g, '');

/** The way out comes before all that Next puts there: browsers ask for few files at a time. */
const wayOutFirst = (html) => {
  const [tag] = /<script\b[^>]*src="\/small\.js"[^>]*><\/script>/.exec(html) ?? [];
  return tag === undefined || !html.includes('<head>') ? html : html.replace(tag, '').replace('<head>', `<head>${tag}`);
};

/** Hashes of inline scripts, as a policy names them. */
export const inlineHashes = (html) => [
  ...new Set(
    [...html.matchAll(/<script\b(?![^>]*\bsrc=)[^>]*>([^]*?)<\/script>/g)].map(
      ([, text]) => `sha256-${createHash('sha256').update(text).digest('base64')}`,
    ),
  ),
];

const compress = (file, body) => {
  const brotli = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: body.length } });
  const gzip = gzipSync(body, { level: 9 });
  if (gzip.length >= body.length) return [];
  writeFileSync(`${file}.br`, brotli);
  writeFileSync(`${file}.gz`, gzip);
  return ['br', 'gzip'];
};

/** Puts the finished site of `source` into `target`, in one move. */
export const finish = (source, target) => {
  const making = `${target}.new`;
  rmSync(making, { recursive: true, force: true });
  const quietPages = new Set(languages.flatMap((language) => quiet.map((page) => `${language}${page}index.html`)));
  const kept = filesIn(source).filter((file) => !isUnused(file));
  const pages = new Map(
    kept
      .filter((file) => file.endsWith('.html'))
      .map((file) => {
        const html = wayOutFirst(readFileSync(path.join(source, file), 'utf8'));
        return [file, quietPages.has(file) ? withoutScripts(html) : html];
      }),
  );
  const files = kept.map((file) => {
    const to = path.join(making, file);
    mkdirSync(path.dirname(to), { recursive: true });
    if (pages.has(file)) writeFileSync(to, pages.get(file));
    else cpSync(path.join(source, file), to);
    const body = readFileSync(to);
    return {
      path: `/${file.replace(/(^|\/)index\.html$/, '$1')}`,
      file,
      type: types[path.extname(file)] ?? 'application/octet-stream',
      etag: createHash('sha256').update(body).digest('base64url').slice(0, 22),
      immutable: file.startsWith('_next/static/') || /^live\/.*-[A-Z0-9]{8}\.js$/.test(file),
      codings: compress(to, body),
      scriptHashes: pages.has(file) ? inlineHashes(pages.get(file)) : null,
    };
  });
  writeFileSync(path.join(making, 'site.json'), JSON.stringify({ files }));
  rmSync(target, { recursive: true, force: true });
  renameSync(making, target);
};
