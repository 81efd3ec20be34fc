// The arrows of docs/architecture.md: who may import whom. `npm run check` fails when one runs the other way.
const folder = (name) => `^src/${name}/`;
/** `from` may import itself, what stands in `allowed`, and packages; nothing else of ours. */
const only = (from, allowed) => ({
  name: `${from}-imports-only-${['itself', ...allowed].join('-')}`,
  severity: 'error',
  from: { path: folder(from) },
  to: {
    path: '^src/',
    pathNot: [folder(from), ...allowed.map((name) => (name.endsWith('.ts') ? `^src/${name}` : folder(name)))],
  },
});
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    only('platform', []),
    only('events', ['platform']),
    only('commands', ['events', 'platform']),
    only('projections', ['events', 'platform']),
    only('replay', ['events', 'projections', 'platform']),
    only('evidence', ['events', 'commands', 'platform']),
    only('agent', ['events', 'commands', 'projections/queries', 'platform']),
    only('transport', ['events', 'commands', 'projections/queries', 'evidence', 'platform']),
    // Black box: it knows the frames and the table of codes, and nothing of this server.
    only('conformance', ['transport/protocol']),
    {
      name: 'nobody-imports-conformance',
      severity: 'error',
      from: { path: '^src/', pathNot: folder('conformance') },
      to: { path: folder('conformance') },
    },
    {
      name: 'only-one-file-knows-ws',
      severity: 'error',
      // The conformance suite has its own file, as a client.
      from: {
        path: '^src/',
        pathNot: ['^src/transport/websocket/socket-server\\.ts$', '^src/conformance/peer\\.ts$'],
      },
      to: { path: 'node_modules/ws/' },
    },
    {
      name: 'only-one-file-knows-openai',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/agent/model/openai-model\\.ts$' },
      to: { path: 'node_modules/openai/' },
    },
    {
      name: 'only-adapters-know-pg',
      severity: 'error',
      from: { path: '^src/(commands|transport|evidence)/' },
      to: { path: 'node_modules/pg/' },
    },
    {
      name: 'no-dev-packages-in-src',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|bench/emmett)' },
  },
};
