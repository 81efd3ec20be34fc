import { describe, expect, it } from 'vitest';
import { createLogger } from '../platform/logging.js';
import { plainLog } from './plain-log.js';

const setup = () => {
  const written: string[] = [];
  const logger = createLogger(
    { logLevel: 'debug' },
    plainLog((text) => void written.push(text)),
  );
  return { written, logger };
};
const broken = { err: { message: 'terminating connection due to administrator command' } };

describe('what a command logs', () => {
  it('is a sentence', () => {
    const { written, logger } = setup();
    logger.warn(broken, 'A database connection broke');
    expect(written).toEqual(['A database connection broke (terminating connection due to administrator command)\n']);
  });

  it('is said once when all connections say it', () => {
    const { written, logger } = setup();
    for (let n = 0; n < 6; n += 1) logger.warn(broken, 'A database connection broke');
    logger.error('Something else');
    expect(written).toHaveLength(2);
  });

  it('steers no terminal', () => {
    const { written, logger } = setup();
    logger.warn({ err: { message: 'a\u001b[2Jb' } }, 'A database connection broke');
    expect(written).toEqual(['A database connection broke (a·[2Jb)\n']);
  });

  it('stays as it is for whoever looks for an error with debug lines', () => {
    const { written, logger } = setup();
    logger.debug({ position: 4711 }, 'read');
    expect(JSON.parse(written[0]!)).toMatchObject({ level: 'debug', position: 4711, msg: 'read' });
  });
});
