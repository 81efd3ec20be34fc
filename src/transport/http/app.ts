import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import helmet from 'helmet';
import { newId } from '../../platform/ids.js';
import type { Logger } from '../../platform/logging.js';
import type { ClientAddresses } from '../client-address.js';
import { faultOf } from '../fault.js';
import type { OriginPolicy } from '../origin-policy.js';
import { protocolError, type ProtocolError } from '../protocol/result.js';
import { bodyDeadline, readBody, type BodyLimits } from './body.js';
import { contentPolicy } from './content-policy.js';
import { sendProblemPage } from './lite/lite-failure.js';
import { createMetricsHandler, type MetricsPage } from './metrics-handler.js';
import type { Route, RouteRequest } from './route.js';
import { refOf, sendProblem } from './send-problem.js';
import type { Site } from './site/load-site.js';
import { serveSite } from './site/serve-site.js';

export interface HttpAppDeps {
  readonly routes: readonly Route[];
  readonly addresses: ClientAddresses;
  readonly isOriginAllowed: OriginPolicy;
  readonly logger: Logger;
  /** Logs an error under a correlation id. */
  readonly report: (error: unknown, ref: string) => void;
  readonly limits: BodyLimits;
  readonly metricsPage?: (MetricsPage & { readonly token: string }) | undefined;
  /** The light pages, at `/lite`. */
  readonly lite: RequestHandler;
  /** The built web application; null when it is not built. */
  readonly site: Site | null;
}

const PREFLIGHT_SECONDS = 600;
/** What the pages never ask a browser for. */
const DENIED = 'camera=(), microphone=(), geolocation=(), payment=(), usb=()';

/** One line per answered request: the route's pattern, never its address, query or body (security.md row 23). */
const logRequests =
  (logger: Logger): RequestHandler =>
  (request, response, next) => {
    const from = performance.now();
    response.setHeader('X-Request-Id', newId());
    response.on('finish', () => {
      const { route = 'other' } = response.locals as { route?: string };
      const ms = Math.round(performance.now() - from);
      const line = { method: request.method, route, status: response.statusCode, ms, ref: refOf(response) };
      if (route === '/healthz' || route === '/readyz') logger.debug(line, 'request');
      else logger.info(line, 'request');
    });
    next();
  };

const securityHeaders = (addresses: ClientAddresses): readonly RequestHandler[] => [
  helmet({ contentSecurityPolicy: false, referrerPolicy: { policy: 'no-referrer' } }),
  (request, response, next) => {
    response.setHeader('Content-Security-Policy', contentPolicy({ host: addresses.hostOf(request) }));
    response.setHeader('Permissions-Policy', DENIED);
    next();
  },
];

/** Lets the allowed pages of other hosts read answers, and refuses to change anything for the others. */
const crossOrigin =
  (isOriginAllowed: OriginPolicy): RequestHandler =>
  (request, response, next) => {
    response.vary('Origin');
    const { origin } = request.headers;
    if (origin === undefined) {
      next();
      return;
    }
    if (!isOriginAllowed(request)) {
      if (request.method === 'GET' || request.method === 'HEAD') {
        next();
        return;
      }
      sendProblem(response, protocolError('origin_rejected'));
      return;
    }
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Access-Control-Expose-Headers', 'X-Request-Id, X-Position, Retry-After');
    if (request.method !== 'OPTIONS') {
      next();
      return;
    }
    response.setHeader('Access-Control-Allow-Methods', 'GET, POST, DELETE');
    response.setHeader(
      'Access-Control-Allow-Headers',
      'Content-Type, Authorization, X-Access-Key, X-File-Name, Last-Event-ID, Cache-Control',
    );
    response.setHeader('Access-Control-Max-Age', String(PREFLIGHT_SECONDS));
    response.status(204).end();
  };

