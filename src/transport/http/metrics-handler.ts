import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface MetricsPage {
  text(): Promise<string>;
  readonly contentType: string;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether the request carries the token. Takes as long for a wrong one as for the right one. */
const mayRead = (request: IncomingMessage, token: string): boolean =>
  timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${token}`));

/**
 * Answers GET /metrics, on whatever port.
 * @param token demanded as `Authorization: Bearer …`; undefined lets everybody read who reaches the port
 */
export const createMetricsHandler =
  (page: MetricsPage, token: string | undefined) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    response.setHeader('Cache-Control', 'no-store');
    if (token !== undefined && !mayRead(request, token)) {
      response.setHeader('WWW-Authenticate', 'Bearer');
      response.writeHead(401).end();
      return;
    }
    page.text().then(
      (text) => response.writeHead(200, { 'Content-Type': page.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  };
