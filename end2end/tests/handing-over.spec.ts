// An authority replaces a principal; a test administrator asks the new one; letters in three languages.
import { account, authorityAccount, school, type Account, type School } from '../support/adgang';
import { expectGoodLooks } from '../support/look';
import { readLetter, signIn } from '../support/sign-in';
import { expect, open, test } from '../support/test';

test.describe.configure({ mode: 'serial', timeout: 300_000 });
// A card is a hundred slow hashes.
test.use({ actionTimeout: 60_000 });

let place: School;
let authority: Account;
let old: Account;
let next: Account;
let administrator: Account;
let teacher: Account;

test.beforeAll(async () => {
  place = await school();
  authority = await authorityAccount(place, 'Hanne Vang');
  old = await account(place, 'principal', 'Birthe Krag');
  administrator = await account(place, 'test-administrator', 'Karen Øst');
  teacher = await account(place, 'teacher', 'Mette Lind');
});

test('the authority replaces a principal: one is out at once, the other is handed over to', async ({ signedIn, visitor }) => {
  const before = await signedIn(old);
  await before.goto('/accounts');
  await expect(before.getByRole('heading', { level: 1 })).toHaveText('Konti');

  const page = await signedIn(authority);
  await open(page, '/accounts/principal');
  await expectGoodLooks(page, 'principal-choose');
  await page.getByRole('link', { name: 'Udskift Birthe Krag' }).click();
  await page.getByLabel('Fornavn').fill('Poul');
  await page.getByLabel('Efternavn').fill('Friis');
  await expectGoodLooks(page, 'principal-replace');
  await page.getByRole('button', { name: 'Udskift, og vis brevet' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Brev til udlevering');
  await expectGoodLooks(page, 'letter-da');
  next = await readLetter(page, 'Poul Friis');

  await before.reload();
  await expect(before).toHaveURL(/\/sign-in/);

  const theirs = await visitor();
  await signIn(theirs, next);
  await open(theirs, '/accounts');
  await theirs.getByRole('link', { name: 'Overlevering' }).click();
  await expect(theirs.getByRole('region', { name: 'Ledere før' })).toContainText('Birthe Krag');
  await expect(theirs.getByRole('region', { name: 'Det venter' })).toContainText('Lærere i den nyeste import uden konto');
  await expect(theirs.getByRole('row').filter({ hasText: teacher.username })).toContainText('Udleveret');
  await expectGoodLooks(theirs, 'handover');
});