const requestOf = (request: Request, response: Response, { addresses }: HttpAppDeps): RouteRequest<unknown> => {
  const host = addresses.hostOf(request);
  const scheme = addresses.schemeOf(request) === 'https' ? 'wss' : 'ws';
  return {
    params: request.params as Readonly<Record<string, string>>,
    body: request.body as unknown,
    header: (name) => {
      const value = request.headers[name.toLowerCase()];
      return typeof value === 'string' ? value : undefined;
    },
    address: addresses.keyOf(request),
    websocketBase: host === null ? null : `${scheme}://${host}`,
    ref: refOf(response),
    stream: request,
    query: (name) => {
      const values = new URL(request.url, 'http://server.invalid').searchParams.getAll(name);
      return values.length === 1 ? values[0] : undefined;
    },
  };
};

const serve =
  (route: Route, deps: HttpAppDeps): RequestHandler =>
  async (request, response) => {
    const result = await route.answer(requestOf(request, response, deps));
    if (!result.ok) {
      sendProblem(response, result.error);
      return;
    }
    for (const [name, value] of Object.entries(result.value.headers ?? {})) response.setHeader(name, value);
    if (result.value.stream !== undefined) {
      response.status(result.value.status);
      result.value.stream(response);
      return;
    }
    response.status(result.value.status).json(result.value.body);
  };

/** Codes of the body reader's errors, and of addresses that cannot be decoded. */
const knownError = (error: unknown): ProtocolError | null => {
  const { type, status } = error as { type?: unknown; status?: unknown };
  if (type === 'entity.too.large') return protocolError('payload_too_large');
  if (type === 'encoding.unsupported' || type === 'charset.unsupported') return protocolError('unsupported_media_type');
  return typeof status === 'number' && status >= 400 && status < 500 ? protocolError('bad_request') : null;
};

const onError =
  (deps: HttpAppDeps): ErrorRequestHandler =>
  (error: unknown, request, response, _next) => {
    const known = knownError(error);
    if (known === null) deps.report(error, refOf(response));
    if (response.headersSent) response.destroy();
    else answerProblem(request, response, known ?? faultOf(error));
  };

/** A browser that asked for a page is given one, in plain words; programs are given a problem. */
const answerProblem = (request: Request, response: Response, error: ProtocolError): void => {
  const { originalUrl } = request;
  const isOfScript = originalUrl.startsWith('/api/') || originalUrl.startsWith('/lite/session');
  const isLight = /^\/lite(?:[/?]|$)/.test(originalUrl);
  const wantsPage = isLight || (request.headers.accept ?? '').includes('text/html');
  if (!wantsPage || isOfScript) sendProblem(response, error);
  else {
    response.setHeader('Cache-Control', 'no-store');
    sendProblemPage(request, response, error);
  }
};

/** The HTTP side: the routes, the pages of the web application, and for everything else a problem. */
export const createHttpApp = (deps: HttpAppDeps): Express => {
  const app = express();
  app.set('query parser', false);
  app.set('etag', false);
  app.use(logRequests(deps.logger), ...securityHeaders(deps.addresses));
  app.use('/api', crossOrigin(deps.isOriginAllowed), (_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  for (const route of deps.routes) {
    const mark: RequestHandler = (_request, response, next) => {
      response.locals['route'] = route.path;
      next();
    };
    const deadline = route.body?.bytes === true ? [] : [bodyDeadline(deps.limits.frameDeadlineMs)];
    app[route.method](route.path, mark, ...deadline, ...readBody(route, deps.limits), serve(route, deps));
  }
  if (deps.metricsPage !== undefined) {
    const metrics = createMetricsHandler(deps.metricsPage, deps.metricsPage.token);
    app.get('/metrics', (request, response) => {
      response.locals['route'] = '/metrics';
      metrics(request, response);
    });
  }
  app.use('/lite', deps.lite);
  app.use(bodyDeadline(deps.limits.frameDeadlineMs));
  app.use(serveSite(deps.site, (request) => deps.addresses.hostOf(request)));
  app.use((request, response) => answerProblem(request, response, protocolError('not_found')));
  app.use(onError(deps));
  return app;
};
