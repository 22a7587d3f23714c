// Danish, Swedish and English by choice of the person, light and dark by that of the system.
import { expect, open, test } from '../support/test';

const WORDS = [
  ['Svenska', 'sv', 'Logga ut'],
  ['English', 'en', 'Sign out'],
  ['Dansk', 'da', 'Log ud'],
] as const;

test('three languages, chosen by the person and kept', async ({ demo }) => {
  const page = await demo('Lærer');
  await open(page, '/my-rights');
  for (const [language, code, signOut] of WORDS) {
    await page.locator('summary', { hasText: /Dansk|Svenska|English/ }).click();
    await page.getByRole('button', { name: language }).click();
    await expect(page).toHaveURL('/my-rights');
    await expect(page.locator('html')).toHaveAttribute('lang', code);
    await expect(page.getByRole('button', { name: signOut })).toBeVisible();
    await page.goto('/about');
    await expect(page.locator('html')).toHaveAttribute('lang', code);
    await open(page, '/my-rights');
  }
});

test('the first language is the one that the browser asks for', async ({ another }) => {
  for (const [locale, code] of [['sv-SE', 'sv'], ['en-GB', 'en'], ['de-DE', 'da']]) {
    const context = await another({ locale });
    const page = await context.newPage();
    await page.goto('/sign-in');
    await expect(page.locator('html')).toHaveAttribute('lang', code);
    }
});

test('light and dark follow the system', async ({ page }) => {
  await page.goto('/sign-in');
  const shade = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor.match(/[\d.]+/g)!.slice(0, 3).map(Number));
  await page.emulateMedia({ colorScheme: 'light' });
  expect(Math.min(...(await shade()))).toBeGreaterThan(200);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(Math.max(...(await shade()))).toBeLessThan(80);
});
