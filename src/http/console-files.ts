import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../domain/errors.js';

export interface ConsoleFiles {
  /** What the console's build made: index.html and assets/. It may be absent. */
  readonly folder: string;
  /** A new one for each page: at least 128 random bits, in base64. */
  readonly createNonce: () => string;
}

/** What console/vite.config.ts puts where a nonce belongs. */
const noncePlaceholder = '__EARSHOT_NONCE__';

const notBuilt =
  'Earshot runs. Its console has not been built here: `npm start` does. The API is described at /api/v1/openapi.json.\n';

/**
 * The console: hashed assets that browsers may keep for ever, and one page, never kept, that every address of
 * the console answers with.
 */
export function addConsoleFiles(app: FastifyInstance, files: ConsoleFiles): void {
  app.get('/', { config: { right: 'open', unrecorded: true }, schema: { hide: true } }, (_request, reply) =>
    sendPage(reply, files),
  );
  const assets = join(files.folder, 'assets');
  if (!existsSync(assets)) return;
  app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, right: 'open', unrecorded: true };
    });
    scope.addHook('onSend', async (_request, reply) => {
      // Whatever the hook for the whole API said: an asset's name changes with its content.
      if (reply.statusCode < 300) reply.header('cache-control', 'public, max-age=31536000, immutable');
      reply.header('x-content-type-options', 'nosniff');
    });
    await scope.register(fastifyStatic, {
      root: assets,
      prefix: '/assets/',
      preCompressed: true,
      cacheControl: false,
      decorateReply: false,
      index: false,
    });
  });
}

/** Answers what met no route: with the console's page where a person followed a link or reloaded. */
export function answerUnmatched(files: ConsoleFiles | undefined) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    if (!files || !isForConsole(request)) {
      throw new AppError('route-unknown', 'There is nothing at this address.');
    }
    return await sendPage(reply, files);
  };
}

/** What belongs to the server, whether or not anything is there: an answer to a program is no page. */
const serverPaths = /^\/+(api|metrics|healthz|readyz|push|r|assets)(\/|$)/i;

function isForConsole(request: FastifyRequest): boolean {
  const isReading = request.method === 'GET' || request.method === 'HEAD';
  const path = request.url.split('?', 1)[0] ?? '';
  const accepts = request.headers.accept ?? '';
  return isReading && accepts.includes('text/html') && !serverPaths.test(path);
}

/** The page, allowed to load what is ours and nothing else. */
async function sendPage(reply: FastifyReply, { folder, createNonce }: ConsoleFiles): Promise<FastifyReply> {
  const page = await readFile(join(folder, 'index.html'), 'utf8').catch(() => undefined);
  if (page === undefined) return reply.code(200).type('text/plain; charset=utf-8').send(notBuilt);
  const nonce = createNonce();
  return reply
    .code(200)
    .headers({ ...pageHeaders, 'content-security-policy': contentSecurityPolicy(nonce) })
    .type('text/html; charset=utf-8')
    .send(page.replaceAll(noncePlaceholder, nonce));
}

const pageHeaders = {
  'cache-control': 'no-cache',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/**
 * The component library adds style elements of its own (colours, widths of the layout), which the nonce
 * allows; style attributes are set through the DOM, which needs no permission. Scripts are files of ours.
 */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
