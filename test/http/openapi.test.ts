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
      '/api/v1/audit',
      '/api/v1/audit/verify',
      '/api/v1/call-count',
      '/api/v1/calls',
      '/api/v1/calls/{callId}',
      '/api/v1/calls/{callId}/comments',
      '/api/v1/calls/{callId}/history',
      '/api/v1/calls/{callId}/tags/{tag}',
      '/api/v1/comments/{id}',
      '/api/v1/deliveries',
      '/api/v1/deliveries/causes',
      '/api/v1/deliveries/{id}',
      '/api/v1/deliveries/{id}/acknowledge',
      '/api/v1/deliveries/{id}/replay',
      '/api/v1/demo',
      '/api/v1/endpoints',
      '/api/v1/endpoints/{id}',
      '/api/v1/endpoints/{id}/pause',
      '/api/v1/endpoints/{id}/replay',
      '/api/v1/endpoints/{id}/resume',
      '/api/v1/endpoints/{id}/rotate-secret',
      '/api/v1/endpoints/{id}/test',
      '/api/v1/exports',
      '/api/v1/exports/{id}',
      '/api/v1/exports/{id}/cancel',
      '/api/v1/exports/{id}/file',
      '/api/v1/keys',
      '/api/v1/keys/{id}',
      '/api/v1/live',
      '/api/v1/messages',
      '/api/v1/openapi.json',
      '/api/v1/overview',
      '/api/v1/people',
      '/api/v1/people/{id}',
      '/api/v1/people/{id}/second-factor',
      '/api/v1/people/{id}/sessions',
      '/api/v1/people/{id}/sessions/{sessionId}',
      '/api/v1/quarantine',
      '/api/v1/quarantine/discard',
      '/api/v1/quarantine/kinds',
      '/api/v1/quarantine/retry',
      '/api/v1/quarantine/{id}',
      '/api/v1/quarantine/{id}/retry',
      '/api/v1/recordings',
      '/api/v1/recordings/{id}',
      '/api/v1/recordings/{id}/acknowledge',
      '/api/v1/recordings/{id}/audio',
      '/api/v1/recordings/{id}/heard',
      '/api/v1/recordings/{id}/retry',
      '/api/v1/recordings/{id}/waveform',
      '/api/v1/replays',
      '/api/v1/replays/{id}',
      '/api/v1/replays/{id}/cancel',
      '/api/v1/session',
      '/api/v1/session/passkey',
      '/api/v1/session/passkey/options',
      '/api/v1/session/passkeys',
      '/api/v1/session/passkeys/options',
      '/api/v1/session/passkeys/{id}',
      '/api/v1/session/password',
      '/api/v1/session/proof',
      '/api/v1/session/second-factor',
      '/api/v1/sessions',
      '/api/v1/sessions/{id}',
      '/api/v1/settings',
      '/api/v1/setup',
      '/api/v1/sources',
      '/api/v1/sources/{id}',
      '/api/v1/sources/{id}/push-sample',
      '/api/v1/sources/{id}/rotate',
      '/api/v1/status',
      '/api/v1/storage/test',
      '/api/v1/tags',
      '/api/v1/views',
      '/api/v1/views/{id}',
      '/api/v1/waveforms',
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
