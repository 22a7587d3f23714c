// The bundle loads under our own Content-Security-Policy, and hydration finds what the server wrote.
import { expect, test } from '@playwright/test';

test('a page hydrates without a word on the console @postgres', async ({ page }) => {
  const said: string[] = [];
  page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => said.push(`error: ${error.message}`));
  await page.goto('/');
  await expect(page.locator('html')).toHaveAttribute('data-hydrated', '');
  expect(said).toEqual([]);
});
