// A school that is run from UNI-Login: signing in through a real provider, choosing where to act, affiliating
// people and giving them flags, and out again at both ends.
import type { Page } from '@playwright/test';
import { adgang, emptySchool, type School } from '../support/adgang';
import { expectAccessible } from '../support/axe';
import { Broker } from '../support/broker';
import { expectGoodLooks } from '../support/look';
import { ownTarget, Server } from '../support/server';
import { expect, test } from '../support/test';

test.describe.configure({ mode: 'serial', timeout: 120_000 });

const target = ownTarget();
let broker: Broker;
let server: Server;
let one: School;
let other: School;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  broker = await Broker.start();
  server = await Server.start(target, undefined, broker.environment);
  broker.serve(server.url);
  one = await emptySchool(target);
  other = await emptySchool(target);
  const names = [['Kirsten', 'Holm', 'keep1234'], ['Ib', 'Toft', 'keep5678']];
  for (const [at, school] of [one, other].entries()) {
    const [given, family, id] = names[at];
    await adgang(['admin', 'unilogin', 'source', 'unilogin', '--institution', school.code], target);
    const who = ['--uni-login', id, '--given', given, '--family', family];
    await adgang(['admin', 'unilogin', 'administrator', '--institution', school.code, ...who], target);
  }
});

test.afterAll(async () => {
  await server.stop();
  await broker.stop();
  target.remove();
});

/** Signs in at the broker, in a browser that it does not know. */
async function signIn(page: Page, id: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Log ind med UNI-Login' }).click();
  await page.getByLabel('UNI-Login').fill(id);
  await page.getByRole('button', { name: 'Log ind hos brokeren' }).click();
  await page.waitForURL((url) => url.origin === server.url);
}

