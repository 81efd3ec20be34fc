import express, { type Request, type RequestHandler, type Response } from 'express';
import { parseJson } from '../protocol/json.js';
import { protocolError, type ProtocolError } from '../protocol/result.js';
import type { Route } from './route.js';
import { sendProblem } from './send-problem.js';
import type { Patience, SlowForm } from './slow-forms.js';

export interface BodyLimits {
  /** Of bodies that carry files. */
  readonly maxClassicFrameBytes: number;
  readonly maxJsonDepth: number;
  /** Time within which a body must be complete. */
  readonly frameDeadlineMs: number;
}

/** Bodies without files. */
const MAX_SMALL_BODY_BYTES = 64 * 1024;

const hasBody = (request: Request): boolean =>
  request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;

/** Reads the body as text first: size and depth are checked before it is parsed (security.md row 10). */
export const readBody = (route: Route, limits: BodyLimits): readonly RequestHandler[] => {
  if (route.body === undefined || route.body.bytes === true) return [];
  const maxBytes = route.body.carriesFiles ? limits.maxClassicFrameBytes : MAX_SMALL_BODY_BYTES;
  const checkType: RequestHandler = (request, response, next) => {
    if (hasBody(request) && request.is(['json', '+json']) === false) {
      sendProblem(response, protocolError('unsupported_media_type'));
      return;
    }
    next();
  };
  const parse: RequestHandler = (request, response, next) => {
    const text: unknown = request.body;
    if (typeof text !== 'string' || text === '') {
      request.body = undefined;
      next();
      return;
    }
    const json = parseJson(text, { maxBytes, maxDepth: limits.maxJsonDepth });
    if (!json.ok) {
      sendProblem(response, json.error.code === 'bad_frame' ? protocolError('bad_request') : json.error);
      return;
    }
    request.body = json.value;
    next();
  };
  return [checkType, express.text({ type: () => true, limit: maxBytes }), parse];
};

type Refuse = (request: Request, response: Response, error: ProtocolError) => void;

/** How often is looked at a body that may take longer than its deadline. */
const WATCH_MS = 5000;

interface DeadlineOptions {
  /** Says so; default as an HTTP problem. */
  readonly refuse?: Refuse;
  /** Who may take longer; default nobody. */
  readonly patience?: Patience;
}

/** Cuts a request whose body is not complete in time (security.md row 14), whether somebody reads it or not. */
export const bodyDeadline =
  (
    ms: number,
    { refuse = (_request, response, error) => sendProblem(response, error), patience }: DeadlineOptions = {},
  ): RequestHandler =>
  (request, response, next) => {
    let slow: SlowForm | null = null;
    let timer: NodeJS.Timeout | undefined;
    const clear = (): void => {
      clearTimeout(timer);
      slow?.end();
      slow = null;
    };
    const cut = (): void => {
      clear();
      // Answered already, unread: a header now would throw, and nobody could catch it here.
      if (response.headersSent) {
        request.destroy();
        return;
      }
      response.setHeader('Connection', 'close');
      response.once('finish', () => request.destroy());
      refuse(request, response, protocolError('too_slow'));
    };
    const watch = (): void => {
      if (slow?.goesOn(WATCH_MS) === true) timer = setTimeout(watch, WATCH_MS);
      else cut();
    };
    const due = (): void => {
      if (request.complete) return;
      slow = response.headersSent ? null : (patience?.(request) ?? null);
      if (slow === null) cut();
      else timer = setTimeout(watch, WATCH_MS);
    };
    if (!request.complete && hasBody(request)) timer = setTimeout(due, ms);
    request.once('end', clear);
    request.once('close', clear);
    next();
  };
