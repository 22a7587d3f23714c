// What the grid shows and does: clicks, words, four turns, only the rows in sight, find, print, list.
import { account, apply, school, type Account, type School } from '../support/adgang';
import { forget, Grid } from '../support/grid';
import { expect, open, test } from '../support/test';

let place: School;
let karen: Account;

test.beforeAll(async () => {
  place = await school();
  karen = await account(place, 'test-administrator', 'Karen Østergård');
  const bo = [`${place.code}-Bo`];
  const say = (scope: object, test: string, decision: string) => ({ teachers: bo, scope, tests: { test }, decision });
  await apply(place, karen, [
    say({ group: `${place.code}-6.A` }, 'FNF-MAT-6', 'give'),
    say({ pupil: `${place.code}-Alma-6.A` }, 'FNF-MAT-6', 'withhold'),
    say({ pupil: `${place.code}-Bilal-4.A` }, 'FNF-ENG-4', 'give'),
    { teachers: [`${place.code}-Mette`], scope: { group: `${place.code}-4.A` }, tests: { subject: 'matematik' }, decision: 'give' },
  ], 'Ved skoleårets start');
});

test('a click on a class leaves its pupils’ own decisions alone, says how many, and offers them', async ({ signedIn }) => {
  const grid = await Grid.fresh(await signedIn(karen));
  await grid.choose('Bo Ravnsborg');

  // Given to the class, withheld from one: yes is only that one away.
  await grid.says('6.A', 'Matematik 6', 'delvist, 11 af 12 elever');
  await expect(grid.cell('6.A', 'Matematik 6')).toHaveAttribute('aria-checked', 'mixed');
  await grid.cell('6.A', 'Matematik 6').click();
  await expect(grid.line).toContainText('1 elev har sin egen afgørelse og ændres ikke.');
  await grid.line.getByRole('button', { name: 'Giv også 1' }).click();
  await grid.says('6.A', 'Matematik 6', 'ja, givet her, tilføjet i kladden');
  await expect(grid.cell('6.A', 'Matematik 6')).toBeChecked();

  // Given to one alone: a click gives the class, the next one takes it again and leaves the one.
  await grid.says('4.A', 'Engelsk 4', 'delvist, 1 af 12 elever');
  await grid.cell('4.A', 'Engelsk 4').click();
  await grid.says('4.A', 'Engelsk 4', 'ja, givet her, tilføjet i kladden');
  await grid.cell('4.A', 'Engelsk 4').click();
  await grid.says('4.A', 'Engelsk 4', 'delvist, 1 af 12 elever');
  await expect(grid.line).toContainText('1 elev har sin egen afgørelse og ændres ikke.');
  await grid.line.getByRole('button', { name: 'Fjern også 1' }).click();
  await grid.says('4.A', 'Engelsk 4', 'nej, fjernet i kladden');
});

test('a cell says whether it is given here, through its class, withheld, or above the level', async ({ signedIn }) => {
  const grid = await Grid.fresh(await signedIn(karen));
  await grid.choose('Bo Ravnsborg');
  await grid.unfold('6.A');
  // An opened class shows first who differs, and how many follow it.
  await grid.says('Alma Toft, 6.A', 'Matematik 6', 'nej, tilbageholdt her');
  await expect(grid.row('Bilal Toft')).toHaveCount(0);
  await grid.table.getByText('11 som klassen').click();
  await grid.says('Bilal Toft, 6.A', 'Matematik 6', 'ja, gennem klassen');
  await grid.says('4.A', 'Matematik 6', 'nej, passer ikke til 4. klassetrin');
  // Tests of earlier levels are not quiet.
  await grid.says('6.A', 'Matematik 4', 'nej');
});

test('four turns of one draft, each editable and in the address', async ({ signedIn }) => {
  const page = await signedIn(karen);
  const grid = await Grid.fresh(page);
  const turn = (name: string) => page.getByRole('navigation', { name: 'Vis rettigheder efter' }).getByRole('link', { name, exact: true });

  await turn('Klasse').click();
  await grid.choose('6.B');
  await expect(page).toHaveURL(/by=class&id=/);
  await grid.says('Asta Bloch', 'Matematik 6', 'nej');
  await grid.cell('Asta Bloch', 'Matematik 6').click();
  await grid.says('Asta Bloch', 'Matematik 6', 'ja, givet her, tilføjet i kladden');

  await turn('Elev').click();
  await grid.choose('Alma Rask, 6.B');
  await expect(page).toHaveURL(/by=pupil&id=/);
  await grid.says('Asta Bloch', 'Matematik 6', 'ja, gennem klassen, tilføjet i kladden');
  await grid.cell('Asta Bloch', 'Matematik 6').click();
  await grid.says('Asta Bloch', 'Matematik 6', 'nej, tilbageholdt her, ændret i kladden');

  await turn('Test').click();
  await grid.choose('Matematik 6');
  await expect(page).toHaveURL(/by=test&id=FNF-MAT-6/);
  await grid.says('Asta Bloch', '6.B', 'delvist, 11 af 12 elever, tilføjet i kladden');
  await grid.cell('Mette Lindegaard', '4.B').click();

  await turn('Lærer').click();
  await grid.choose('Mette Lindegaard');
  await grid.says('4.B', 'Matematik 6', 'ja, givet her, passer ikke til 4. klassetrin, tilføjet i kladden');

  // The address alone brings back the same view, and Back the one before.
  const address = page.url();
  await page.reload();
  await grid.ready();
  await expect(page.getByRole('heading', { level: 2, name: 'Mette Lindegaard' })).toBeVisible();
  expect(page.url()).toBe(address);
  expect(address).not.toMatch(/Mette|Lindegaard/);
});

