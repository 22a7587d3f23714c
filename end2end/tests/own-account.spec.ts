// One's own account, as its holder sees it: where it is signed in, the password, what is recorded.
import { readFileSync } from 'node:fs';
import { account, school, type Account, type School } from '../support/adgang';
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe';
import { signIn } from '../support/sign-in';
import { expect, open, test } from '../support/test';

let place: School;

test.beforeAll(async () => {
  place = await school();
});

/** Sections of the page, by their headings. */
const HERE = 'Her er du logget ind';

test('two browsers see each other, and one signs the other out', async ({ signedIn, another }) => {
  const principal = await account(place, 'principal', 'Birthe Kragelund');
  const one = await signedIn(principal);
  const other = await (await another({})).newPage();
  await signIn(other, principal);

  await open(one, '/account');
  await expect(one.getByRole('heading', { level: 1 })).toHaveText('Din konto');
  const places = one.getByRole('list', { name: HERE }).getByRole('listitem');
  await expect(places).toHaveCount(2);
  await expect(places.filter({ hasText: 'denne browser' })).toHaveCount(1);
  await places.filter({ hasNotText: 'denne browser' }).getByRole('button').click();
  await expect(one.getByText('Stedet er logget ud.')).toBeVisible();
  await expect(places).toHaveCount(1);
  await expect(one.getByText('Du er kun logget ind her.')).toBeVisible();
  await other.reload();
  await expect(other).toHaveURL(/\/sign-in/);

  await one.getByLabel('E-mail').fill('b.kragelund@example.org');
  await one.getByRole('button', { name: 'Gem' }).click();
  await expect(one.getByText('Kontaktoplysningerne er gemt.')).toBeVisible();
  await expect(one.getByLabel('E-mail')).toHaveValue('b.kragelund@example.org');

  await one.getByRole('link', { name: 'Se, hvad der er registreret' }).click();
  const tried = one.getByRole('table', { name: 'Forsøg på at logge ind' }).getByRole('row');
  await expect(tried.filter({ hasText: 'Koder fra kortet' }).filter({ hasText: 'logget ind' })).toHaveCount(2);
  await expect(one.getByRole('table', { name: 'Ændringer af kontoen' })).toContainText('Oplysninger blev rettet');
});

test('the password is changed with advice, and every other place is signed out', async ({ signedIn, another }) => {
  const teacher = await account(place, 'teacher', 'Ditte Krog');
  const page = await signedIn(teacher);
  const other = await (await another({})).newPage();
  await signIn(other, teacher);
  await open(page, '/account');
  await page.getByRole('link', { name: 'Skift adgangskode' }).click();
  await page.getByLabel('Nuværende adgangskode').fill(teacher.password);
  await page.getByLabel('Ny adgangskode', { exact: true }).fill('qwertyuiop20262026');
  await expect(page.getByRole('status').filter({ hasText: 'Let at gætte' })).toBeVisible();
  await page.getByLabel('Ny adgangskode', { exact: true }).fill('tordenvejr-oboe-pilekrat');
  await expect(page.getByText('Let at gætte', { exact: true })).toBeHidden();
  await page.getByLabel('Den nye adgangskode igen').fill('tordenvejr-oboe-pilekrat');
  await page.getByRole('button', { name: 'Gem og fortsæt' }).click();
  await expect(page).not.toHaveURL(/change-password/);
  await other.reload();
  await expect(other).toHaveURL(/\/sign-in/);
});

test('all of it works with scripts off, and a refused password says why', async ({ another }) => {
  const leader = await account(place, 'leader', 'Henrik Dalgas');
  const context = await another({ javaScriptEnabled: false });
  const page = await context.newPage();
  await signIn(page, leader);
  await page.goto('/account');
  await expect(page.getByRole('list', { name: HERE }).getByRole('listitem')).toHaveCount(1);
  await page.getByRole('link', { name: 'Skift adgangskode' }).click();
  await page.getByLabel('Nuværende adgangskode').fill(leader.password);
  for (const label of ['Ny adgangskode', 'Den nye adgangskode igen']) await page.getByLabel(label, { exact: true }).fill('password1234567');
  await page.getByRole('button', { name: 'Gem og fortsæt' }).click();
  await expect(page.getByRole('alert')).toContainText('Adgangskoden blev ikke gemt');
  await expect(page.getByText('Let at gætte', { exact: true })).toBeVisible();
  await page.goto('/account');
  await page.getByRole('button', { name: /^Log ud her: Begyndt/ }).click();
  await expect(page).toHaveURL(/\/sign-in/);
});

test('what is held about a pupil is saved as a page that names nobody else', async ({ signedIn }) => {
  const administrator = await account(place, 'test-administrator', 'Karen Østergård');
  const page = await signedIn(administrator);
  await open(page, '/people');
  const pupil = place.classes[0]?.pupils[0]?.name ?? '';
  await page.getByLabel('Søg person').fill(pupil);
  await page.getByRole('button', { name: 'Søg' }).click();
  await expect(page.getByRole('status')).toContainText('Viser 1 af 1');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Side til udskrift' }).click();
  const saved = await download;
  expect(saved.suggestedFilename()).toBe('registreret.html');
  const written = readFileSync(await saved.path(), 'utf8');
  expect(written).toContain(pupil);
  for (const name of [...place.teachers.map((teacher) => teacher.family), 'Østergård']) expect(written).not.toContain(name);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the pages are accessible and fit a phone, ${colorScheme}`, async ({ another }) => {
    const holder: Account = await account(place, 'principal', 'Åse Lind');
    const context = await another({ colorScheme, viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    await signIn(page, holder);
    for (const path of ['/account', '/account/record', '/people', '/change-password']) {
      for (const width of [390, 1280]) {
        await page.setViewportSize({ width, height: 844 });
        await page.goto(path);
        await expectAccessible(page);
        await expectNoSidewaysScroll(page);
      }
    }
  });
}
