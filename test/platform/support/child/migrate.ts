// Migrates the database at the address given, like one of several processes that start at the same time.
import { migrate } from '../../../../src/platform/migrate.js';
import { createPool } from '../../../../src/platform/postgres-pool.js';

const [url = '', migrations = '[]'] = process.argv.slice(2);
const pool = createPool({ address: { url }, schema: 'citizen', max: 2, applicationName: 'migrating' });
await migrate(pool, 'citizen', JSON.parse(migrations) as { id: string; sql: string }[]);
await pool.end();