test('who sees a pupil names the leaders apart, with the right that lets them', async ({ signedIn }) => {
  await account(place, 'leader', 'Henrik Nørby');
  const page = await signedIn(karen);
  const grid = await Grid.fresh(page, '?by=pupil');
  await grid.choose('Alma Toft, 6.A');
  const leaders = page.getByRole('region', { name: 'Ledere' });
  await expect(leaders.getByRole('row', { name: /Henrik Nørby/ })).toContainText('ikke brugertype Lærer');
});

test('only the rows in sight are in the page; scrolling brings the others', async ({ signedIn }) => {
  const page = await signedIn(karen);
  const grid = await Grid.fresh(page);
  await grid.choose('Asta Bloch');
  for (const of of ['6.B', '6.A', '4.B', '4.A']) await grid.unfold(of);
  const rows = grid.table.locator('tbody [role=row]:not([hidden])');
  const all = 7 + 4 * 12;
  await expect(grid.table).toHaveAttribute('aria-rowcount', String(all + 2));
  expect(await rows.count()).toBeLessThan(all);
  await expect(grid.row('Liva Rask')).toHaveCount(0);
  await page.locator('.frame').evaluate((frame) => frame.scrollTo(0, frame.scrollHeight));
  await expect(grid.row('Liva Rask')).toBeInViewport();
  await expect(grid.row('Hele skolen')).toHaveCount(0);
  // Rows are announced by where they are in the whole, not in the page.
  await expect(grid.table.locator(`[aria-rowindex="${all + 2}"]`)).toHaveCount(1);
});

