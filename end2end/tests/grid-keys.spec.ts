// The grid under the keyboard: one tab stop, arrows, ranges, undo; and what it tells assistive technology.
import { account, school, type Account, type School } from '../support/adgang';
import { focused, Grid } from '../support/grid';
import { expect, test, type Page } from '../support/test';

let place: School;
let karen: Account;

test.beforeAll(async () => {
  place = await school();
  karen = await account(place, 'test-administrator', 'Karen Østergård');
});

/** The grid of Bo, whose rows are the school, two levels and four classes; nothing is given. */
async function bo(signedIn: (account: Account) => Promise<Page>): Promise<Grid> {
  const grid = await Grid.fresh(await signedIn(karen));
  await grid.choose('Bo Ravnsborg');
  return grid;
}

test('a WAI-ARIA grid with right counts, indexes, names and states', async ({ signedIn }) => {
  const { table } = await bo(signedIn);
  // The cells' names follow once the cells are painted.
  await expect(table.locator('[role=checkbox]:not([aria-label])')).toHaveCount(0);
  await expect(table).toHaveAccessibleName('Rettigheder til testresultater: Bo Ravnsborg');
  const seen = await table.evaluate((table) => ({
    tag: table.tagName,
    rows: Number(table.getAttribute('aria-rowcount')),
    columns: Number(table.getAttribute('aria-colcount')),
    head: [...table.querySelectorAll('thead [role=row]')].map((row) => row.getAttribute('aria-rowindex')),
    body: [...table.querySelectorAll('tbody [role=row]:not([hidden])')].map((row) => ({
      index: Number(row.getAttribute('aria-rowindex')),
      heading: row.querySelector('[role=rowheader]')?.getAttribute('aria-colindex'),
      cells: [...row.querySelectorAll('[role=gridcell]')].map((cell) => Number(cell.getAttribute('aria-colindex'))),
    })),
    columnHeaders: [...table.querySelectorAll('thead tr:last-child [role=columnheader]')].map((cell) => Number(cell.getAttribute('aria-colindex'))),
    unnamed: [...table.querySelectorAll('[role=checkbox]')].filter((mark) => !mark.getAttribute('aria-label')).length,
    states: [...new Set([...table.querySelectorAll('[role=checkbox]')].map((mark) => mark.getAttribute('aria-checked')))],
  }));
  const oneTo = (n: number) => Array.from({ length: n }, (_, at) => at + 1);
  expect(seen.tag).toBe('TABLE');
  expect(seen.head).toEqual(['1', '2']);
  expect(seen.rows).toBe(2 + 7);
  expect(seen.columnHeaders).toEqual(oneTo(seen.columns));
  expect(seen.body.map((row) => row.index).sort((a, b) => a - b)).toEqual(oneTo(7).map((row) => row + 2));
  for (const row of seen.body) {
    expect(row.heading).toBe('1');
    expect(row.cells).toEqual(oneTo(seen.columns).slice(1));
  }
  expect(seen.unnamed).toBe(0);
  expect(seen.states).toEqual(['false']);
});

test('one tab stop: Tab goes in, Tab goes out, Shift+Tab comes back to the same cell', async ({ signedIn }) => {
  const grid = await bo(signedIn);
  const { page, table } = grid;
  const stops = () =>
    table.evaluate((table) => [table, ...table.querySelectorAll<HTMLElement>('*')].filter((element) => element.tabIndex >= 0).length);
  expect(await stops()).toBe(1);
  await grid.cell('4.A', 'Matematik 4').focus();
  await page.keyboard.press('ArrowDown');
  await expect(grid.cell('4.B', 'Matematik 4')).toBeFocused();
  expect(await stops()).toBe(1);
  await page.keyboard.press('Tab');
  await expect(table.locator(':focus')).toHaveCount(0);
  await page.keyboard.press('Shift+Tab');
  await expect(grid.cell('4.B', 'Matematik 4')).toBeFocused();
});

