import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifyContextConfig, FastifyInstance } from 'fastify';

type Json = Record<string, unknown>;
type Paths = NonNullable<NonNullable<FastifyDynamicSwaggerOptions['openapi']>['paths']>;

/**
 * Describes every route that is added after this call, as OpenAPI 3.1, from the schemas that also check the
 * requests. The push paths are described by hand: they are served below Fastify.
 */
export function describeApi(app: FastifyInstance, version: string): void {
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Earshot',
        version,
        description:
          'Receives call-recording pushes, keeps every message and every recording. Errors are application/problem+json; docs/errors.md lists their codes.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      security: [{ key: [] }, { session: [] }],
      components: {
        securitySchemes: {
          key: {
            type: 'http',
            scheme: 'bearer',
            description: 'An API key, with its scopes (docs/people.md).',
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'earshot_session',
            description:
              'Of a browser that is signed in; `__Host-earshot_session` over https. Changes need the header `x-csrf-token` as well.',
          },
        },
      },
      paths: pushPaths(),
    },
    transform: ({ schema, url, route }) => ({
      schema: {
        ...(route.config?.documentedBody ? { ...schema, body: route.config.documentedBody } : schema),
        ...describeRight(schema?.description, route.config ?? {}),
      },
      url,
    }),
    transformObject: (document) =>
      ('openapiObject' in document
        ? nameSchemas(document.openapiObject as unknown as Json)
        : document.swaggerObject) as never,
  } satisfies FastifyDynamicSwaggerOptions);
}

/** Says what a route needs, behind what else it says. */
function describeRight(description: string | undefined, { right, proof }: FastifyContextConfig) {
  const sentences = [
    ...(description === undefined ? [] : [description]),
    ...(right === undefined || right === 'open' || right === 'any'
      ? []
      : [`Needs the right to \`${right}\`.`]),
    ...(proof ? ['A session must have been given the password within 15 minutes (`proof-required`).'] : []),
  ];
  return sentences.length === 0 ? {} : { description: sentences.join(' ') };
}

/**
 * Moves each schema with a title to components and refers to it there, so that the description is read, and
 * clients are made of it, with the names of the contract.
 */
function nameSchemas(document: Json): Json {
  const schemas: Json = {};
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    const copy = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, visit(member)]));
    // No body is ever required: a retry needs none, and an empty push is acknowledged.
    if ('requestBody' in copy) copy.requestBody = { ...(copy.requestBody as Json), required: false };
    if (typeof copy.title !== 'string' || !('type' in copy)) return copy;
    schemas[copy.title] = copy;
    return { $ref: `#/components/schemas/${copy.title}` };
  };
  const paths = visit(document.paths);
  const named = Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { ...document, paths, components: { ...(document.components as Json), schemas: named } };
}

function pushPaths(): Paths {
  const token = { name: 'token', in: 'path', required: true, schema: { type: 'string' } };
  const messageType = {
    name: 'messageType',
    in: 'path',
    required: true,
    description: "The vendor's full name of the type; wins over what the fields tell.",
    schema: { type: 'string' },
  };
  return {
    '/push/{token}': pushOperations([token]),
    '/push/{token}/{messageType}': pushOperations([token, messageType]),
  } as unknown as Paths;
}

function pushOperations<Parameter>(parameters: Parameter[]) {
  const acknowledgement = (description: string) => ({
    description,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['code'],
          properties: { code: { type: 'number' }, msg: { type: 'string' } },
        } as const,
      },
    },
  });
  const responses = {
    200: acknowledgement(
      'Its bytes are durable; `code` 1 where they plainly are no push and went to quarantine.',
    ),
    404: acknowledgement('Wrong token, or unknown type.'),
    413: acknowledgement('Too large.'),
    503: acknowledgement('Could not be stored: try again.'),
  };
  const shared = { tags: ['push'], parameters, security: [] };
  return {
    post: {
      ...shared,
      summary: 'The push',
      requestBody: { content: { 'application/json': { schema: { type: 'array' } } } },
      responses,
    },
    get: {
      ...shared,
      summary: 'Connectivity check',
      responses: { 200: acknowledgement('The path is right.'), 404: responses[404] },
    },
  };
}
