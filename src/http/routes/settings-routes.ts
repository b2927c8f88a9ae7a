import { parametersOf } from '../../contract/page.js';
import { EffectiveSettings, StorageTest } from '../../contract/service.js';
import { answers, type Api } from '../api.js';
import type { ServiceArea } from '../areas.js';

/** What an administrator looks at when something is set up. */
export function addSettingsRoutes(api: Api, { settings, testStorage }: ServiceArea): void {
  api.get(
    '/api/v1/settings',
    {
      config: { right: 'administer', audit: 'settings.viewed' },
      schema: {
        tags: ['service'],
        summary: 'Every setting as it is in force, and where it came from; secrets redacted',
        querystring: parametersOf({}),
        response: answers(200, EffectiveSettings),
      },
    },
    () => settings(),
  );

  api.post(
    '/api/v1/storage/test',
    {
      config: { right: 'administer', audit: 'storage.tested' },
      schema: {
        tags: ['service'],
        summary: 'Keep, read and delete a file of the size of a part where recordings are kept',
        description:
          'Needs no body. Where a step fails, `detail` says what to do; the steps behind it are left out.',
        querystring: parametersOf({}),
        response: answers(200, StorageTest),
      },
    },
    async (request): Promise<StorageTest> => {
      const result = await testStorage();
      request.noteForAudit({ detail: { isFine: result.isFine } });
      return result;
    },
  );
}