test('a user administrator signs in through the broker, affiliates a teacher and gives a flag', async ({ another, console }) => {
  console.allowStatus(422);
  const page = await (await another({ baseURL: server.url, javaScriptEnabled: false })).newPage();
  await signIn(page, 'keep1234');
  await expect(page.getByRole('banner')).toContainText('Kirsten Holm');
  await expect(page.getByRole('banner')).toContainText('UNI-Login');
  await page.goto('/people');
  await page.getByRole('link', { name: 'Tilknyt en person' }).click();
  await page.getByLabel('CPR-nummer').fill('670101-000');
  await page.getByLabel('Fornavn').fill('Bo');
  await page.getByLabel('Efternavn').fill('Kær');
  await page.getByRole('textbox', { name: 'UNI-Login' }).fill('teach123');
  await page.getByRole('button', { name: 'Tilknyt', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('Kontrollér CPR-nummeret');
  await expect(page.getByLabel('Fornavn')).toHaveValue('Bo');
  await expect(page.getByLabel('CPR-nummer')).toHaveValue('');
  await page.getByLabel('CPR-nummer').fill('670101-0001');
  await page.getByRole('button', { name: 'Tilknyt', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Bo Kær');
  await expect(page.getByRole('row', { name: /Lærer/ })).toContainText('træder i kraft');
  await page.getByRole('checkbox', { name: /Eval\.adm/ }).check();
  await page.getByRole('button', { name: 'Gem rettigheder' }).click();
  await expect(page.getByRole('status')).toContainText('Gemt');
  await expect(page.getByRole('checkbox', { name: /Eval\.adm/ })).toBeChecked();
  await expect(page.getByText('givet af Kirsten Holm')).toBeVisible();
  // Nobody takes away their own last.
  await page.goto('/people?q=Kirsten');
  await page.getByRole('link', { name: 'Tilknytning og rettigheder' }).click();
  await page.getByRole('checkbox', { name: /Brugeradministrator/ }).uncheck();
  await page.getByRole('button', { name: 'Gem rettigheder' }).click();
  await expect(page.getByRole('alert')).toContainText('Kode 51');
});

test('who is to be let in reads from when', async ({ another }) => {
  const page = await (await another({ baseURL: server.url })).newPage();
  await signIn(page, 'teach123');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Du er ikke tilknyttet en institution nu');
  await expect(page.getByText(`Prøveby Skole`)).toContainText('fra');
  await expectAccessible(page);
  await expectGoodLooks(page, 'place-none');
  await page.goto('/rights');
  await expect(page).toHaveURL(/\/place$/);
});

test('two institutions: chosen after sign-in, changed in the header, remembered', async ({ another }) => {
  // An installation where additions count at once.
  await server.stop();
  server = await Server.start(target, undefined, { ...broker.environment, ADGANG_AFFILIATIONS_TAKE_EFFECT: 'at-once' });
  broker.serve(server.url);
  const keeper = await (await another({ baseURL: server.url })).newPage();
  await signIn(keeper, 'keep1234');
  await keeper.goto('/people/new');
  await keeper.getByLabel('CPR-nummer').fill('670101-0002');
  await keeper.getByLabel('Fornavn').fill('Ea');
  await keeper.getByLabel('Efternavn').fill('Lund');
  await keeper.getByRole('textbox', { name: 'UNI-Login' }).fill('both1234');
  await keeper.getByRole('button', { name: 'Tilknyt', exact: true }).click();
  await expect(keeper.getByRole('heading', { level: 1 })).toHaveText('Ea Lund');
  const there = await (await another({ baseURL: server.url })).newPage();
  await signIn(there, 'keep5678');
  await there.goto('/people/new');
  // A number alone tells nothing of somebody at another school: name and UNI-Login must be theirs.
  await there.getByLabel('CPR-nummer').fill('6701010002');
  await there.getByLabel('Fornavn').fill('Ea');
  await there.getByLabel('Efternavn').fill('Lund');
  await there.getByRole('textbox', { name: 'UNI-Login' }).fill('both1234');
  await there.getByRole('button', { name: 'Tilknyt', exact: true }).click();
  await expect(there.getByRole('heading', { level: 1 })).toHaveText('Ea Lund');
  const page = await (await another({ baseURL: server.url })).newPage();
  await signIn(page, 'both1234');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Vælg institution');
  await expect(page.getByRole('list', { name: 'Vælg institution' }).getByRole('listitem')).toHaveCount(2);
  await expectAccessible(page);
  await expectGoodLooks(page, 'place');
  await page.getByRole('list').getByRole('button').first().click();
  const first = (await page.locator('.top__school').textContent()) ?? '';
  await page.getByRole('link', { name: /Skift institution/ }).click();
  await expect(page.getByText('Du er her')).toBeVisible();
  await page.getByRole('list').getByRole('button').last().click();
  await expect(page.locator('.top__school')).not.toHaveText(first);
  const last = (await page.locator('.top__school').textContent()) ?? '';
  await page.getByRole('button', { name: 'Log ud' }).click();
  await page.getByRole('button', { name: 'Log ud af brokeren' }).click();
  await expect(page).toHaveURL(`${server.url}/sign-in`);
  await signIn(page, 'both1234');
  await expect(page.locator('.top__school')).toHaveText(last);
});

test('pupils, guardians and too little assurance are told so, and get no session', async ({ another }) => {
  broker.says('elev1234', { aktoer_gruppe: 'Elev' });
  broker.says('mor12345', { aktoer_gruppe: 'Kontaktperson' });
  broker.says('weak1234', { unilogin_loa: 'EnFaktor' });
  for (const [id, words] of [
    ['elev1234', 'Siden er ikke for elever og forældre'],
    ['mor12345', 'Siden er ikke for elever og forældre'],
    ['weak1234', 'Log ind med to faktorer'],
    ['ukendt12', 'Dit UNI-Login er ikke kendt her'],
  ]) {
    const page = await (await another({ baseURL: server.url })).newPage();
    await signIn(page, id);
    await expect(page.getByRole('heading', { name: words })).toBeVisible();
    await expectAccessible(page);
    await page.goto('/people');
    await expect(page).toHaveURL(/\/sign-in/);
  }
});

test('a session that ends at the broker ends here', async ({ another }) => {
  const context = await another({ baseURL: server.url });
  const page = await context.newPage();
  await signIn(page, 'keep5678');
  await page.goto('/people');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Personer');
  const elsewhere = await context.newPage();
  await elsewhere.goto(`${broker.issuer}/session/end?client_id=adgang`);
  await elsewhere.getByRole('button', { name: 'Log ud af brokeren' }).click();
  await expect(elsewhere.getByText('Logget ud.')).toBeVisible();
  await page.reload();
  await expect(page).toHaveURL(/\/sign-in/);
});
