// Light or dark by one's own choice: a form, a cookie, and the server's own word in the page.
import { expect, test } from '../support/test';

const DARK = 'rgb(20, 23, 26)';
const LIGHT = 'rgb(255, 255, 255)';

test('the choice works with scripts off, is there in the next page, and goes again', async ({ another }) => {
  const context = await another({ javaScriptEnabled: false, colorScheme: 'light' });
  const page = await context.newPage();
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const choose = async (name: string) => {
    await page.getByText('Dansk').first().click();
    await page.getByRole('button', { name, exact: true }).click();
  };
  await page.goto('/about');
  expect(await background()).toBe(LIGHT);
  await choose('Mørkt');
  await expect(page).toHaveURL(/\/about$/);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.goto('/sign-in');
  expect(await background()).toBe(DARK);
  await page.emulateMedia({ colorScheme: 'dark' });
  await choose('Lyst');
  await expect(page).toHaveURL(/\/sign-in$/);
  expect(await background()).toBe(LIGHT);
  await choose('Som systemet');
  expect(await background()).toBe(DARK);
  await expect(page.locator('html')).not.toHaveAttribute('data-theme');
  expect((await context.cookies()).map((cookie) => cookie.name)).not.toContain('theme');
});

test('a page that is alive keeps the choice', async ({ demo }) => {
  const page = await demo('Testadministrator');
  await page.goto('/history');
  await page.getByText('Dansk').first().click();
  await page.getByRole('button', { name: 'Mørkt' }).click();
  await expect(page).toHaveURL(/\/history$/);
  await expect(page.locator('html')).toHaveAttribute('data-hydrated', '');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByText('Dansk').first().click();
  await expect(page.getByRole('button', { name: 'Mørkt' })).toHaveAttribute('aria-pressed', 'true');
});
