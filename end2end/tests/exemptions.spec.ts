// Exemptions: the leader's alone, and seen at once in the grid of rights.
import { account, school, type Account, type School } from '../support/adgang';
import { Grid } from '../support/grid';
import { schoolYear } from '../support/roster';
import { expect, open, test, type Page } from '../support/test';

let place: School;
let karen: Account;
let henrik: Account;
const year = `${schoolYear()}/${String(schoolYear() + 1).slice(2)}`;

test.beforeAll(async () => {
  place = await school();
  karen = await account(place, 'test-administrator', 'Karen Østergård');
  henrik = await account(place, 'leader', 'Henrik Nørby');
});

async function exemptionsOf(page: Page, of: string): Promise<void> {
  await open(page, '/exemptions');
  await page.getByRole('complementary').getByRole('link', { name: new RegExp(`^${of}`) }).click();
  await expect(page.getByRole('heading', { level: 2 })).toContainText(of);
}

const exemption = (page: Page, pupil: string, of: string, test: string) =>
  page.getByRole('grid').getByRole('checkbox', { name: new RegExp(`^${pupil}, ${of}, ${test}: `) });

async function apply(page: Page): Promise<void> {
  await page.getByRole('region', { name: 'Kladde' }).getByRole('button', { name: 'Gennemse' }).click();
  await expect(page.getByRole('heading', { level: 1, name: /^Gennemse 1 ændring/ })).toBeVisible();
  await page.getByRole('button', { name: /^Anvend/ }).click();
  await expect(page.getByRole('region', { name: 'Kladde' })).toHaveCount(0);
}

test('an exemption is seen at once in the grid of rights, and so is its withdrawal', async ({ signedIn }) => {
  const leader = await signedIn(henrik);
  await exemptionsOf(leader, '4.A');
  const cell = exemption(leader, 'Alma Brinkmann', '4.A', 'Matematik 4');
  await expect(cell).not.toBeChecked();
  await cell.click();
  await expect(cell).toBeChecked();
  await leader.getByLabel('Note').fill('Aftalt med forældrene');
  await apply(leader);
  await expect(cell).toBeChecked();
  await expect(leader.getByRole('row', { name: /^Alma Brinkmann/ })).toContainText('Aftalt med forældrene');

  const page = await signedIn(karen);
  const grid = await Grid.fresh(page);
  await grid.choose('Mette Lindegaard');
  await grid.unfold('4.A');
  await grid.says('Alma Brinkmann, 4.A', 'Matematik 4', `nej, fritaget ${year}`);
  // A right is no matter of exemption: it can be given all the same, and says so.
  await grid.cell('Alma Brinkmann, 4.A', 'Matematik 4').click();
  await grid.says('Alma Brinkmann, 4.A', 'Matematik 4', `ja, givet her, fritaget ${year}, tilføjet i kladden`);

  await cell.click();
  await apply(leader);
  await expect(cell).not.toBeChecked();
  const again = await Grid.fresh(page);
  await again.choose('Mette Lindegaard');
  await again.unfold('4.A');
  await again.says('Alma Brinkmann, 4.A', 'Matematik 4', 'nej');
});

test('the leader’s grid under the keyboard: one tab stop, arrows, Space, Ctrl+Z', async ({ signedIn }) => {
  const page = await signedIn(henrik);
  await exemptionsOf(page, '6.A');
  const table = page.getByRole('grid');
  const stops = await table.getByRole('checkbox').evaluateAll((cells) => cells.filter((cell) => (cell as HTMLElement).tabIndex >= 0).length);
  expect(stops).toBe(1);
  await table.getByRole('checkbox').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await page.keyboard.press('Control+Home');
  await expect(table.getByRole('checkbox').first()).toBeFocused();
  await page.keyboard.press('Space');
  await expect(table.getByRole('checkbox').first()).toBeChecked();
  await page.keyboard.press('Control+z');
  await expect(table.getByRole('checkbox').first()).not.toBeChecked();
});

test('two leaders at once: the other one’s note is not lost without a word', async ({ signedIn }) => {
  const other = await account(place, 'leader', 'Inge Dahl');
  const [first, second] = [await signedIn(henrik), await signedIn(other)];
  for (const page of [first, second]) {
    await exemptionsOf(page, '4.B');
    await page.getByRole('grid').getByRole('checkbox').first().click();
  }
  await second.getByLabel('Note').fill('Aftalt med forældrene');
  await apply(second);
  await first.getByRole('region', { name: 'Kladde' }).getByRole('button', { name: 'Gennemse' }).click();
  await first.getByRole('button', { name: /^Anvend/ }).click();
  const note = first.getByRole('region', { name: '1 konflikt skal afgøres' });
  await expect(note).toContainText('Inge Dahl fritog');
  await expect(note).toContainText('»Aftalt med forældrene«');
  await note.getByRole('button', { name: 'Behold kollegaens' }).click();
  await expect(first.getByRole('grid').getByRole('checkbox').first()).toBeChecked();
  await expect(first.getByRole('region', { name: 'Kladde' })).toHaveCount(0);
});

test('several cells at once: a range, a heading, and one step back for all of them', async ({ signedIn }) => {
  const page = await signedIn(henrik);
  await exemptionsOf(page, '6.A');
  const table = page.getByRole('grid');
  const cells = table.getByRole('checkbox');
  const exempt = table.getByRole('checkbox', { checked: true });
  const all = await cells.count();
  await cells.first().focus();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Space');
  await expect(exempt).toHaveCount(2);
  await page.keyboard.press('Control+z');
  await expect(exempt).toHaveCount(0);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Space');
  await expect(exempt).toHaveCount(all);
  await page.keyboard.press('Control+z');
  await expect(exempt).toHaveCount(0);
  const pupils = await table.getByRole('rowheader').count();
  await table.getByRole('columnheader').nth(1).getByRole('button').click();
  await expect(exempt).toHaveCount(pupils);
  await page.keyboard.press('Control+z');
});

test('leaving with a draft is asked about, and staying keeps it', async ({ signedIn }) => {
  const page = await signedIn(henrik);
  await exemptionsOf(page, '6.A');
  const cell = page.getByRole('grid').getByRole('checkbox').first();
  await cell.click();
  await expect(cell).toBeChecked();
  const asked = page.waitForEvent('dialog');
  void page.reload().catch(() => undefined);
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
  await expect(cell).toBeChecked();
});
