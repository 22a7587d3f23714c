// 1 August: accounts have lapsed, code 31 says so after the last factor, those who can are asked, one
// click opens the account again, and the same card and password sign in.
import { account, school, type Account, type School } from '../support/adgang';
import { expectGoodLooks } from '../support/look';
import { ownTarget, Server } from '../support/server';
import { fillPassword, giveCodes, givePassword, signIn } from '../support/sign-in';
import { expect, open, test } from '../support/test';

test.describe.configure({ mode: 'serial', timeout: 300_000 });

const target = ownTarget();
let server: Server;
let principal: Account;
let administrator: Account;
let teacher: Account;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(240_000);
  server = await Server.start(target);
  const place: School = await school(target);
  principal = await account(place, 'principal', 'Birthe Krag');
  administrator = await account(place, 'test-administrator', 'Karen Øst');
  teacher = await account(place, 'teacher', 'Mette Lind');
  // This year everybody signs in and chooses a password of their own.
  for (const person of [principal, administrator, teacher]) {
    const context = await browser.newContext({ baseURL: server.url });
    await signIn(await context.newPage(), person);
    await context.close();
  }
  await server.stop();
  // The accounts were made today, and so lapse on the next 31 July.
  const today = new Date();
  const year = today.getMonth() >= 7 ? today.getFullYear() + 1 : today.getFullYear();
  server = await Server.start(target, `${year}-08-02`);
});

test.afterAll(async () => {
  await server.stop();
  target.remove();
});

test('code 31 comes after the last factor, says who can help, and asks them with scripts off @postgres', async ({ another }) => {
  const plain = await (await another({ baseURL: server.url, javaScriptEnabled: false })).newPage();
  await givePassword(plain, administrator.username, 'noget helt andet');
  await expect(plain.getByRole('alert')).toContainText('Du blev ikke logget ind');
  await fillPassword(plain, administrator.username, administrator.password);
  await expect(plain.getByRole('alert')).toHaveCount(0);
  await giveCodes(plain, administrator);
  const told = plain.getByRole('alert');
  await expect(told).toContainText('Kode 31');
  await expect(told).toContainText('Den sidste dag var 31. juli');
  await expect(told).toContainText('skolens leder (Birthe Krag)');
  // It is still said when the page is looked at again, in another language too, until one begins again.
  await plain.reload();
  await expect(plain.getByRole('alert')).toContainText('Kode 31');
  await plain.getByRole('link', { name: 'Log ind med en anden konto' }).click();
  await expect(plain.getByLabel('Brugernavn')).toBeVisible();
  await plain.goto('/sign-in');
  await plain.getByRole('button', { name: 'Bed dem om at aktivere kontoen' }).click();
  await expect(plain.getByRole('status')).toContainText('De er bedt om det');

  const page = await (await another({ baseURL: server.url })).newPage();
  await givePassword(page, teacher.username, teacher.password);
  await expect(page.getByRole('alert')).toContainText('Kode 31');
  await expectGoodLooks(page, 'code-31');
  await page.getByRole('button', { name: 'Bed dem om at aktivere kontoen' }).click();
  await expect(page.getByRole('status')).toContainText('De er bedt om det');
  await expectGoodLooks(page, 'code-31-asked');
  await page.getByRole('link', { name: 'Mere om kode 31' }).click();
  await expect(page.getByRole('heading', { name: /får kode 31/ })).toBeInViewport();
  await expect(page.getByRole('main')).not.toContainText('Birthe Krag');
});

test('the principal opens one with one click, the others by a list, and the same card signs in @postgres', async ({ another }) => {
  const page = await (await another({ baseURL: server.url })).newPage();
  await signIn(page, principal);
  await open(page, '/inbox');
  await expectGoodLooks(page, 'inbox-reactivate');
  const request = page.getByRole('region', { name: /Karen Øst/ });
  await request.getByRole('button', { name: 'Aktivér kontoen igen' }).click();
  await expect(page.getByText('Kontoen er genaktiveret')).toBeVisible();
  await open(page, '/accounts/reactivate');
  await expectGoodLooks(page, 'reactivate');
  await page.getByLabel('Mette Lind').check();
  await page.getByRole('button', { name: 'Gennemse valget' }).click();
  await expectGoodLooks(page, 'reactivate-preview');
  await page.getByRole('button', { name: 'Genaktivér 1 konto' }).click();
  await expect(page.getByText('Kontiene er genaktiveret og virker nu.')).toBeVisible();

  for (const person of [administrator, teacher]) {
    const theirs = await (await another({ baseURL: server.url })).newPage();
    await signIn(theirs, person);
  }
});
