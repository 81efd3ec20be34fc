import { createPool } from '../../src/platform/postgres-pool.js';
import { bareCursor } from '../support/bare-cursor.js';

// Reads the log through a bare cursor, in a process that does nothing else, and says how long it took and how much memory it held.

const [url = ''] = process.argv.slice(2);
const pool = createPool({ address: { url }, schema: 'citizen', max: 1, applicationName: 'bench-cursor' });
const from = performance.now();
const rows = await bareCursor(pool);
const ms = performance.now() - from;
await pool.end();
console.log(JSON.stringify({ rows, ms, peakBytes: process.resourceUsage().maxRSS * 1024 }));
