// In Swedish and English words are longer and shorter than in Danish: the pages of accounts on a phone.
import { account, school, type Account, type School } from '../support/adgang';
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe';
import { givePassword, signIn } from '../support/sign-in';
import { expect, open, test, type Page } from '../support/test';

test.describe.configure({ mode: 'serial', timeout: 180_000 });

let place: School;
let principal: Account;
let teacher: Account;
let closed: Account;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  place = await school();
  principal = await account(place, 'principal', 'Birthe Kragelund');
  teacher = await account(place, 'teacher', 'Mette Lind');
  closed = await account(place, 'teacher', 'Ditte Krog');
  // A password of one's own, for an account that is closed below.
  const context = await browser.newContext();
  await signIn(await context.newPage(), closed);
  await context.close();
});

/** What the page says in this language from now on, whoever is signed in. */
async function speak(page: Page, language: string): Promise<void> {
  // A context that carries a session over has no page open yet.
  if (page.url() === 'about:blank') await page.goto('/');
  await page.context().addCookies([{ name: 'language', value: language, url: new URL(page.url()).origin }]);
}

async function expectToFit(page: Page, name: string, language: string): Promise<void> {
  await test.step(`${name} in ${language}`, async () => {
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
  });
}

test('an account is closed, and its person stands before code 31', async ({ signedIn, visitor }) => {
  const page = await signedIn(principal);
  await open(page, `/accounts?q=${closed.username}`);
  await page.getByRole('rowheader').getByRole('link').click();
  await page.getByRole('button', { name: 'Luk kontoen' }).click();
  await expect(page.getByText('Kontoen er lukket.')).toBeVisible();
  // Something waits in the inbox.
  const theirs = await visitor();
  await givePassword(theirs, closed.username, closed.password);
  await expect(theirs.getByText('Kode 31.')).toBeVisible();
  await theirs.getByRole('button', { name: 'Bed dem om at aktivere kontoen' }).click();
  await expect(theirs.getByText('De er bedt om det')).toBeVisible();
});

for (const language of ['sv', 'en']) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`the pages of accounts fit a phone: ${language}, ${colorScheme}`, async ({ signedIn, visitor }) => {
      const [keeper, teaching, nobody] = [await signedIn(principal), await signedIn(teacher), await visitor()];
      await givePassword(nobody, closed.username, closed.password);
      await expect(nobody.getByText('Kode 31.')).toBeVisible();
      await open(keeper, `/accounts?q=${teacher.username}`);
      const one = (await keeper.getByRole('rowheader').getByRole('link').getAttribute('href')) ?? '';
      expect(one).toContain('/accounts/');
      const states: [string, Page, string][] = [
        ['accounts', keeper, '/accounts'],
        ['one account', keeper, one],
        ['the keeper’s inbox', keeper, '/inbox'],
        ['the keeper’s own account', keeper, '/account'],
        ['the open part of the portal', keeper, '/portal/open'],
        ['the portal', teaching, '/portal'],
        ['a teacher’s inbox', teaching, '/inbox'],
        ['a teacher’s own account', teaching, '/account'],
        ['code 31', nobody, '/sign-in'],
      ];
      for (const page of [keeper, teaching, nobody]) {
        await speak(page, language);
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width: 390, height: 844 });
      }
      for (const [name, page, address] of states) {
        await open(page, address);
        await expectToFit(page, name, language);
      }
      await expect(nobody.getByRole('alert')).toContainText('31');
    });
  }
}
