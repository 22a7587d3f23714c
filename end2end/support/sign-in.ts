// Signing in as people do: through the forms.
import { expect, type Page } from '@playwright/test';
import type { Account } from './adgang';

/** Long enough to stand alone, and made of nothing that is common or of the place. */
const OWN_PASSWORD = 'violin-kompas-havregryn-88';

/** Opens the sign-in and gives user name and password. */
export async function givePassword(page: Page, username: string, password: string): Promise<void> {
  await page.goto('/sign-in');
  await fillPassword(page, username, password);
}

/** Fills in user name and password on the page that is open. */
export async function fillPassword(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel('Brugernavn').fill(username);
  await page.getByLabel('Adgangskode', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Fortsæt' }).click();
}

/** The three coordinates that the page asks for. */
export async function askedCoordinates(page: Page): Promise<string[]> {
  const asked = await page.getByRole('list', { name: 'Find disse tre felter på dit kort:' }).getByRole('listitem').allInnerTexts();
  return asked.map((text) => /\b[A-J](?:10|[1-9])\b/.exec(text)?.[0] ?? text);
}

/** Reads the three cells off the card and fills them in. */
export async function giveCodes(page: Page, account: Account): Promise<void> {
  const asked = await askedCoordinates(page);
  expect(asked).toHaveLength(3);
  await page.getByLabel('De tre koder i rækkefølge').fill(asked.map((coordinate) => account.matrix?.[coordinate]).join(' '));
  await page.getByRole('button', { name: 'Log ind' }).click();
}

/** The account of the one letter on the page that is open, as its person reads it. */
export async function readLetter(page: Page, name: string): Promise<Account> {
  const letter = page.getByRole('article');
  const [username, password] = await letter.locator('.paper__secret').allInnerTexts();
  const rows = await letter.locator('.paper__matrix tbody tr').all();
  const cells = await Promise.all(rows.map((row) => row.locator('td').allInnerTexts()));
  const named = cells.flatMap((row, at) => row.map((cell, column) => [`${'ABCDEFGHIJ'[column]}${at + 1}`, cell]));
  return { name, username, password, matrix: named.length ? Object.fromEntries(named) : null };
}

/** Sets one's own password in place of the issued one. */
export async function chooseOwnPassword(page: Page, account: Account): Promise<void> {
  await page.getByLabel('Ny adgangskode', { exact: true }).fill(OWN_PASSWORD);
  await page.getByLabel('Den nye adgangskode igen').fill(OWN_PASSWORD);
  await page.getByRole('button', { name: 'Gem og fortsæt' }).click();
  account.password = OWN_PASSWORD;
}

/** Signs in with all that the account has; an issued password is replaced on the way. */
export async function signIn(page: Page, account: Account): Promise<void> {
  await page.goto('/sign-in');
  await signInHere(page, account);
}

/** The same, from the sign-in page that is open. */
export async function signInHere(page: Page, account: Account): Promise<void> {
  const isIssued = account.password !== OWN_PASSWORD;
  await fillPassword(page, account.username, account.password);
  if (account.matrix) await giveCodes(page, account);
  if (isIssued) await chooseOwnPassword(page, account);
  await expectSignedIn(page);
}

export type DemoRole = 'Kommune' | 'Testadministrator' | 'Leder' | 'Leder og testadministrator' | 'Lærer';

/** Signs in with a button of the demo: the first person with this role, at the school with this number. */
export async function signInAsDemo(page: Page, role: DemoRole, school = 0): Promise<void> {
  await page.goto('/sign-in');
  const people = page.locator('.demo__people').nth(school).getByRole('button');
  await people.filter({ hasText: new RegExp(`${role}$`) }).first().click();
  await expectSignedIn(page);
}

/** Past the last step: on a page with a way to sign out. */
export async function expectSignedIn(page: Page): Promise<void> {
  await expect(page).not.toHaveURL(/sign-in|change-password/);
  await expect(page.getByRole('button', { name: 'Log ud' })).toBeVisible();
}
