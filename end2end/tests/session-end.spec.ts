// Five minutes before a session ends without a call: the question, more time, and the end.
import { expect, test } from '../support/test';

test('a dialog offers more time before the end, and the page leaves when it has come', async ({ demo }) => {
  const page = await demo('Testadministrator');
  await page.clock.install();
  await page.goto('/history');
  await expect(page.locator('html')).toHaveAttribute('data-hydrated', '');
  const dialog = page.getByRole('dialog', { name: 'Er du her stadig?' });
  await page.clock.fastForward('54:00');
  await expect(dialog).toBeHidden();
  await page.clock.fastForward('01:05');
  await expect(dialog).toBeVisible();
  const stay = dialog.getByRole('button', { name: 'Bliv logget ind' });
  await expect(stay).toBeFocused();
  await stay.click();
  await expect(dialog).toBeHidden();

  // The time runs anew from the answer.
  await page.clock.fastForward('54:00');
  await expect(dialog).toBeHidden();
  await page.clock.fastForward('01:05');
  await expect(dialog).toBeVisible();
  // Only the page's clock runs fast: the server is made to agree.
  await page.context().clearCookies();
  await page.clock.fastForward('05:05');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('an open grid asks for news, and is asked about all the same', async ({ demo }) => {
  const page = await demo('Testadministrator');
  await page.clock.install();
  await page.goto('/rights');
  await expect(page.locator('html')).toHaveAttribute('data-hydrated', '');
  await expect(page.getByRole('grid')).toBeVisible();
  const dialog = page.getByRole('dialog', { name: 'Er du her stadig?' });
  // Many times the minute after which it asks.
  for (let minute = 0; minute < 54; minute += 6) await page.clock.fastForward('06:00');
  await expect(dialog).toBeHidden();
  await page.clock.fastForward('01:05');
  await expect(dialog).toBeVisible();
});