test('arrows, Home and End, Ctrl+Home and Ctrl+End, PageUp and PageDown', async ({ signedIn }) => {
  const grid = await bo(signedIn);
  const { page } = grid;
  const columns = Number(await grid.table.getAttribute('aria-colcount'));
  const at = async () =>
    page.evaluate(() => {
      const cell = document.activeElement?.closest('[role=gridcell]');
      return [Number(cell?.parentElement?.getAttribute('aria-rowindex')), Number(cell?.getAttribute('aria-colindex'))];
    });
  await grid.cell('4.A', 'Matematik 4').focus();
  const [row, column] = await at();
  for (const [key, expected] of [
    ['ArrowRight', [row, column + 1]],
    ['ArrowDown', [row + 1, column + 1]],
    ['ArrowLeft', [row + 1, column]],
    ['ArrowUp', [row, column]],
    ['Home', [row, 2]],
    ['ArrowLeft', [row, 2]],
    ['End', [row, columns]],
    ['ArrowRight', [row, columns]],
    ['Control+Home', [3, 2]],
    ['ArrowUp', [3, 2]],
    ['Control+End', [9, columns]],
    ['ArrowDown', [9, columns]],
  ] as const) {
    await page.keyboard.press(key);
    await expect.poll(at, key).toEqual(expected);
  }
  // With every class opened, a page is what is in sight.
  for (const of of ['6.B', '6.A', '4.B', '4.A']) await grid.unfold(of);
  await page.keyboard.press('Control+Home');
  await grid.cell('Hele skolen', 'Dansk, læsning 2').focus();
  await page.keyboard.press('PageDown');
  const [down] = await at();
  expect(down).toBeGreaterThan(8);
  await page.keyboard.press('PageUp');
  expect((await at())[0]).toBe(3);
  await expect(focused(page)).toBeInViewport();
});

test('Space gives and takes, and the line above says it', async ({ signedIn }) => {
  const grid = await bo(signedIn);
  await grid.cell('6.A', 'Matematik 6').focus();
  await expect(grid.line).toContainText('6.A, Matematik 6');
  await expect(grid.line).toContainText('Nej.');
  await grid.page.keyboard.press('Space');
  await expect(grid.line).toContainText('Ja, givet her, tilføjet i kladden.');
  await expect(focused(grid.page)).toBeChecked();
  await grid.page.keyboard.press('Space');
  await expect(grid.line).toContainText('Nej.');
  await expect(focused(grid.page)).not.toBeChecked();
  await expect(grid.bar).toContainText('Ingen ændringer i kladden.');
});

test('ranges by Shift+arrows, Shift+click and Ctrl+A; Ctrl+Z and Ctrl+Y', async ({ signedIn }) => {
  const grid = await bo(signedIn);
  const { page } = grid;
  const selected = grid.table.locator('[role=gridcell][aria-selected=true]');

  await grid.cell('4.A', 'Matematik 4').focus();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(selected).toHaveCount(4);
  await expect(grid.line).toContainText('2 klasser × Matematik 4 og 6');
  await expect(grid.line).toContainText('4 celler: 4 nej.');
  await page.keyboard.press('Space');
  await expect(grid.line).toContainText('4 celler: 4 ja.');
  await grid.says('4.B', 'Matematik 6', 'ja, givet her, passer ikke til 4. klassetrin, tilføjet i kladden');

  // One step back takes all four, one step forth brings them again.
  await page.keyboard.press('Control+z');
  await grid.says('4.A', 'Matematik 4', 'nej');
  await grid.says('4.B', 'Matematik 6', 'nej, passer ikke til 4. klassetrin');
  await page.keyboard.press('Control+y');
  await grid.says('4.A', 'Matematik 4', 'ja, givet her, tilføjet i kladden');
  await page.keyboard.press('Control+z');

  await page.keyboard.press('Escape');
  await expect(selected).toHaveCount(0);
  await grid.cell('4.A', 'Engelsk 4').focus();
  await grid.cell('4.B', 'Engelsk 7').click({ modifiers: ['Shift'] });
  await expect(selected).toHaveCount(4);
  await grid.says('4.B', 'Engelsk 4', 'nej');

  await page.keyboard.press('Control+a');
  const all = await grid.table.getByRole('checkbox').count();
  await expect(selected).toHaveCount(all);
  await expect(grid.line).toContainText(`${all} celler: ${all} nej.`);
});

