// Two outputs of one tree. Static (the default): plain files, which our own server serves. Server (`WEB_OUTPUT=server`): a Next
// server in front of the backend. Files that end in `.ts` and mean something to Next (the session route, the proxy) belong to
// the server alone: a static export has no such thing and would refuse them.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const web = path.dirname(fileURLToPath(import.meta.url));

const shared = {
  poweredByHeader: false,
  env: { WEB_OUTPUT: process.env.WEB_OUTPUT ?? 'static' },
  // `/chat/` is a folder with an index.html: no clash of `chat.html` with a folder `chat`.
  trailingSlash: true,
  images: { unoptimized: true },
  // Types are checked by `npm run check:types`, against the client's source; the build uses its bundle (tsconfig.next.json).
  typescript: { ignoreBuildErrors: true, tsconfigPath: 'tsconfig.next.json' },
  turbopack: { root: path.dirname(web), resolveAlias: { './error-styles': './lib/no-styles.ts' } },
};

export default process.env.WEB_OUTPUT === 'server'
  ? // Whoever posts to the session route without a slash at its end gets a session, not a redirect.
    {
      ...shared,
      pageExtensions: ['tsx', 'ts'],
      distDir: '.next',
      skipTrailingSlashRedirect: true,
      experimental: { globalNotFound: true },
    }
  : { ...shared, pageExtensions: ['tsx'], distDir: 'build', output: 'export' };
