import { expect, it } from 'vitest';
import { pageAt, pages } from './pages.ts';

it('the page of an address is the one whose address fits', () => {
  expect(pageAt('/')).toBe(pages.overview);
  expect(pageAt('/calls')).toBe(pages.calls);
  expect(pageAt('/calls/')).toBe(pages.calls);
  expect(pageAt('/calls/1%5E2')).toBe(pages.call);
  expect(pageAt('/endpoints/e1')).toBe(pages.endpoint);
  expect(pageAt('/endpoints/new')).toBe(pages.newEndpoint);
  expect(pageAt('/endpoints/e1/edit')).toBe(pages.editEndpoint);
  expect(pageAt('/setup')).toBe(pages.setUp);
});

it('an address that is none of ours has none', () => {
  for (const path of ['', '/settings', '/callsx', '/calls/1/2', '/nowhere'])
    expect(pageAt(path)).toBeUndefined();
});