test('Ctrl+F inside the grid finds a pupil far below, in a closed class', async ({ signedIn }) => {
  const page = await signedIn(karen);
  const grid = await Grid.fresh(page);
  await grid.choose('Asta Bloch');
  await expect(grid.row('Liva Rask')).toHaveCount(0);
  await grid.table.getByRole('checkbox').first().focus();
  await page.keyboard.press('Control+f');
  const find = page.getByRole('search');
  await expect(find.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('liva rask');
  await expect(grid.row('Liva Rask')).toBeInViewport();
  await expect(find.getByRole('status')).toContainText('1');
  await page.keyboard.press('Escape');
  await expect(find).toBeHidden();
  await expect(grid.table.locator(':focus')).toHaveAccessibleName(/^Liva Rask, 6\.B/);
});

test('printing renders every row', async ({ signedIn }) => {
  const page = await signedIn(karen);
  const grid = await Grid.fresh(page);
  await grid.choose('Asta Bloch');
  for (const of of ['6.B', '6.A', '4.B', '4.A']) await grid.unfold(of);
  const rows = grid.table.locator('tbody [role=row]:not([hidden])');
  const all = 7 + 4 * 12;
  await expect(grid.table).toHaveAttribute('aria-rowcount', String(all + 2));
  expect(await rows.count()).toBeLessThan(all);
  // Printing fires these two; the PDF in between is the real thing.
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  await page.emulateMedia({ media: 'print' });
  await expect(rows).toHaveCount(all);
  await expect(page.getByRole('banner').getByRole('button', { name: 'Log ud' })).toBeHidden();
  expect((await page.pdf({ preferCSSPageSize: true })).length).toBeGreaterThan(10_000);
  await page.emulateMedia({ media: null });
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await expect.poll(() => rows.count()).toBeLessThan(all);
});

test('copying from a colleague adds only, and the colleague keeps theirs', async ({ signedIn }) => {
  const page = await signedIn(karen);
  const grid = await Grid.fresh(page);
  await grid.choose('Bo Ravnsborg');
  await page.getByRole('button', { name: 'Kopiér fra kollega' }).click();
  const sheet = page.getByRole('dialog', { name: 'Kopiér rettigheder til Bo Ravnsborg' });
  await sheet.getByLabel('Kollega').selectOption('Mette Lindegaard');
  await sheet.getByRole('button', { name: 'Læg i kladden' }).click();
  await expect(sheet).toBeHidden();
  await grid.says('4.A', 'Matematik 4', 'ja, givet her, tilføjet i kladden');
  await grid.says('6.A', 'Matematik 6', 'delvist, 11 af 12 elever');
  await expect(grid.bar).toContainText('Bo Ravnsborg får.');
  await grid.choose('Mette Lindegaard');
  await grid.says('4.A', 'Matematik 4', 'ja, givet her');
});

test('copying takes away too what the colleague is withheld, only where that is asked for', async ({ signedIn }) => {
  const page = await signedIn(karen);
  /** Copies Bo's rights into Asta's draft; his class is given to him but for one pupil. */
  const copy = async (withWithheld: boolean): Promise<Grid> => {
    const grid = await Grid.fresh(page);
    await grid.choose('Asta Bloch');
    await grid.says('6.A', 'Matematik 6', 'nej');
    await page.getByRole('button', { name: 'Kopiér fra kollega' }).click();
    const sheet = page.getByRole('dialog', { name: 'Kopiér rettigheder til Asta Bloch' });
    await sheet.getByLabel('Kollega').selectOption('Bo Ravnsborg');
    const also = sheet.getByLabel('Også det, der er tilbageholdt');
    await expect(also, 'adds only, unless told otherwise').not.toBeChecked();
    if (withWithheld) await also.check();
    await sheet.getByRole('button', { name: 'Læg i kladden' }).click();
    await expect(sheet).toBeHidden();
    return grid;
  };
  const given = await copy(false);
  await given.says('6.A', 'Matematik 6', 'ja, givet her, tilføjet i kladden');
  const both = await copy(true);
  await both.says('6.A', 'Matematik 6', 'delvist, 11 af 12 elever, tilføjet i kladden');
  await both.unfold('6.A');
  await expect(both.cell('Alma Toft, 6.A', 'Matematik 6')).toHaveAccessibleName(/: nej, tilbageholdt her/);
  await forget(page);
});

test('turning the grid asks no server: without a line every turn is there and editable', async ({ signedIn, console }) => {
  console.allow(/ERR_INTERNET_DISCONNECTED/);
  const page = await signedIn(karen);
  const grid = await Grid.fresh(page);
  await grid.choose('Asta Bloch');
  const turn = (name: string) => page.getByRole('navigation', { name: 'Vis rettigheder efter' }).getByRole('link', { name, exact: true });
  await page.context().setOffline(true);
  await turn('Klasse').click();
  await grid.choose('6.B');
  await grid.cell('Asta Bloch', 'Matematik 6').click();
  await grid.says('Asta Bloch', 'Matematik 6', 'ja, givet her, tilføjet i kladden');
  await expect(grid.bar).toContainText('Ingen forbindelse. Kladden ligger i denne browser');
  await turn('Elev').click();
  await grid.choose('Alma Rask, 6.B');
  await grid.says('Asta Bloch', 'Matematik 6', 'ja, gennem klassen, tilføjet i kladden');
  await turn('Test').click();
  await grid.choose('Matematik 6');
  await grid.says('Asta Bloch', '6.B', 'ja, givet her, tilføjet i kladden');
  await turn('Lærer').click();
  await grid.choose('Asta Bloch');
  await grid.says('6.B', 'Matematik 6', 'ja, givet her, tilføjet i kladden');
  await page.context().setOffline(false);
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await grid.saved();
  await forget(page);
});

test('dates that cannot be are answered with a sentence; sound ones show in the cell', async ({ signedIn }) => {
  const page = await signedIn(karen);
  const grid = await Grid.fresh(page);
  await grid.choose('Asta Bloch');
  await grid.cell('6.B', 'Matematik 6').focus();
  await grid.line.getByRole('button', { name: 'Datoer' }).click();
  const sheet = page.getByRole('dialog', { name: 'Giv med datoer' });
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  for (const [from, until, problem] of [[day(-3), '', 'En ret kan ikke begynde i fortiden.'], [day(5), day(4), 'Den sidste dag ligger før den første.']]) {
    await sheet.getByLabel('Fra', { exact: true }).fill(from);
    await sheet.getByLabel('Til og med').fill(until);
    await sheet.getByRole('button', { name: 'Brug datoerne' }).click();
    await expect(sheet.getByRole('alert')).toContainText(problem);
  }
  await sheet.getByLabel('Fra', { exact: true }).fill(day(5));
  await sheet.getByLabel('Til og med').fill(day(6));
  await sheet.getByRole('button', { name: 'Brug datoerne' }).click();
  const dotted = day(5).split('-').reverse().join('.');
  await grid.says('6.B', 'Matematik 6', `nej, fra ${dotted}, ændret i kladden`);
  await grid.review();
  await expect(page.getByRole('table', { name: 'Får adgang: 1 lærer' })).toContainText(dotted);
});

test('the list has the same power on a phone', async ({ signedIn }) => {
  const page = await signedIn(karen);
  await page.setViewportSize({ width: 390, height: 800 });
  await forget(page);
  await open(page, '/rights');
  const section = page.getByRole('button', { name: /^6\.A/ });
  await expect(page.getByRole('grid')).toBeHidden();
  await section.click();
  await page.getByRole('button', { name: 'Giv: Engelsk 4' }).click();
  await expect(page.getByRole('button', { name: 'Fjern: Engelsk 4' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Kladde' })).toContainText('12 celler ændres');
  await page.getByRole('button', { name: 'Fjern: Engelsk 4' }).click();
  await expect(page.getByRole('region', { name: 'Kladde' })).toContainText('Ingen ændringer i kladden.');
});
