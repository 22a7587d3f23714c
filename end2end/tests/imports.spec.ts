// The import by page: nothing twice, held when much is gone, refused when broken, names as they are.
import { account, school, type Account, type School } from '../support/adgang';
import { bundle } from '../support/roster';
import { expect, open, test, type Page } from '../support/test';

let place: School;
let karen: Account;
let principal: Account;

test.beforeAll(async () => {
  place = await school();
  karen = await account(place, 'test-administrator', 'Karen Østergård');
  principal = await account(place, 'principal', 'Lise Holm');
});

async function read(page: Page, buffer: Buffer, name = 'skolen.zip'): Promise<void> {
  await open(page, '/imports');
  await page.getByLabel('Fil med elever og medarbejdere').setInputFiles({ name, mimeType: 'application/zip', buffer });
  await page.getByRole('button', { name: 'Læs filen' }).click();
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

test('the same file twice changes nothing', async ({ signedIn }) => {
  const page = await signedIn(karen);
  await read(page, bundle(place));
  await expect(heading(page)).toHaveText('Filen ændrer intet');
  await expect(page.getByRole('button', { name: 'Anvend' })).toHaveCount(0);
});

test('a file that is none is refused with a sentence and a code, and nothing happens', async ({ signedIn }) => {
  const page = await signedIn(karen);
  await read(page, Buffer.from('not a zip at all'));
  await expect(heading(page)).toHaveText('Filen kan ikke importeres');
  await expect(page.getByRole('table')).toContainText('format-unknown');
  await open(page, '/imports');
  await page.getByRole('button', { name: 'Læs filen' }).click();
  await expect(page.getByRole('alert')).toContainText('Vælg den fil, der skal læses');
});

test('a name that looks like script or formula is only a name', async ({ signedIn }) => {
  const page = await signedIn(karen);
  const odd = '<img src=x onerror=alert(1)> =HYPERLINK("x")';
  page.on('dialog', () => expect(odd, 'a name ran').toBe(''));
  const classes = place.classes.map((of, at) =>
    at ? of : { ...of, pupils: [...of.pupils, { id: `${place.code}-odd`, name: odd }] },
  );
  await read(page, bundle({ ...place, classes }));
  await expect(heading(page)).toHaveText('Gennemse importen');
  await expect(page.getByText('<img src=x')).toBeVisible();
  await expect(page.locator('main img')).toHaveCount(0);
});

test('a file in which much is gone is held; people are put to sleep only when someone says yes and why', async ({ signedIn }) => {
  const page = await signedIn(karen);
  const fewer = bundle({ ...place, classes: place.classes.filter(({ name }) => name !== '6.B'), teachers: place.teachers.slice(0, 2) });
  await read(page, fewer);
  await expect(heading(page)).toHaveText('Importen er sat på hold');
  await expect(page.getByText('Elever: 12 af 48 mangler (25,0')).toBeVisible();
  await page.getByRole('button', { name: 'Kassér filen' }).click();
  await open(page, '/rights?by=class');
  await expect(page.getByRole('link', { name: /^6\.B/ })).toBeVisible();

  // It waits on the server: somebody else says yes, with a reason, without sending it again.
  await read(page, fewer);
  await expect(heading(page)).toHaveText('Importen er sat på hold');
  const lise = await signedIn(principal);
  await open(lise, '/imports');
  const list = lise.getByRole('region', { name: 'Importer' });
  await expect(list.getByRole('row', { name: /Kasseret.*Karen Østergård/ })).toBeVisible();
  await list.getByRole('button', { name: 'Se og afgør' }).click();
  await expect(lise.getByText('Elever: 12 af 48 mangler (25,0')).toBeVisible();
  await lise.getByRole('button', { name: 'Anvend alligevel' }).click();
  await expect(lise.getByRole('alert')).toContainText('Skriv en begrundelse');
  await lise.getByLabel('Begrundelse').fill('6.B er lagt sammen med naboskolen');
  await lise.getByRole('button', { name: 'Anvend alligevel' }).click();
  await expect(heading(lise)).toHaveText('Importen er anvendt');
  await open(page, '/imports');
  await expect(page.getByRole('region', { name: 'Importer' })).toContainText('6.B er lagt sammen med naboskolen');
  await open(page, '/rights?by=class');
  await expect(page.getByRole('link', { name: /^6\.A/ })).toBeVisible();
  await expect(page.getByRole('link', { name: /^6\.B/ })).toHaveCount(0);

  // With the next file they come back.
  await read(page, bundle(place));
  await page.getByRole('button', { name: 'Anvend' }).click();
  await expect(heading(page)).toHaveText('Importen er anvendt');
});
