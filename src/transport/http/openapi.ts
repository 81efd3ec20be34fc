import { z } from 'zod';
import { problemSchema } from '../problem.js';
import { errorDefinitions, type ErrorCode } from '../protocol/codes.js';
import type { Route } from './route.js';

type Json = Readonly<Record<string, unknown>>;

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
};

const parameters = (place: 'path' | 'header' | 'query', from: Route['params']): readonly Json[] =>
  Object.entries(from ?? {}).map(([name, { schema, description }]) => ({
    name,
    in: place,
    description,
    required: place === 'path',
    schema: schemaOf(schema, 'input'),
  }));

/** Problems that any route may answer with. */
const common: readonly ErrorCode[] = ['internal', 'unavailable'];
const withBody: readonly ErrorCode[] = ['bad_json', 'payload_too_large', 'unsupported_media_type', 'bad_request'];

const problemResponses = (route: Route): Readonly<Record<string, Json>> => {
  const codes = new Set([...route.problems, ...common, ...(route.body === undefined ? [] : withBody)]);
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { http } = errorDefinitions[code];
    byStatus.set(http, [...(byStatus.get(http) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, list]) => [
      String(status),
      {
        description: list.map((code) => `\`${code}\``).join(', '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
};

const responses = (route: Route): Readonly<Record<string, Json>> => ({
  ...problemResponses(route),
  ...Object.fromEntries(
    Object.entries(route.responses).map(([status, { description, schema, type = 'application/json' }]) => [
      status,
      { description, content: { [type]: { schema: schemaOf(schema, 'output') } } },
    ]),
  ),
});

const operation = (route: Route): Json => ({
  operationId: route.operationId,
  summary: route.summary,
  parameters: [
    ...parameters('path', route.params),
    ...parameters('query', route.query),
    ...parameters('header', route.headers),
  ],
  ...(route.body === undefined
    ? {}
    : {
        requestBody: {
          required: route.body.required,
          content:
            route.body.bytes === true
              ? { '*/*': { schema: { type: 'string', format: 'binary' } } }
              : { 'application/json': { schema: schemaOf(route.body.schema, 'input') } },
        },
      }),
  responses: responses(route),
});

/** `/a/:b` as `/a/{b}`. */
export const openApiPath = (path: string): string => path.replace(/:(\w+)/g, '{$1}');

/** The OpenAPI 3.1 document of these routes, made from the same schemas that check requests. */
export const openApiDocument = (routes: readonly Route[]): Json => {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = openApiPath(route.path);
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Citizen Interface',
      version: '1',
      description:
        'Conversations with the office, and following a complaint by its number. The chat itself runs over WebSocket.',
    },
    paths,
    components: { schemas: { Problem: schemaOf(problemSchema, 'output') } },
  };
};
