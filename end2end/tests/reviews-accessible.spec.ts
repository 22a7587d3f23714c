// Pages that are only there on the way: reviews of each kind, a conflict, an import that is held or refused.
// Light and dark, wide and narrow: axe-core finds nothing, and nothing scrolls sideways.
import { account, school, type Account, type School } from '../support/adgang';
import { Grid } from '../support/grid';
import { expectGoodLooks } from '../support/look';
import { bundle } from '../support/roster';
import { expect, open, test, type Page } from '../support/test';

test.describe.configure({ timeout: 180_000 });

let place: School;
let karen: Account;
let anna: Account;
let henrik: Account;

test.beforeAll(async () => {
  place = await school();
  karen = await account(place, 'test-administrator', 'Karen Østergård');
  anna = await account(place, 'test-administrator', 'Anna Holm');
  henrik = await account(place, 'leader', 'Henrik Nørby');
});

const draft = (page: Page) => page.getByRole('region', { name: 'Kladde' });

test('the review of staff rights', async ({ signedIn }) => {
  const page = await signedIn(karen);
  await open(page, '/rights/staff');
  await page.getByRole('checkbox', { name: 'Mette Lindegaard: Booking' }).click();
  await page.getByRole('checkbox', { name: 'Asta Bloch: Testafvikling' }).click();
  await draft(page).getByRole('button', { name: 'Gennemse' }).click();
  await expect(page.getByRole('heading', { level: 1, name: /^Gennemse/ })).toBeVisible();
  await expectGoodLooks(page, 'staff-review');
});

test('the review of exemptions', async ({ signedIn }) => {
  const page = await signedIn(henrik);
  await open(page, '/exemptions');
  await page.getByRole('complementary').getByRole('link', { name: /^4\.A/ }).click();
  await page.getByRole('grid').getByRole('checkbox').first().click();
  await page.getByLabel('Note').fill('Aftalt med forældrene');
  await draft(page).getByRole('button', { name: 'Gennemse' }).click();
  await expect(page.getByRole('heading', { level: 1, name: /^Gennemse 1 ændring/ })).toBeVisible();
  await expectGoodLooks(page, 'exemptions-review');
});

test('a review with conflicts, before they are settled and after the way on was tried', async ({ signedIn }) => {
  const hers = await Grid.open(await signedIn(karen));
  await hers.choose('Bo Ravnsborg');
  for (const of of ['4.A', '4.B']) await hers.cell(of, 'Engelsk 4').click();
  await hers.saved();
  const others = await Grid.open(await signedIn(anna));
  await others.choose('Bo Ravnsborg');
  for (const of of ['4.A', '4.B']) {
    await others.cell(of, 'Engelsk 4').focus();
    await others.line.getByRole('button', { name: 'Tilbagehold' }).click();
  }
  await others.apply('Sygemeldt');

  const { page } = hers;
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(hers.bar).toContainText('2 konflikter');
  await hers.review();
  await expect(page.getByRole('region', { name: /skal afgøres/ })).toContainText('Anna Holm tilbageholdt adgangen');
  await expectGoodLooks(page, 'conflict-review');
  await page.getByRole('button', { name: /^Anvend/ }).click();
  await expect(page.getByText('Afgør de 2 konflikter først: behold din eller kollegaens.')).toBeVisible();
  await expectGoodLooks(page, 'conflict-unsettled');
});

test('an import that is refused, and one that is held', async ({ signedIn }) => {
  const page = await signedIn(karen);
  const read = async (buffer: Buffer) => {
    await open(page, '/imports');
    await page.getByLabel('Fil med elever og medarbejdere').setInputFiles({ name: 'skolen.zip', mimeType: 'application/zip', buffer });
    await page.getByRole('button', { name: 'Læs filen' }).click();
  };
  const heading = page.getByRole('heading', { level: 1 });
  await read(Buffer.from('not a zip at all'));
  await expect(heading).toHaveText('Filen kan ikke importeres');
  await expectGoodLooks(page, 'import-refused');

  await read(bundle({ ...place, classes: place.classes.filter(({ name }) => name !== '6.B'), teachers: place.teachers.slice(0, 2) }));
  await expect(heading).toHaveText('Importen er sat på hold');
  await expectGoodLooks(page, 'import-held');
  await open(page, '/imports');
  await expect(page.getByRole('region', { name: 'Importer' }).getByRole('button', { name: 'Se og afgør' })).toBeVisible();
  await expectGoodLooks(page, 'imports-with-one-held');
  await page.getByRole('button', { name: 'Se og afgør' }).click();
  await page.getByRole('button', { name: 'Anvend alligevel' }).click();
  await expect(page.getByRole('alert')).toContainText('Skriv en begrundelse');
  await expectGoodLooks(page, 'import-held-without-reason');
  await page.getByRole('button', { name: 'Kassér filen' }).click();
});
