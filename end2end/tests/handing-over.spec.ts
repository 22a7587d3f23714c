// An authority replaces a principal; a test administrator asks the new one; letters in three languages.
import { account, adgang, authorityAccount, school, type Account, type School } from '../support/adgang';
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

test('the authority replaces a principal: one is out at once, the other is handed over to @postgres', async ({ signedIn, visitor }) => {
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

test('who may not delete is told so, asks, and it is one click for who may', async ({ console, signedIn, visitor }) => {
  const page = await signedIn(administrator);
  await open(page, `/accounts?q=${teacher.username}`);
  await expectGoodLooks(page, 'accounts');
  await page.getByRole('rowheader').getByRole('link').click();
  await expectGoodLooks(page, 'account');
  await expect(page.getByRole('button', { name: /^Slet/ })).toHaveCount(0);

  // Past the page, by the form that is not offered: a sentence, and who can.
  console.allowStatus(403);
  await page.locator('main form[action^="/accounts/"]').first().evaluate((form: HTMLFormElement) => {
    form.querySelectorAll('[name=do]').forEach((field) => field.remove());
    form.insertAdjacentHTML('beforeend', '<input type="hidden" name="do" value="delete">');
    form.submit();
  });
  const refused = page.getByRole('alert');
  await expect(refused).toContainText('Det er kun skolens leder, der gør det.');
  await expect(refused).toContainText('Poul Friis kan hjælpe.');
  await expectGoodLooks(page, 'refused');
  await refused.getByRole('link', { name: 'Kode 52' }).click();
  await expect(page).toHaveURL(/\/help#code-52$/);
  await expect(page.getByRole('heading', { name: /^Kode 52/ })).toBeInViewport();

  await open(page, `/accounts?q=${teacher.username}`);
  await page.getByRole('rowheader').getByRole('link').click();
  await page.getByRole('button', { name: 'Bed dem om at slette kontoen' }).click();
  await expect(page.getByRole('region', { name: 'Du venter på' })).toContainText('Mette Lind');
  await expectGoodLooks(page, 'inbox-asked');

  const theirs = await visitor();
  await signIn(theirs, next);
  await open(theirs, '/inbox');
  await expect(theirs.getByRole('navigation', { name: 'Hovedmenu' }).getByRole('link', { name: /Indbakke/ })).toContainText('1');
  await expectGoodLooks(theirs, 'inbox');
  await theirs.getByRole('button', { name: `Slet kontoen ${teacher.username}` }).click();
  await expect(theirs.getByText('Kontoen er slettet.')).toBeVisible();
  await open(page, '/inbox');
  await expect(page.getByRole('region', { name: 'Besvaret i det seneste år' })).toContainText('Gjort af Poul Friis');
});

test('the page of doubles says what is alike, and who settles it', async ({ signedIn }) => {
  const [first, second] = [await account(place, 'teacher', 'Åse Bæk'), await account(place, 'teacher', 'Aase Baek')];
  const page = await signedIn(administrator);
  await open(page, '/accounts/doubles');
  for (const { username } of [first, second]) await expect(page.getByRole('main')).toContainText(username);
  await expect(page.getByRole('main')).toContainText('Spørg skolens leder (Poul Friis) om at: slette');
  await expectGoodLooks(page, 'doubles');
  await page.getByRole('button', { name: 'Bed dem om at slette kontoen' }).click();
  await expect(page.getByRole('region', { name: 'Du venter på' })).toContainText(first.username);
});

test('who is principal of the authority’s other school is chosen by name, and is one person with two accounts', async ({ signedIn, visitor }) => {
  const code = `${place.code}0`;
  await adgang(['admin', 'institution', 'create', '--authority', place.authority, '--code', code, '--name', 'Naboskolen'], place.target);
  const known = await account({ ...place, code }, 'principal', 'Asta Bech');
  const page = await signedIn(authority);
  await open(page, '/accounts/principal');
  await page.getByRole('link', { name: 'Udskift Poul Friis' }).click();
  await page.getByLabel('Leder på en af skolerne').selectOption({ label: 'Asta Bech (Naboskolen)' });
  await expectGoodLooks(page, 'principal-known');
  await page.getByRole('button', { name: 'Udskift, og vis brevet' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Brev til udlevering');
  const here = await readLetter(page, 'Asta Bech');
  expect(here.username).toMatch(new RegExp(`-${place.code}$`));

  const theirs = await visitor();
  await signIn(theirs, here);
  await open(theirs, '/account');
  await expect(theirs.getByRole('main')).toContainText(known.username);
  await open(theirs, '/accounts');
  await expect(theirs.getByRole('main')).toContainText(administrator.username);
  await expect(theirs.getByRole('main')).not.toContainText(`-${code}`);
});

for (const [language, name] of [['sv', 'Svenska'], ['en', 'English']]) {
  test(`a letter speaks its person’s language: ${language}`, async ({ signedIn }) => {
    const page = await signedIn(administrator);
    const other = await account(place, 'teacher', `Ida ${name}`);
    await open(page, `/accounts?q=${other.username}`);
    await page.getByRole('rowheader').getByRole('link').click();
    await page.getByLabel('Brevets sprog').selectOption({ label: name });
    await page.getByRole('button', { name: 'Udsted, og vis brevet' }).click();
    const letter = page.getByRole('article');
    await expect(letter).toHaveAttribute('lang', language);
    await expect(letter).toContainText(other.username);
    await expectGoodLooks(page, `letter-${language}`);
  });
}
