import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** What `npm run build:web` writes beside the files: all that may be served, and nothing else is. */
const manifestSchema = z.strictObject({
  files: z.array(
    z.strictObject({
      /** Path of the address, `/chat/` for `chat/index.html`. */
      path: z.string().startsWith('/'),
      /** Relative to the folder. */
      file: z.string(),
      type: z.string(),
      etag: z.string(),
      /** Never changes under this address. */
      immutable: z.boolean(),
      /** Content codings that lie beside the file as `<file>.br` and `<file>.gz`. */
      codings: z.array(z.enum(['br', 'gzip'])),
      /** Hashes of the inline scripts of a page; null for what is no page. */
      scriptHashes: z.array(z.string().regex(/^sha256-[A-Za-z0-9+/]+=*$/)).nullable(),
    }),
  ),
});

type Manifest = z.infer<typeof manifestSchema>;
export type Coding = 'br' | 'gzip' | 'identity';

export interface SiteFile extends Pick<Manifest['files'][number], 'type' | 'etag' | 'immutable' | 'scriptHashes'> {
  readonly bodies: ReadonlyMap<Coding, Buffer>;
}

/** The built web application by address; about two megabytes, kept in memory. */
export interface Site {
  readonly files: ReadonlyMap<string, SiteFile>;
}

const suffix = { br: '.br', gzip: '.gz' } as const;

/**
 * Reads the built web application.
 * @param folder where `npm run build:web` put it
 * @returns null when it is not built
 * @throws when it is damaged
 */
export const loadSite = (folder: string): Site | null => {
  const manifestFile = path.join(folder, 'site.json');
  if (!existsSync(manifestFile)) return null;
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(manifestFile, 'utf8')));
  const files = manifest.files.map(({ path: address, file, codings, ...about }): readonly [string, SiteFile] => {
    const whole = path.join(folder, file);
    const bodies = new Map<Coding, Buffer>([
      ['identity', readFileSync(whole)],
      ...codings.map((coding) => [coding, readFileSync(whole + suffix[coding])] as const),
    ]);
    return [address, { ...about, bodies }];
  });
  return { files: new Map(files) };
};
