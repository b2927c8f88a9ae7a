import { Secret, TOTP } from 'otpauth';
import { beforeAll, describe, expect, it } from 'vitest';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { forgetProofs } from './support/forget-proofs.js';
import { inspect } from './support/inspect.js';
import { looks } from './support/looks.js';
import { openConsole, type ConsoleOptions } from './support/open-console.js';
import { administrator, createAdministrator, createPerson, type Person } from './support/people.js';
import { wordsOf } from './support/words.js';

describe('a person with an account, in Chinese', () => {
  const chromium = useChromium();
  const server = useConsoleServer();

  const look = looks.chinese;
  const w = wordsOf(look.language);
  let account: Person;

  beforeAll(async () => {
    // Before there is one, the console leads everybody to the set-up.
    await createAdministrator(server);
    account = await createPerson(server, 'olga', 'operator');
    await createPerson(server, 'pavel', 'viewer');
  });

  const open = (path: string, more: Partial<ConsoleOptions> = {}) =>
    openConsole(chromium(), server, { ...look, path, expects: /status of 4\d\d/, ...more });

  it('signs in, at the second attempt', async () => {
    const page = await open('/sign-in');
    const password = page.getByRole('textbox', { name: w('sign-in:password') });
    await page.getByRole('textbox', { name: w('sign-in:name') }).fill(account.name);
    await password.fill('not the password');
    await page.keyboard.press('Enter');
    await page.getByRole('alert', { name: w('problems:sign-in-refused.title') }).waitFor();
    await inspect(page, 'sign-in-refused');
    await password.fill(account.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: w('common:navigation.overview'), level: 1 }).waitFor();
  });

  it('signs another browser out, and changes the password, which signs out every other one', async () => {
    const others = [await open('/settings', { account }), await open('/settings', { account })];
    const title = w('common:navigation.settings');
    for (const other of others) await other.getByRole('heading', { name: title, level: 1 }).waitFor();
    const page = await open('/settings', { account });
    const browsers = page.locator('tbody tr');
    const signOut = browsers.getByRole('button', { name: w('settings:account.end') });
    await signOut.first().waitFor();
    const before = await signOut.count();
    await signOut.first().click();
    await signOut.nth(before - 1).waitFor({ state: 'detached' });

    const current = page.getByRole('textbox', { name: w('settings:account.current') });
    const next = page.getByRole('textbox', { name: w('settings:account.new') });
    const change = page.getByRole('button', { name: w('settings:account.change') });
    await current.fill('not the password');
    await next.fill('password12');
    await change.click();
    await page.getByRole('alert', { name: w('problems:password-wrong.title') }).waitFor();
    await inspect(page, 'settings-password-refused');
    await current.fill(account.password);
    await change.click();
    await page.getByRole('alert', { name: w('problems:password-common.title') }).waitFor();
    await inspect(page, 'settings-password-common');
    await next.fill('another long sentence of olga');
    await change.click();
    await page.getByText(w('settings:account.changed')).waitFor();
    await signOut.first().waitFor({ state: 'detached' });
    expect(await browsers.count()).toBe(1);
    await inspect(page, 'settings-password-changed');
    for (const other of others) {
      await other.reload();
      await other.getByRole('heading', { name: w('sign-in:signIn.title'), level: 1 }).waitFor();
    }
  });

  it('gives the password again for a change of people, which is made then', async () => {
    const page = await open('/settings/people', { account: administrator });
    const row = page.getByRole('row', { name: 'pavel' });
    const change = async (displayName: string) => {
      await row.getByRole('button', { name: w('settings:people.editWhat', { what: 'pavel' }) }).click();
      const editing = page.getByRole('dialog', { name: w('settings:people.editTitle', { name: 'pavel' }) });
      await editing.getByRole('textbox', { name: w('settings:people.displayName') }).fill(displayName);
      await editing.getByRole('button', { name: w('settings:save') }).click();
      return editing;
    };
    const proof = page.getByRole('dialog', { name: w('sign-in:proof.title') });
    const password = proof.getByRole('textbox', { name: w('sign-in:password') });
    forgetProofs(server.dataDir);
    const editing = await change('Pavel P.');
    await proof.waitFor();
    await inspect(page, 'proof-asked');
    await page.keyboard.press('Escape');
    await proof.waitFor({ state: 'detached' });
    await editing.getByRole('alert', { name: w('problems:proof-required.title') }).waitFor();
    await inspect(page, 'proof-refused');
    await editing.getByRole('button', { name: w('settings:save') }).click();
    await password.fill('not the password');
    await page.keyboard.press('Enter');
    await proof.getByRole('alert', { name: w('problems:password-wrong.title') }).waitFor();
    await password.fill(administrator.password);
    await page.keyboard.press('Enter');
    await editing.waitFor({ state: 'detached' });
    await row.getByText('Pavel P.').waitFor();
    await (await change('Pavel')).waitFor({ state: 'detached' });
    expect(await proof.count()).toBe(0);
  });

  it('sets a second factor up, signs in with it, and an administrator removes it', async () => {
    const person = await createPerson(server, 'quinn', 'reviewer');
    const page = await open('/settings', { account: person });
    await page.getByRole('button', { name: w('settings:factor.setUp') }).click();
    const dialog = page.getByRole('dialog', { name: w('settings:factor.title') });
    await dialog.getByRole('img', { name: w('settings:factor.qr') }).waitFor();
    const secret = (await dialog.getByTestId('second-factor-secret').innerText()).replaceAll(/\s/g, '');
    const totp = new TOTP({ secret: Secret.fromBase32(secret) });
    const code = dialog.getByRole('textbox', { name: w('settings:factor.code') });
    await code.fill('nothing');
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert', { name: w('problems:code-wrong.title') }).waitFor();
    await inspect(page, 'second-factor-wrong');
    await code.fill(totp.generate());
    await page.keyboard.press('Enter');
    const [first = '', second = ''] = (await dialog.getByTestId('recovery-codes').innerText()).split('\n');
    await inspect(page, 'second-factor-recovery-codes');
    await dialog.getByRole('button', { name: w('settings:factor.copied') }).click();
    await page.getByText(w('settings:factor.on')).waitFor();
    await inspect(page, 'second-factor-on');

    const other = await open('/sign-in');
    await other.getByRole('textbox', { name: w('sign-in:name') }).fill(person.name);
    await other.getByRole('textbox', { name: w('sign-in:password') }).fill(person.password);
    await other.keyboard.press('Enter');
    const asked = other.getByRole('textbox', { name: w('sign-in:signIn.code') });
    await asked.waitFor();
    await inspect(other, 'sign-in-code');
    await asked.fill('123');
    await other.keyboard.press('Enter');
    await other.getByRole('alert', { name: w('problems:code-wrong.title') }).waitFor();
    await asked.fill(first);
    await other.keyboard.press('Enter');
    await other.getByRole('heading', { name: w('common:navigation.overview'), level: 1 }).waitFor();
    expect(second).not.toBe('');

    const people = await open('/settings/people', { account: administrator });
    const row = people.getByRole('row', { name: 'quinn' });
    await row.getByText(w('settings:factor.title')).waitFor();
    await row.getByRole('button', { name: w('settings:people.editWhat', { what: 'quinn' }) }).click();
    await inspect(people, 'settings-person-second-factor');
    await people.getByRole('button', { name: w('settings:factor.remove') }).click();
    await people.getByText(w('settings:factor.removed')).waitFor();
    await open('/settings', { account: person });
  });

  it('turns its own second factor off', async () => {
    const person = await createPerson(server, 'ruth', 'reviewer');
    const page = await open('/settings', { account: person });
    await page.getByRole('button', { name: w('settings:factor.setUp') }).click();
    const dialog = page.getByRole('dialog', { name: w('settings:factor.title') });
    const secret = (await dialog.getByTestId('second-factor-secret').innerText()).replaceAll(/\s/g, '');
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
    await dialog.getByRole('textbox', { name: w('settings:factor.code') }).fill(code);
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: w('settings:factor.copied') }).click();
    await page.getByRole('button', { name: w('settings:factor.turnOff') }).click();
    const question = page.getByRole('dialog', { name: w('settings:factor.turnOffTitle') });
    await inspect(page, 'second-factor-off');
    await question.getByRole('button', { name: w('settings:factor.turnOff') }).click();
    await page.getByText(w('settings:factor.off')).waitFor();
  });
});
