import { doubtsAbout, loadConfig, type Config } from './platform/config.js';
import { createLogger } from './platform/logging.js';
import { isStartupError } from './platform/startup-error.js';
import { startServer } from './server.js';

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const complain = (text: string): void => void process.stderr.write(`${text}\n`);

/** Which assistant answers, in words; nothing of the key. */
const assistantOf = ({ openaiApiKey, openaiModel, openaiBaseUrl }: Config): string =>
  openaiApiKey === undefined
    ? 'guided (set OPENAI_API_KEY for a language model)'
    : `language model ${openaiModel} at ${new URL(openaiBaseUrl).host}; guided when it is away`;

const announce = (config: Config, port: number): void => {
  const host = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host;
  print(`Leoma is ready: open http://${host}:${port}/ to chat.`);
  print(`  API description   http://${host}:${port}/api/openapi.json`);
  print(
    `  data              ${config.databaseUrl === undefined ? `${config.dataDir} (its own PostgreSQL)` : 'DATABASE_URL'}`,
  );
  print(`  assistant         ${assistantOf(config)}`);
  print('  stop              Ctrl-C');
  for (const doubt of doubtsAbout(config)) complain(`Warning: ${doubt}`);
  if (!config.rateLimits)
    complain('Warning: RATE_LIMITS=off lifts the limits per address and per session. Only for load tests.');
};

const main = async (): Promise<void> => {
  const config = loadConfig(process.env);
  const logger = createLogger(config);
  const server = await startServer(config, logger, {
    onFatal: (error) => {
      logger.fatal({ err: error }, 'The database is lost; the server ends');
      process.exit(1);
    },
  });
  announce(config, server.port);

  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'Stopping');
    // The last resort: whatever still hangs then is not worth waiting for.
    setTimeout(() => process.exit(1), config.shutdownTimeoutMs).unref();
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'The stop was not clean');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
};

main().catch((error: unknown) => {
  if (isStartupError(error)) complain(`${error.message}\n(${error.code})`);
  else complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
