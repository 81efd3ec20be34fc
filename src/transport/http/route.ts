import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import { bearerIn } from '../bearer.js';
import type { ErrorCode } from '../protocol/codes.js';
import { ok, type ProtocolError, type Result } from '../protocol/result.js';

/** What a handler gets of a request. */
export interface RouteRequest<B> {
  readonly params: Readonly<Record<string, string>>;
  readonly body: B;
  /** Value of a header, if it was sent once. */
  header(name: string): string | undefined;
  /** The client's address as a key for limits. */
  readonly address: string;
  /** `ws://…` or `wss://…` of the host by which the client reached us; null when the request does not tell. */
  readonly websocketBase: string | null;
  /** Correlation id. */
  readonly ref: string;
  /** The body as it comes, for routes that take `bytes`. */
  readonly stream: Readable;
  /** Value of a parameter in the query, if it was sent once. */
  query(name: string): string | undefined;
}

export interface RouteAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Writes the body by itself, for as long as it takes; `body` is not used then. */
  readonly stream?: (response: ServerResponse) => void;
}

/** One route, with all that the OpenAPI document says about it. */
export interface Route {
  readonly method: 'get' | 'post' | 'delete';
  /** With parameters as `:name`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly params?: Readonly<Record<string, { readonly schema: z.ZodType; readonly description: string }>>;
  readonly headers?: Readonly<Record<string, { readonly schema: z.ZodType; readonly description: string }>>;
  readonly query?: Readonly<Record<string, { readonly schema: z.ZodType; readonly description: string }>>;
  readonly body?: {
    readonly schema: z.ZodType;
    readonly required: boolean;
    /** Evidence as base64 comes in some bodies: they may be as large as a frame of the classic profile. */
    readonly carriesFiles: boolean;
    /** The body is no JSON but the bytes of a file, which the route reads from `stream` at its own pace. */
    readonly bytes?: boolean;
  };
  readonly responses: Readonly<
    Record<number, { readonly description: string; readonly schema: z.ZodType; readonly type?: string }>
  >;
  /** Codes of the problems it may answer with, besides `internal`, `bad_json` and the like. */
  readonly problems: readonly ErrorCode[];
  /** `undefined` stands for a request without a body. */
  readonly answer: (request: RouteRequest<unknown>) => Promise<Result<RouteAnswer, ProtocolError>>;
}

export const answer = (status: number, body: unknown, headers?: Readonly<Record<string, string>>) =>
  ok<RouteAnswer>(headers === undefined ? { status, body } : { status, body, headers });

/** The token of `Authorization: Bearer …`, or null. */
export const bearerOf = (request: Pick<RouteRequest<unknown>, 'header'>): string | null =>
  bearerIn(request.header('authorization'));
