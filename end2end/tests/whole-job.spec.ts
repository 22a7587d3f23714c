// The main job, end to end: a real roster in, a right given in the grid, "My rights" shown, taken back.
import { account, emptySchool, teacherAccount, type School } from '../support/adgang';
import { focused, Grid, starting } from '../support/grid';
import { expectGoodLooks } from '../support/look';
import { askedCoordinates, chooseOwnPassword, expectSignedIn, giveCodes, givePassword, signIn } from '../support/sign-in';
import { expect, test, type Page } from '../support/test';

/** Chooses an item of the main menu. */
const menu = (page: Page, name: string) => page.getByRole('navigation', { name: 'Hovedmenu' }).getByRole('link', { name, exact: true });

/** The line of one's own rights that is about this class. */
const mine = (page: Page, of: string) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: of }) });

async function teachersPage(place: School, visitor: () => Promise<Page>): Promise<Page> {
  const teacher = await teacherAccount(place, 'Ravnsborg');
  const page = await visitor();
  await signIn(page, teacher);
  await page.goto('/my-rights');
  await expect(page.getByRole('heading', { name: 'Du ser ingen resultater' })).toBeVisible();
  return page;
}

test('the whole job with the mouse @postgres', async ({ page, visitor }) => {
  test.setTimeout(120_000);
  const place = await emptySchool();
  const karen = await account(place, 'test-administrator', 'Karen Østergård');

  await givePassword(page, karen.username, karen.password);
  await giveCodes(page, karen);
  await chooseOwnPassword(page, karen);

  await menu(page, 'Import').click();
  await page.getByLabel('Fil med elever og medarbejdere').setInputFiles(place.file);
  await page.getByRole('button', { name: 'Læs filen' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Gennemse importen');
  await expect(page.getByRole('row', { name: /^Personer/ })).toContainText('51');
  await expectGoodLooks(page, 'import-review');
  await page.getByRole('button', { name: 'Anvend' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Importen er anvendt');

  const teacher = await teachersPage(place, visitor);

  await menu(page, 'Rettigheder').click();
  const grid = new Grid(page);
  await grid.ready();
  await grid.choose('Bo Ravnsborg');
  await grid.says('6.A', 'Matematik 6', 'nej');
  await grid.cell('6.A', 'Matematik 6').click();
  await grid.says('6.A', 'Matematik 6', 'ja, givet her, tilføjet i kladden');
  await grid.unfold('6.A');
  await grid.says('Alma Toft, 6.A', 'Matematik 6', 'ja, gennem klassen, tilføjet i kladden');
  await expect(grid.bar).toContainText('12 celler ændres');
  await expect(grid.bar).toContainText('Bo Ravnsborg får');

  // Nothing applies before it is reviewed and applied.
  await teacher.reload();
  await expect(teacher.getByRole('heading', { name: 'Du ser ingen resultater' })).toBeVisible();

  await grid.review();
  await expect(page.getByText('Bo Ravnsborg får adgang. Intet gælder, før du anvender.')).toBeVisible();
  const gain = page.getByRole('table', { name: 'Får adgang: 1 lærer' }).getByRole('row').nth(1);
  await expect(gain).toContainText('Bo Ravnsborg');
  await expect(gain).toContainText('6.A');
  await expect(gain).toContainText('Matematik 6');
  await expect(gain).toContainText('31.07.');
  await expectGoodLooks(page, 'review');
  await page.getByLabel('Begrundelse').fill('Underviser klassen fra i dag');
  await page.getByRole('button', { name: /^Anvend/ }).click();
  await grid.ready();
  await grid.says('6.A', 'Matematik 6', 'ja, givet her');
  await expect(grid.bar).toContainText('Ingen ændringer i kladden.');

  await teacher.reload();
  await expect(mine(teacher, '6.A')).toContainText('12');
  await expect(mine(teacher, '6.A')).toContainText('Matematik 6');

  await menu(page, 'Historik').click();
  const set = page.getByRole('article', { name: /^Karen Østergård gav Bo Ravnsborg adgang/ });
  await expect(set).toContainText('»Underviser klassen fra i dag«');
  await set.getByRole('button', { name: 'Tag tilbage' }).click();
  await set.getByRole('button', { name: /^Gennemse tilbagetagning/ }).click();
  await expect(page.getByText('Bo Ravnsborg mister adgang.')).toBeVisible();
  await page.getByLabel('Begrundelse').fill('Det var den forkerte klasse');
  await page.getByRole('button', { name: 'Tag tilbage', exact: true }).click();
  await expect(page.getByRole('article', { name: 'Karen Østergård tog nr. 1 tilbage' })).toBeVisible();
  await expect(set).toContainText('Taget tilbage af nr. 2.');

  await teacher.reload();
  await expect(teacher.getByRole('heading', { name: 'Du ser ingen resultater' })).toBeVisible();
});

test('the whole job with the keyboard alone @postgres', async ({ page, visitor }) => {
  test.setTimeout(120_000);
  const place = await emptySchool();
  const karen = await account(place, 'test-administrator', 'Karen Østergård');
  const { keyboard } = page;

  /** Tabs until the focus is on what has this name; a person would see it on the way. */
  const tabTo = async (name: RegExp) => {
    for (let stops = 0; stops < 80; stops++) {
      await keyboard.press('Tab');
      const said = await focused(page).ariaSnapshot().catch(() => '');
      if (name.test(said)) return;
    }
    throw new Error(`Tab never reaches ${name}`);
  };
  const type = async (name: RegExp, text: string) => {
    await tabTo(name);
    await keyboard.type(text);
  };

  await page.goto('/sign-in');
  await type(/textbox "Brugernavn"/, karen.username);
  await type(/textbox "Adgangskode"/, karen.password);
  await keyboard.press('Enter');
  await expect(page).toHaveURL('/sign-in/matrix');
  const codes = (await askedCoordinates(page)).map((coordinate) => karen.matrix?.[coordinate]).join('');
  await type(/textbox "De tre koder/, codes);
  await keyboard.press('Enter');
  await expect(page).toHaveURL('/change-password');
  const own = 'violin-kompas-havregryn-88';
  await type(/textbox "Ny adgangskode"/, own);
  await type(/textbox "Den nye adgangskode igen"/, own);
  await keyboard.press('Enter');
  await expectSignedIn(page);

  await tabTo(/link "Import"/);
  await keyboard.press('Enter');
  await expect(page).toHaveURL('/imports');
  await expect(page.locator('html')).toHaveAttribute('data-hydrated', '');
  await tabTo(/"Fil med elever og medarbejdere"/);
  // The system's own dialog is out of a page's reach; Enter opens it.
  const dialog = page.waitForEvent('filechooser');
  await keyboard.press('Enter');
  await (await dialog).setFiles(place.file);
  await tabTo(/button "Læs filen"/);
  await keyboard.press('Enter');
  await tabTo(/button "Anvend/);
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Importen er anvendt');

  const teacher = await teachersPage(place, visitor);

  await menu(page, 'Rettigheder').focus();
  await keyboard.press('Enter');
  const grid = new Grid(page);
  await grid.ready();
  await type(/searchbox "Søg lærer"/, 'ravns');
  await tabTo(/link "Bo Ravnsborg/);
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 2, name: 'Bo Ravnsborg' })).toBeVisible();
  await tabTo(/checkbox "/);
  await keyboard.press('Control+Home');
  const target = starting('6.A, Matematik 6: ');
  const move = async (key: string, reached: (name: string) => boolean) => {
    for (let steps = 0; steps < 40; steps++) {
      if (reached((await focused(page).getAttribute('aria-label')) ?? '')) return;
      await keyboard.press(key);
    }
    throw new Error(`${key} never gets there`);
  };
  await move('ArrowDown', (name) => name.startsWith('6.A, '));
  await move('ArrowRight', (name) => target.test(name));
  await keyboard.press('Space');
  await expect(focused(page)).toHaveAccessibleName('6.A, Matematik 6: ja, givet her, tilføjet i kladden');
  await grid.saved();

  await tabTo(/button "Gennemse"/);
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: /^Gennemse/ })).toBeVisible();
  await type(/textbox "Begrundelse/, 'Underviser klassen fra i dag');
  await tabTo(/button "Anvend/);
  await keyboard.press('Enter');
  await grid.ready();
  await grid.says('6.A', 'Matematik 6', 'ja, givet her');
  await teacher.reload();
  await expect(mine(teacher, '6.A')).toContainText('Matematik 6');

  await menu(page, 'Historik').focus();
  await keyboard.press('Enter');
  await expect(page.getByRole('article')).toHaveCount(1);
  await tabTo(/button "Tag tilbage"/);
  await keyboard.press('Enter');
  await tabTo(/button "Gennemse tilbagetagning/);
  await keyboard.press('Enter');
  await expect(page.getByText('Bo Ravnsborg mister adgang.')).toBeVisible();
  await tabTo(/button "Tag tilbage"/);
  await keyboard.press('Enter');
  await expect(page.getByRole('article')).toHaveCount(2);
  await teacher.reload();
  await expect(teacher.getByRole('heading', { name: 'Du ser ingen resultater' })).toBeVisible();
  await expect(mine(teacher, '6.A')).toHaveCount(0);
});
