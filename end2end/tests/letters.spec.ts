// Letters: chosen, looked at, made while they are counted, shown once, printed.
import type { BrowserContext } from '@playwright/test';
import { account, emptySchool, type Account } from '../support/adgang';
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe';
import { givePassword } from '../support/sign-in';
import { expect, test, type Page } from '../support/test';

test.describe.configure({ mode: 'serial', timeout: 120_000 });

let principal: Account;
let teacher: Account;

test.beforeAll(async () => {
  const school = await emptySchool();
  principal = await account(school, 'principal', 'Birthe Krag');
  teacher = await account(school, 'teacher', 'Mette Lind');
  await account(school, 'teacher', 'Søren Vang');
});

/** From the list of accounts to the letters of all teachers. */
async function issueAll(page: Page, what: string): Promise<void> {
  await page.goto('/accounts');
  await page.getByRole('link', { name: 'Udskriv breve' }).click();
  await page.getByRole('navigation', { name: 'Rolle' }).getByRole('link', { name: 'Lærer' }).click();
  await page.getByLabel(what).check();
  await page.getByRole('button', { name: 'Se det for alle 2 på listen' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Før der udstedes');
  await page.getByRole('button', { name: 'Udsted 2 breve' }).click();
}

test('letters are counted as they are made, then shown, and gone with the page', async ({ signedIn }) => {
  const page = await signedIn(principal);
  const posted: string[] = [];
  page.on('request', (request) => posted.push(request.url()));
  await issueAll(page, 'Ny adgangskode og nyt kort');
  await expect(page.getByRole('status').filter({ hasText: /af 2 breve er lavet/ })).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Breve til udlevering', { timeout: 60_000 });
  await expect(page.getByRole('article')).toHaveCount(2);
  await expect(page.getByRole('table')).toHaveCount(2);
  const letter = page.getByRole('article').filter({ hasText: 'Mette Lind' });
  await expect(letter).toContainText(teacher.username);
  await expect(letter.getByRole('cell')).toHaveCount(101);
  const secret = await letter.locator('.paper__secret').nth(1).innerText();
  expect(posted.join(' ')).not.toContain(secret);
  await expect(page).toHaveURL(/\/accounts\/issued$/);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Brevene vises ikke længere');
  await expect(page.locator('body')).not.toContainText(secret);
});

test('what is printed is a page for each, in black, at 12 points or more, and nothing else', async ({ signedIn }) => {
  const page = await signedIn(principal);
  await issueAll(page, 'Ny adgangskode og nyt kort');
  await expect(page.getByRole('article')).toHaveCount(2, { timeout: 60_000 });
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
    }
  }
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  for (const around of ['header.top', 'footer.foot', '.issued__around']) await expect(page.locator(around)).toBeHidden();
  const looks = await page.locator('.paper__matrix tbody td').first().evaluate((cell) => {
    const { fontSize, color } = getComputedStyle(cell);
    return { points: (parseFloat(fontSize) * 72) / 96, color };
  });
  expect(looks.points).toBeGreaterThanOrEqual(12);
  expect(looks.color).toBe('rgb(0, 0, 0)');
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(2);
  const [download] = await Promise.all([page.waitForEvent('download'), page.emulateMedia({ media: 'screen' }).then(() => page.getByRole('link', { name: 'Hent som PDF' }).click())]);
  expect(download.suggestedFilename()).toBe('breve.pdf');
  // The browser's own print dialogue ends with this.
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await expect(page.getByText('Det er noteret, at du har udskrevet brevene.')).toBeVisible();
  await page.goto('/accounts/letters?role=teacher');
  await expect(page.getByRole('row').filter({ hasText: 'Mette Lind' })).toContainText(/Udskrevet i dag kl\. .* af Birthe Krag/);
  await expectAccessible(page);
});

test('with scripts off it works without the bar, and the letter opens the account', async ({ another, signedIn }) => {
  const cookies: Awaited<ReturnType<BrowserContext['storageState']>> = await (await signedIn(principal)).context().storageState();
  const page = await (await another({ javaScriptEnabled: false, storageState: cookies })).newPage();
  await page.goto('/accounts/letters?role=teacher');
  await page.getByRole('button', { name: 'Se, hvad der sker, for de afkrydsede' }).click();
  await expect(page.getByRole('alert')).toHaveText('Sæt kryds ved mindst én person, og prøv igen.');
  await page.getByLabel('Mette Lind').check();
  await page.getByLabel('Ny adgangskode', { exact: false }).first().check();
  await page.getByRole('button', { name: 'Se, hvad der sker, for de afkrydsede' }).click();
  await page.getByRole('button', { name: 'Udsted 1 brev' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Brev til udlevering');
  teacher.password = await page.locator('.paper__secret').nth(1).innerText();
  const visitor = await (await another()).newPage();
  await givePassword(visitor, teacher.username, teacher.password);
  await expect(visitor.getByLabel('De tre koder i rækkefølge')).toBeVisible();
  await page.getByRole('button', { name: 'Notér som udskrevet' }).click();
  await expect(page.getByRole('status')).toHaveText('Det er noteret, at du har udskrevet brevene.');
});
