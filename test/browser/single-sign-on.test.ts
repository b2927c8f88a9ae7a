import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeFreePorts } from '../support/free-ports.js';
import { clientId, clientSecret, openOpenIdProvider } from '../support/openid-provider.js';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { forgetProofs } from './support/forget-proofs.js';
import { inspect } from './support/inspect.js';
import { looks, type Look } from './support/looks.js';
import { openConsole, type ConsoleOptions } from './support/open-console.js';
import { createAdministrator } from './support/people.js';
import { wordsOf } from './support/words.js';

const people = {
  bob: { preferred_username: 'bob', name: 'Bob B.', groups: ['listeners'] },
  ivy: { preferred_username: 'ivy', name: 'Ivy I.', groups: ['admins'] },
  eve: { preferred_username: 'eve', name: 'Eve E.', groups: ['staff'] },
};

describe('signing in elsewhere', () => {
  const chromium = useChromium();
  let provider: Awaited<ReturnType<typeof openOpenIdProvider>>;
  const server = useConsoleServer(async () => {
    const [port = 0] = await takeFreePorts(1);
    provider = await openOpenIdProvider(`http://127.0.0.1:${port}/sign-in/sso/return`, people);
    return {
      EARSHOT_PORT: String(port),
      EARSHOT_OIDC_ISSUER: provider.issuer,
      EARSHOT_OIDC_CLIENT_ID: clientId,
      EARSHOT_OIDC_CLIENT_SECRET: clientSecret,
      EARSHOT_OIDC_NAME: 'Example Inc.',
      EARSHOT_OIDC_ROLES: 'listeners=reviewer,admins=administrator',
      EARSHOT_SIGN_ON_NETWORKS: '127.0.0.0/8',
    };
  });
  beforeAll(() => createAdministrator(server));
  afterAll(() => provider.close());

  /** The provider takes the header for somebody who has signed in there. */
  async function signInAs(name: string, look: Look = looks.english, more: Partial<ConsoleOptions> = {}) {
    const page = await openConsole(chromium(), server, { ...look, ...more });
    await page.context().setExtraHTTPHeaders({ 'x-account': name });
    const act = wordsOf(look.language)('sign-in:signIn.with', { name: 'Example Inc.' });
    await page.getByRole('link', { name: act }).click();
    return page;
  }

  it('lets in a person who has a role by their groups', async () => {
    const page = await signInAs('bob');
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Account of Bob B.' }).click();
    await page.getByText('Bob B. · Reviewer').waitFor();
  });

  it('shows who they are there again, for a change of keys that is made here then', async () => {
    const page = await signInAs('ivy', looks.english, { expects: /status of 403/ });
    await page.getByRole('button', { name: 'Account of Ivy I.' }).waitFor();
    await page.goto('/settings/keys');
    await page.getByRole('button', { name: 'New key' }).click();
    const form = page.getByRole('dialog', { name: 'New key' });
    await form.getByRole('textbox', { name: 'Name', exact: true }).fill('of the branch');
    forgetProofs(server.dataDir);
    await form.getByRole('button', { name: 'Create', exact: true }).click();
    const proof = page.getByRole('dialog', { name: 'Is it you?' });
    await proof.waitFor();
    await inspect(page, 'proof-elsewhere', (w) =>
      page.getByRole('dialog', { name: w('sign-in:proof.title') }).waitFor(),
    );
    await proof.getByRole('link', { name: 'Sign in with Example Inc.' }).click();
    await form.getByTestId('new-key').waitFor();
    expect(await proof.count()).toBe(0);
  });

  it('says on the sign-in page why somebody has none', async () => {
    const page = await signInAs('eve', looks.chinese);
    await page.getByRole('alert').waitFor();
    await inspect(page, 'single-sign-on-refused', async (w) => {
      const alert = page.getByRole('alert', { name: w('problems:single-sign-on-refused.title') });
      expect(await alert.textContent()).toContain('single-sign-on-refused');
    });
  });
});
