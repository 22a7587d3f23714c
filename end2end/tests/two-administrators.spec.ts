// Two test administrators at once, and a draft that outlives reloads and lost lines.
import { account, school, type Account, type School } from '../support/adgang';
import { Grid } from '../support/grid';
import { signIn } from '../support/sign-in';
import { expect, test, type Page } from '../support/test';

let place: School;
let karen: Account;
let anna: Account;

test.describe.configure({ timeout: 90_000 });

test.beforeAll(async () => {
  place = await school();
  [karen, anna] = await Promise.all([
    account(place, 'test-administrator', 'Karen Østergård'),
    account(place, 'test-administrator', 'Anna Holm'),
  ]);
});

/** Coming back to the window asks for news. */
const comeBack = (page: Page) => page.evaluate(() => window.dispatchEvent(new Event('focus')));

test('a colleague’s change elsewhere comes in with a notice, and the draft stays @postgres', async ({ signedIn }) => {
  const hers = await Grid.open(await signedIn(karen));
  await hers.choose('Bo Ravnsborg');
  await hers.cell('6.A', 'Matematik 6').click();
  await hers.saved();

  const others = await Grid.open(await signedIn(anna));
  await others.choose('Bo Ravnsborg');
  await others.says('6.A', 'Matematik 6', 'nej');
  await others.cell('4.A', 'Matematik 4').click();
  await others.apply('Vikar');

  await comeBack(hers.page);
  await expect(hers.page.getByText('Anna Holm har ændret noget. Det vises nu her; din kladde er beholdt.')).toBeVisible();
  await hers.says('4.A', 'Matematik 4', 'ja, givet her');
  await hers.says('6.A', 'Matematik 6', 'ja, givet her, tilføjet i kladden');
  await hers.page.getByRole('button', { name: 'OK' }).click();
  await hers.apply('Underviser klassen');
  await hers.says('6.A', 'Matematik 6', 'ja, givet her');
  await hers.says('4.A', 'Matematik 4', 'ja, givet her');
});

/** Karen drafts a give and Anna withholds in the same place; Karen stands before the conflict. */
async function meet(signedIn: (account: Account) => Promise<Page>, teacher: string, of: string): Promise<Grid> {
  const hers = await Grid.open(await signedIn(karen));
  await hers.choose(teacher);
  await hers.cell(of, 'Engelsk 4').click();
  await hers.saved();

  const others = await Grid.open(await signedIn(anna));
  await others.choose(teacher);
  await others.cell(of, 'Engelsk 4').focus();
  await others.line.getByRole('button', { name: 'Tilbagehold' }).click();
  await others.apply('Sygemeldt');

  await comeBack(hers.page);
  await hers.says(of, 'Engelsk 4', 'ja, givet her, tilføjet i kladden, konflikt med en senere ændring');
  await expect(hers.bar).toContainText('1 konflikt');
  await hers.review();
  const note = hers.page.getByRole('region', { name: '1 konflikt skal afgøres' });
  await expect(note).toContainText(`${of}, Engelsk 4: Du giver ${teacher} adgang. Anna Holm tilbageholdt adgangen i dag kl.`);
  await expect(note).toContainText('»Sygemeldt«');
  await hers.page.getByRole('button', { name: /^Anvend/ }).click();
  await expect(hers.page.getByText('Afgør konflikten først: behold din eller kollegaens.')).toBeVisible();
  return hers;
}

test('the same place is a conflict that shows both versions: mine stays', async ({ signedIn }) => {
  const hers = await meet(signedIn, 'Mette Lindegaard', '4.A');
  await hers.page.getByRole('button', { name: 'Behold min' }).click();
  await expect(hers.page.getByRole('region', { name: /skal afgøres/ })).toHaveCount(0);
  await hers.page.getByRole('button', { name: /^Anvend/ }).click();
  await hers.ready();
  await hers.says('4.A', 'Engelsk 4', 'ja, givet her');
});

test('the same place is a conflict that shows both versions: theirs stays', async ({ signedIn }) => {
  const hers = await meet(signedIn, 'Mette Lindegaard', '4.B');
  await hers.page.getByRole('button', { name: 'Behold kollegaens' }).click();
  await expect(hers.page.getByRole('region', { name: /skal afgøres/ })).toHaveCount(0);
  await Grid.open(hers.page);
  await hers.choose('Mette Lindegaard');
  await hers.says('4.B', 'Engelsk 4', 'nej, tilbageholdt her');
  await expect(hers.bar).toContainText('Ingen ændringer i kladden.');
});

test('of two conflicts each is settled for itself', async ({ signedIn }) => {
  const hers = await Grid.open(await signedIn(karen));
  await hers.choose('Asta Bloch');
  await hers.cell('4.A', 'Matematik 4').click();
  await hers.cell('4.B', 'Matematik 4').click();
  await hers.saved();

  const others = await Grid.open(await signedIn(anna));
  await others.choose('Asta Bloch');
  for (const of of ['4.A', '4.B']) {
    await others.cell(of, 'Matematik 4').focus();
    await others.line.getByRole('button', { name: 'Tilbagehold' }).click();
  }
  await others.apply('Sygemeldt');

  await comeBack(hers.page);
  await expect(hers.bar).toContainText('2 konflikter');
  await hers.review();
  const note = hers.page.getByRole('region', { name: /skal afgøres/ });
  await expect(note).toContainText('4.A, Matematik 4');
  await note.getByRole('button', { name: 'Behold min' }).first().click();
  await expect(note).not.toContainText('4.A, Matematik 4');
  await expect(note).toContainText('4.B, Matematik 4');
  await hers.page.getByRole('button', { name: /^Anvend/ }).click();
  await expect(hers.page.getByText('Afgør konflikten først: behold din eller kollegaens.')).toBeVisible();
  await note.getByRole('button', { name: 'Behold kollegaens' }).click();
  await expect(note).toHaveCount(0);
  await hers.page.getByRole('button', { name: /^Anvend/ }).click();
  await hers.ready();
  await hers.says('4.A', 'Matematik 4', 'ja, givet her');
  await hers.says('4.B', 'Matematik 4', 'nej, tilbageholdt her');
});

