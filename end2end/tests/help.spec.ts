// The help: for everybody, printed as it stands, with scripts off; and the menu of a phone.
import { expectAccessible } from '../support/axe';
import { expectGoodLooks } from '../support/look';
import { expect, open, test } from '../support/test';

test.describe.configure({ timeout: 120_000 });

test('help is there before the sign-in, in three languages, with scripts off', async ({ another }) => {
  const page = await (await another({ javaScriptEnabled: false })).newPage();
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Hjælp til at logge ind' }).click();
  await expect(page.getByRole('heading', { name: 'Log ind', exact: true })).toBeInViewport();
  await page.getByRole('link', { name: 'Hvem giver mig adgang til elevernes resultater?' }).click();
  await expect(page.getByRole('heading', { name: 'Hvem giver mig adgang til elevernes resultater?' })).toBeInViewport();
  for (const [language, title] of [['Svenska', 'Hjälp'], ['English', 'Help']]) {
    await page.locator('.menu summary').click();
    await page.getByRole('button', { name: language }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  }
});

test('it looks well, and nothing of it is lost in print', async ({ demo, visitor }) => {
  const page = await visitor();
  await open(page, '/help');
  await expectGoodLooks(page, 'help');
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('heading', { name: /^Kode 96/ })).toBeVisible();
  await expect(page.locator('footer.foot')).toBeHidden();
  await page.setViewportSize({ width: 320, height: 800 });
  const principal = await demo('Leder og testadministrator');
  await open(principal, '/help');
  await expect(principal.getByRole('link', { name: 'Genaktivér konti' }).first()).toBeVisible();
  await expectGoodLooks(principal, 'help-principal');
});

test('on a phone the menu names the page, opens over it and closes again, with scripts off too', async ({ another, demo }) => {
  const cookies = await (await demo('Leder og testadministrator')).context().storageState();
  for (const javaScriptEnabled of [true, false]) {
    const page = await (await another({ javaScriptEnabled, storageState: cookies, viewport: { width: 390, height: 800 } })).newPage();
    await page.goto('/accounts');
    const button = page.getByRole('button', { name: /^Menu/ });
    await expect(button).toContainText('Konti');
    const menu = page.getByRole('navigation', { name: 'Hovedmenu' });
    await expect(menu).toBeHidden();
    await button.click();
    await expect(menu.getByRole('link')).toHaveCount(8);
    await expect(menu.getByRole('link', { name: 'Konti' })).toBeInViewport();
    if (javaScriptEnabled) await expectAccessible(page);
    await menu.getByRole('button', { name: 'Luk menuen' }).click();
    await expect(menu).toBeHidden();
    await button.click();
    await menu.getByRole('link', { name: 'Indbakke' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Indbakke');
  }
});

test('at 1280 px no header breaks its rows, in any language', async ({ demo }) => {
  const page = await demo('Leder og testadministrator');
  for (const language of ['Dansk', 'Svenska', 'English']) {
    await page.goto('/accounts');
    await page.locator('.menu summary').click();
    await page.getByRole('button', { name: language }).click();
    const rows = await page.locator('.top__nav a').evaluateAll((links) => new Set(links.map((link) => link.getBoundingClientRect().top)).size);
    expect(rows, language).toBe(1);
    const same = await page.locator('.top__id, .top__me').evaluateAll((parts) => parts.map((part) => Math.round(part.getBoundingClientRect().top)));
    expect(new Set(same).size, language).toBe(1);
    await expectGoodLooks(page, `header-${language}`);
  }
});
