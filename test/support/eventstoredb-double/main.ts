// The double as a process of its own, for benchmarks and for trying things out. It is no database: see index.ts.
import { startDouble } from './index.js';

const double = await startDouble();
console.log(double.url);
process.once('SIGTERM', () => void double.stop());
process.once('SIGINT', () => void double.stop());
