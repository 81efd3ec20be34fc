import { list, oneOf, onOff, secretText, text, wholeNumber, byteCount } from './setting.js';

/** Where the server listens, where it keeps its data, what it says. */
export const serverSettings = {
  port: wholeNumber({
    env: 'PORT',
    default: 3000,
    min: 0,
    max: 65_535,
    unit: 'TCP port',
    description: 'Port of HTTP and WebSocket. 0 takes a free one.',
  }),
  host: text({
    env: 'HOST',
    default: '0.0.0.0',
    unit: 'address',
    description: 'Address to listen on. 127.0.0.1 serves this machine only.',
  }),
  dataDir: text({
    env: 'DATA_DIR',
    default: './data',
    unit: 'folder',
    description:
      'Holds the embedded PostgreSQL, the evidence and the master key. One server per folder. Back it up whole, with the server stopped.',
  }),
  databaseUrl: secretText({
    env: 'DATABASE_URL',
    unit: 'postgres:// address',
    pattern: /^postgres(ql)?:\/\//,
    message: 'must begin with postgres:// or postgresql://',
    description:
      'PostgreSQL 14 or newer to be used instead of the embedded one. Its schema is created and migrated at start.',
  }),
  pgSchema: text({
    env: 'PG_SCHEMA',
    default: 'citizen',
    unit: 'schema name',
    pattern: /^[a-z_][a-z0-9_]{0,40}$/,
    message: 'must be lower-case letters, digits and underscores, at most 41, not beginning with a digit',
    description: 'PostgreSQL schema that holds all tables of this program.',
  }),
  pgPoolSize: wholeNumber({
    env: 'PG_POOL_SIZE',
    default: 10,
    min: 2,
    max: 1000,
    unit: 'connections',
    description: 'Most connections of one connection pool of this process.',
  }),
  masterKey: secretText({
    env: 'MASTER_KEY',
    unit: '32 bytes, base64 or hex',
    pattern: /^([0-9a-fA-F]{64}|[A-Za-z0-9+/_-]{43}=?)$/,
    message:
      'must be 32 bytes in hex (64 characters) or base64 (44 characters); make one with: openssl rand -base64 32',
    description:
      'Wraps every key that protects personal data. Unset: made at the first start and kept in DATA_DIR/master.key. Without it no personal text can ever be read again.',
  }),
  logLevel: oneOf({
    env: 'LOG_LEVEL',
    words: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    default: 'info',
    description: 'Least important kind of log line that is written.',
  }),
  debug: list({
    env: 'DEBUG',
    unit: 'namespaces',
    description:
      'Namespaces whose debug lines are printed whatever LOG_LEVEL says, such as websocket:* (a leading - leaves one out).',
  }),
  allowedOrigins: list({
    env: 'ALLOWED_ORIGINS',
    unit: 'origins',
    part: {
      pattern: /^https?:\/\/[^/\s*]+$/,
      message: 'must be origins such as https://complaints.example.org, with commas between, without a path',
    },
    description:
      'Pages that may connect, exactly as their browsers name them. Unset: pages of the host the server was reached by (https ones too, because TLS may end at a proxy in front, unless TRUST_PROXY names it and it says otherwise), and of localhost.',
  }),
  classicProfile: onOff({
    env: 'CLASSIC_PROFILE',
    default: 'on',
    description:
      'off closes WebSockets of clients that do not offer leoma.chat.v1, with code 4406. REST of the predecessor (POST /api/agent/message and chat) stays; REQUIRE_LOGIN closes it to whoever only knows an id.',
  }),
  trustProxy: list({
    env: 'TRUST_PROXY',
    unit: 'addresses',
    part: {
      pattern: /^([0-9a-fA-F.:]+(\/\d{1,3})?|loopback|linklocal|uniquelocal)$/,
      message: 'must be addresses or networks such as 10.0.0.5 or 10.0.0.0/8, or loopback, linklocal, uniquelocal',
    },
    description: 'Reverse proxies whose X-Forwarded-* headers are believed. Unset: nobody.',
  }),
  rateLimits: onOff({
    env: 'RATE_LIMITS',
    default: 'on',
    description: 'off lifts the limits per address and per session, for load tests only.',
  }),
  sessionTokenTtlS: wholeNumber({
    env: 'SESSION_TOKEN_TTL_S',
    default: 3600,
    min: 60,
    unit: 's',
    description: 'How long a session token is valid. Clients change it for a new one in time.',
  }),
  sessionTokenGraceS: wholeNumber({
    env: 'SESSION_TOKEN_GRACE_S',
    default: 604_800,
    min: 0,
    unit: 's',
    description:
      'How long after its end a session token can still be changed for a new one, and for nothing else: a phone that was off for a night comes back to its conversation.',
  }),
  integratorJwksUrl: text({
    env: 'INTEGRATOR_JWKS_URL',
    default: '',
    unit: 'https:// address',
    pattern: /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1)[:/])\S+$/,
    message: 'must begin with https:// (http:// only on this machine)',
    description:
      'Keys (JWKS) of the identity provider of the site that this chat is part of; its tokens bind a session to a logged-in user.',
  }),
  integratorJwtSecret: secretText({
    env: 'INTEGRATOR_JWT_SECRET',
    pattern: /^.{32,}$/,
    message: 'must have at least 32 characters; make one with: openssl rand -base64 32',
    description:
      'Secret that such tokens are signed with (HS256 and nothing else; at least 32 characters), instead of INTEGRATOR_JWKS_URL.',
  }),
  integratorIssuer: text({
    env: 'INTEGRATOR_ISSUER',
    default: '',
    unit: 'text',
    description: 'Issuer (iss) that such tokens must name.',
  }),
  integratorAudience: text({
    env: 'INTEGRATOR_AUDIENCE',
    default: '',
    unit: 'text',
    description: 'Audience (aud) that such tokens must name.',
  }),
  requireLogin: onOff({
    env: 'REQUIRE_LOGIN',
    default: 'off',
    description: 'on opens sessions for logged-in users of the site only, and lets nobody into any by its id alone.',
  }),
  shareReplies: onOff({
    env: 'SHARE_REPLIES',
    default: 'on',
    description:
      'With DATABASE_URL: processes tell each other, sealed, what is being written, so that citizens at any of them see it and can stop it.',
  }),
  minFreeDiskBytes: byteCount({
    env: 'MIN_FREE_DISK_BYTES',
    default: '256 MiB',
    min: 0,
    description: 'The server does not start, and takes no evidence, with less free space than this in DATA_DIR.',
  }),
  shutdownTimeoutMs: wholeNumber({
    env: 'SHUTDOWN_TIMEOUT_MS',
    default: 10_000,
    min: 1000,
    unit: 'ms',
    description: 'How long a stop may take before what is still running is cut off.',
  }),
};