test('what was reviewed is what is applied: a changed effect is shown once more', async ({ signedIn }) => {
  const hers = await Grid.open(await signedIn(karen));
  await hers.choose('Asta Bloch');
  await hers.cell('6.B', 'Matematik 6').click();
  await hers.review();
  await expect(hers.page.getByRole('table', { name: 'Får adgang: 1 lærer' })).not.toContainText('Alma');

  const others = await Grid.open(await signedIn(anna));
  await others.choose('Asta Bloch');
  await others.unfold('6.B');
  await others.cell('Alma Rask, 6.B', 'Matematik 6').focus();
  await others.line.getByRole('button', { name: 'Tilbagehold' }).click();
  await others.apply('Efter aftale');

  await hers.page.getByRole('button', { name: /^Anvend/ }).click();
  await expect(hers.page.getByText('Se på det igen: noget har ændret sig')).toBeVisible();
  await expect(hers.page.getByRole('table', { name: 'Får adgang: 1 lærer' })).toContainText('Alma Rask');
  await hers.page.getByRole('button', { name: /^Anvend/ }).click();
  await hers.ready();
  await hers.says('6.B', 'Matematik 6', 'delvist, 11 af 12 elever');
});

test('a reload in mid-draft keeps the draft, in every browser of the person; discarding ends it', async ({ signedIn }) => {
  const page = await signedIn(karen);
  const grid = await Grid.open(page);
  await grid.choose('Asta Bloch');
  await grid.cell('4.A', 'Engelsk 4').click();
  await grid.saved();
  await page.reload();
  await grid.ready();
  await grid.says('4.A', 'Engelsk 4', 'ja, givet her, tilføjet i kladden');

  const elsewhere = await Grid.open(await signedIn(karen), new URL(page.url()).search);
  await elsewhere.says('4.A', 'Engelsk 4', 'ja, givet her, tilføjet i kladden');

  const colleague = await Grid.open(await signedIn(anna), new URL(page.url()).search);
  await colleague.says('4.A', 'Engelsk 4', 'nej');

  await grid.bar.getByRole('button', { name: 'Kassér' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Kassér kladden' }).click();
  await grid.says('4.A', 'Engelsk 4', 'nej');
  await grid.saved();
  await page.reload();
  await grid.ready();
  await grid.says('4.A', 'Engelsk 4', 'nej');
  await expect(grid.bar).toContainText('Ingen ændringer i kladden.');
});

test('two tabs of one person lose nothing of each other’s, and what was discarded stays so', async ({ signedIn }) => {
  const first = await Grid.open(await signedIn(karen));
  await first.choose('Bo Ravnsborg');
  const second = await Grid.open(await signedIn(karen), new URL(first.page.url()).search);
  await second.cell('4.A', 'Engelsk 4').click();
  await second.saved();
  await first.cell('4.B', 'Engelsk 4').click();
  await expect(first.page.getByText(/^Din kladde er ændret et andet sted/)).toBeVisible();
  await first.saved();
  for (const of of ['4.A', '4.B']) await first.says(of, 'Engelsk 4', 'ja, givet her, tilføjet i kladden');
  await first.page.reload();
  await first.ready();
  for (const of of ['4.A', '4.B']) await first.says(of, 'Engelsk 4', 'ja, givet her, tilføjet i kladden');

  await first.bar.getByRole('button', { name: 'Kassér' }).click();
  await first.page.getByRole('dialog').getByRole('button', { name: 'Kassér kladden' }).click();
  await first.saved();
  await comeBack(second.page);
  await expect(second.page.getByText(/^Din kladde er anvendt eller kasseret et andet sted/)).toBeVisible();
  await second.says('4.A', 'Engelsk 4', 'nej');
  await expect(second.bar).toContainText('Ingen ændringer i kladden.');
});

test('what a lost line kept from the server waits in the browser, and is forgotten at sign-out', async ({ visitor, console }) => {
  console.allow(/ERR_INTERNET_DISCONNECTED/);
  const page = await visitor();
  await signIn(page, anna);
  const grid = await Grid.open(page);
  await grid.choose('Asta Bloch');
  await page.context().setOffline(true);
  await grid.cell('4.B', 'Engelsk 4').click();
  await expect(grid.bar).toContainText('Ingen forbindelse. Kladden ligger i denne browser');
  const kept = () => page.evaluate(() => Object.entries(localStorage).filter(([key]) => key.startsWith('adgang.draft')).map(([, value]) => value));
  expect(await kept()).toHaveLength(1);
  expect((await kept())[0], 'ids only').not.toMatch(/Asta|Bloch|4\.B/);

  await page.context().setOffline(false);
  await comeBack(page);
  await grid.saved();
  expect(await kept()).toEqual([]);
  await page.reload();
  await grid.ready();
  await grid.says('4.B', 'Engelsk 4', 'ja, givet her, tilføjet i kladden');

  await page.context().setOffline(true);
  await grid.cell('4.B', 'Engelsk 4').click();
  await expect(grid.bar).toContainText('Ingen forbindelse.');
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Log ud' }).click();
  await expect(page.getByText('Du er logget ud')).toBeVisible();
  expect(await kept()).toEqual([]);
});
