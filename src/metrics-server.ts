import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startupError } from './platform/startup-error.js';

export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves GET /metrics, and nothing else, on a port of its own.
 * @throws StartupError `port_in_use` when it may not listen there
 */
export const startMetricsServer = async (
  handler: RequestListener,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<MetricsServer> => {
  const server = createServer((request, response) => {
    const path = request.url?.split('?', 1)[0];
    if (path !== '/metrics') response.writeHead(404).end();
    else if (request.method !== 'GET') response.writeHead(405, { Allow: 'GET' }).end();
    else handler(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(startupError('port_in_use', `Metrics cannot be served on ${host} port ${port}. Set METRICS_PORT.`, error)),
    );
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
