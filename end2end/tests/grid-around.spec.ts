// What stands around the grid: the notice after applying, what is in use, the marks beside a teacher's name,
// an opened cell and its focus, the phone, and a school in which there is nothing to give yet.
import { account, apply, emptySchool, school, type Account, type School } from '../support/adgang';
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe';
import { forget, Grid } from '../support/grid';
import { expect, open, test, type Page } from '../support/test';

let place: School;
let karen: Account;

test.beforeAll(async () => {
  place = await school();
  karen = await account(place, 'test-administrator', 'Karen Østergård');
});

/** Bo's rights, by the address that leads to them. */
async function bo(page: Page): Promise<Grid> {
  const grid = await Grid.fresh(page);
  await grid.choose('Bo Ravnsborg');
  return grid;
}

test('after applying one is back where one came from, told the number and offered a way back', async ({ signedIn }) => {
  const page = await signedIn(karen);
  const grid = await bo(page);
  await grid.cell('6.A', 'Matematik 6').click();
  const address = page.url();
  await grid.apply('Underviser klassen');
  expect(page.url()).toBe(address);
  await expect(page.getByRole('heading', { level: 2, name: 'Bo Ravnsborg' })).toBeVisible();
  const notice = page.getByRole('status').filter({ hasText: 'Anvendt kl.' });
  await expect(notice).toContainText('som nr. 1 i historikken');

  // Taking back is a reviewed step: the link records nothing.
  await notice.getByRole('link', { name: 'Tag tilbage' }).click();
  await expect(page.getByText('Bo Ravnsborg mister adgang.')).toBeVisible();
  await expect(page).toHaveURL(/\/history$/);
  await page.getByRole('button', { name: 'Tag tilbage', exact: true }).click();
  await expect(page.getByRole('article', { name: 'Karen Østergård tog nr. 1 tilbage' })).toBeVisible();
});

test('a review that is reloaded leads back to the same teacher', async ({ signedIn }) => {
  const page = await signedIn(karen);
  const grid = await bo(page);
  await grid.cell('6.B', 'Engelsk 4').click();
  await grid.saved();
  const address = page.url();
  await grid.review();
  await page.reload();
  await page.getByRole('button', { name: 'Tilbage til gitteret' }).click();
  await expect(page).toHaveURL(address);
  await expect(page.getByRole('heading', { level: 2, name: 'Bo Ravnsborg' })).toBeVisible();
});

test('only what is in use, on every side, and everything again', async ({ signedIn }) => {
  await apply(place, karen, [{ teachers: [place.teachers[2].id], scope: { group: `${place.code}-6.B` }, tests: { test: 'FNF-MAT-6' }, decision: 'give' }]);
  const page = await signedIn(karen);
  const grid = await Grid.fresh(page);
  await grid.choose('Asta Bloch');
  const rows = grid.table.locator('tbody [role=row]:not([hidden])');
  await expect(rows).toHaveCount(7);
  await page.getByRole('button', { name: /^Vis kun det i brug \(3 × 1\)/ }).click();
  await expect(rows).toHaveCount(3);
  await expect(grid.cell('6.B', 'Matematik 6')).toBeChecked();
  await expect(grid.cell('6.B', 'Engelsk 4')).toHaveCount(0);
  // Turned, it shows the one teacher who sees something.
  await page.getByRole('navigation', { name: 'Vis rettigheder efter' }).getByRole('link', { name: 'Klasse' }).click();
  await grid.choose('6.B');
  await expect(rows).toHaveCount(1);
  await expect(page.getByText('1 lærer ser resultater her.')).toBeVisible();
  await page.getByRole('button', { name: 'Vis alt igen' }).click();
  await expect(rows).toHaveCount(3);
});

test('what a teacher may book and run stands beside the name, and leads to where it is changed', async ({ signedIn }) => {
  const grid = await bo(await signedIn(karen));
  await grid.page.getByRole('link', { name: 'Må booke og afvikle' }).click();
  await expect(grid.page).toHaveURL(/\/rights\/staff$/);
});

test('an opened cell takes the focus, follows the cell one goes to, and gives the focus back', async ({ signedIn }) => {
  const grid = await bo(await signedIn(karen));
  const { page } = grid;
  await grid.cell('6.A', 'Matematik 7').focus();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('complementary', { name: '6.A' });
  await expect(panel.getByRole('heading', { name: '6.A' })).toBeFocused();
  // What is put into the draft leaves the focus where it is.
  await panel.getByLabel('Giv i denne række').check();
  const put = panel.getByRole('button', { name: 'Læg i kladden' });
  await put.click();
  await expect(panel).toContainText('Ja, givet her');
  await expect(put).toBeFocused();
  await grid.cell('6.B', 'Matematik 7').click();
  await expect(page.getByRole('complementary', { name: '6.B' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('complementary', { name: '6.B' })).toHaveCount(0);
  await expect(grid.cell('6.B', 'Matematik 7')).toBeFocused();
});

test('on a phone the chooser is closed once something is chosen; a cell opens in the grid’s place', async ({ signedIn }) => {
  const page = await signedIn(karen);
  await page.setViewportSize({ width: 390, height: 800 });
  await forget(page);
  await open(page, '/rights');
  const search = page.getByRole('searchbox', { name: 'Søg lærer' });
  await expect(search).toBeHidden();
  await page.getByText('Skift lærer').click();
  await search.fill('mette');
  await search.press('Enter');
  await expect(page.getByRole('heading', { level: 2, name: 'Mette Lindegaard' })).toBeFocused();
  await expect(search).toBeHidden();

  await page.getByRole('button', { name: /^4\.A/ }).click();
  const give = page.getByRole('button', { name: 'Giv: Matematik 4' });
  await give.click();
  await expect(page.getByRole('button', { name: 'Fjern: Matematik 4' })).toBeFocused();
  const why = page.getByRole('button', { name: 'Hvorfor? Matematik 4' });
  await why.click();
  const panel = page.getByRole('complementary', { name: '4.A' });
  await expect(panel.getByRole('heading', { name: '4.A' })).toBeFocused();
  await expect(panel).toBeInViewport();
  await expect(page.getByRole('button', { name: /^4\.A/ })).toBeHidden();
  await expectAccessible(page);
  await panel.getByRole('button', { name: 'Luk' }).click();
  await expect(why).toBeFocused();
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 800 });
    await expectNoSidewaysScroll(page);
  }
  await page.getByRole('region', { name: 'Kladde' }).getByRole('button', { name: 'Gennemse' }).click();
  await expect(page.getByRole('table', { name: /^Får adgang/ })).toContainText('Matematik 4');
  await expectNoSidewaysScroll(page);
});

test('a school without people says what is missing and who can bring them', async ({ signedIn }) => {
  const page = await signedIn(await account(await emptySchool(), 'principal', 'Grete Vad'));
  await open(page, '/rights');
  await expect(page.getByRole('heading', { name: 'Her er intet at give endnu' })).toBeVisible();
  await page.getByRole('link', { name: 'Gå til import' }).click();
  await expect(page).toHaveURL(/\/imports$/);
});
