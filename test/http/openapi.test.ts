import { readFile, writeFile } from 'node:fs/promises';
import { format } from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApi, type TestApi } from './open-test-api.js';

const file = new URL('../../docs/openapi.json', import.meta.url);

interface Description {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

let api: TestApi;
let description: Description;
beforeAll(async () => {
  api = await openTestApi();
  description = await api.askJson<Description>('/api/v1/openapi.json');
});
afterAll(() => api.close());

describe('GET /api/v1/openapi.json', () => {
  it('is what docs/openapi.json holds; UPDATE=1 writes it anew', async () => {
    const text = await format(JSON.stringify(description), { parser: 'json', printWidth: 110 });
    if (process.env['UPDATE'] === '1') await writeFile(file, text);
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('describes every address, the push among them', () => {
    expect(description.openapi).toBe('3.1.0');
    expect(Object.keys(description.paths).toSorted()).toEqual([
      '/api/v1/calls',
      '/api/v1/calls/{callId}',
      '/api/v1/deliveries',
      '/api/v1/deliveries/{id}',
      '/api/v1/deliveries/{id}/replay',
      '/api/v1/endpoints',
      '/api/v1/endpoints/{id}',
      '/api/v1/endpoints/{id}/pause',
      '/api/v1/endpoints/{id}/replay',
      '/api/v1/endpoints/{id}/resume',
      '/api/v1/endpoints/{id}/rotate-secret',
      '/api/v1/endpoints/{id}/test',
      '/api/v1/messages',
      '/api/v1/openapi.json',
      '/api/v1/quarantine',
      '/api/v1/quarantine/{id}',
      '/api/v1/quarantine/{id}/retry',
      '/api/v1/recordings',
      '/api/v1/recordings/{id}',
      '/api/v1/recordings/{id}/audio',
      '/api/v1/recordings/{id}/retry',
      '/api/v1/replays',
      '/api/v1/replays/{id}',
      '/api/v1/replays/{id}/cancel',
      '/api/v1/status',
      '/healthz',
      '/metrics',
      '/push/{token}',
      '/push/{token}/{messageType}',
      '/r/{id}',
      '/readyz',
    ]);
  });

  it('names the shapes as the contract does, and refers to none that is missing', () => {
    const names = Object.keys(description.components.schemas);
    expect(names).toEqual(
      expect.arrayContaining(['Call', 'CallDetail', 'Entry', 'Problem', 'Recording', 'Status']),
    );
    const text = JSON.stringify(description);
    const referred = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
    expect(new Set(names)).toEqual(new Set(referred));
  });
});
