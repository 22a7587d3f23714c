// The bundle loads under our own Content-Security-Policy, and hydration finds what the server wrote.
import { expect, open, test } from '../support/test';

test('a page of every kind hydrates without a word on the console @postgres', async ({ demo }) => {
  const page = await demo('Leder og testadministrator');
  for (const address of ['/', '/my-rights', '/rights', '/rights/staff', '/history', '/exemptions', '/imports', '/about']) {
    await open(page, address);
    await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
  }
});