test('headers toggle their row or column, of classes alone', async ({ signedIn }) => {
  const grid = await bo(signedIn);
  const heading = grid.table.getByRole('columnheader').getByRole('button', { name: 'Matematik 6' });
  const classes = ['4.A', '4.B', '6.A', '6.B'];
  await heading.click();
  for (const of of classes) await expect(grid.cell(of, 'Matematik 6')).toBeChecked();
  await grid.says('6.A', 'Matematik 6', 'ja, givet her, tilføjet i kladden');
  await expect(grid.cell('6.A', 'Engelsk 4')).not.toBeChecked();
  await heading.click();
  for (const of of classes) await expect(grid.cell(of, 'Matematik 6')).not.toBeChecked();
  await grid.row('6.B').click();
  for (const test of ['Matematik 6', 'Dansk, læsning 2']) await expect(grid.cell('6.B', test)).toBeChecked();
  await expect(grid.cell('6.A', 'Dansk, læsning 2')).not.toBeChecked();
});

test('+ opens a class and closes it again, and the focus stays where it was', async ({ signedIn }) => {
  const grid = await bo(signedIn);
  const { page } = grid;
  const fold = grid.table.getByRole('button', { name: 'Vis elever i 6.B' });
  const rows = Number(await grid.table.getAttribute('aria-rowcount'));
  await grid.cell('6.B', 'Engelsk 4').focus();
  await expect(fold).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press('+');
  await expect(fold).toHaveAttribute('aria-expanded', 'true');
  await expect(grid.table).toHaveAttribute('aria-rowcount', String(rows + 12));
  await expect(grid.cell('6.B', 'Engelsk 4')).toBeFocused();
  // Its pupils are the next rows, and are given to like any other.
  await page.keyboard.press('ArrowDown');
  await expect(grid.cell('Alma Rask, 6.B', 'Engelsk 4')).toBeFocused();
  await page.keyboard.press('Space');
  await expect(focused(page)).toBeChecked();
  await page.keyboard.press('Control+z');
  await expect(focused(page)).not.toBeChecked();
  await page.keyboard.press('ArrowUp');
  await expect(grid.cell('6.B', 'Engelsk 4')).toBeFocused();
  await page.keyboard.press('-');
  await expect(fold).toHaveAttribute('aria-expanded', 'false');
  await expect(grid.table).toHaveAttribute('aria-rowcount', String(rows));
  await expect(grid.cell('6.B', 'Engelsk 4')).toBeFocused();
  // A row of no class has nothing to open.
  await grid.cell('Hele skolen', 'Engelsk 4').focus();
  await page.keyboard.press('+');
  await expect(grid.table).toHaveAttribute('aria-rowcount', String(rows));
});

test('Enter opens the cell: why, by whom, since when; Escape comes back to it', async ({ signedIn }) => {
  const grid = await bo(signedIn);
  const { page } = grid;
  await grid.cell('6.A', 'Matematik 6').focus();
  await page.keyboard.press('Space');
  await grid.unfold('6.A');
  await grid.cell('Alma Toft, 6.A', 'Matematik 6').focus();
  await page.keyboard.press('Enter');
  const detail = page.getByRole('complementary', { name: 'Alma Toft, 6.A' });
  await expect(detail).toContainText('Matematik 6 for Bo Ravnsborg');
  await expect(detail).toContainText('Ja, gennem klassen');
  await expect(detail).toContainText('dig, i kladden');
  await expect(detail.getByRole('heading', { name: 'Sådan blev det afgjort' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(detail).toHaveCount(0);
  await expect(grid.cell('Alma Toft, 6.A', 'Matematik 6')).toBeFocused();
});
