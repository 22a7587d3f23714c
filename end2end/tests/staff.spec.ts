// Booking and running per employee; one's own rights, with scripts off too.
import { account, apply, school, teacherAccount, type Account, type School } from '../support/adgang';
import { signIn } from '../support/sign-in';
import { expect, open, test } from '../support/test';

let place: School;
let karen: Account;
let mette: Account;

test.beforeAll(async () => {
  place = await school();
  karen = await account(place, 'test-administrator', 'Karen Østergård');
  mette = await teacherAccount(place, 'Lindegaard');
  const give = { teachers: [`${place.code}-Mette`], scope: { group: `${place.code}-4.A` }, tests: { test: 'FNF-MAT-4' }, decision: 'give' };
  await apply(place, karen, [give]);
});

test('staff rights change by click and undo, review and apply; the teacher sees it on the next request', async ({ signedIn }) => {
  const page = await signedIn(karen);
  await open(page, '/rights/staff');
  const booking = page.getByRole('checkbox', { name: 'Mette Lindegaard: Booking' });
  const running = page.getByRole('checkbox', { name: 'Mette Lindegaard: Testafvikling' });
  await expect(booking).toBeChecked();
  await expect(running).toBeChecked();
  await booking.focus();
  await page.keyboard.press('ArrowRight');
  await expect(running).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Space');
  await expect(booking).not.toBeChecked();
  const bar = page.getByRole('region', { name: 'Kladde' });
  await expect(bar).toContainText('1 ændring');
  await page.keyboard.press('Control+z');
  await expect(booking).toBeChecked();
  await booking.click();

  const teacher = await signedIn(mette);
  await teacher.goto('/my-rights');
  await expect(teacher.getByText('Ja. Du må booke nationale test')).toBeVisible();

  await bar.getByRole('button', { name: 'Gennemse' }).click();
  await page.getByLabel('Begrundelse').fill('Kontoret booker i år');
  await page.getByRole('button', { name: /^Anvend/ }).click();
  await expect(page.getByRole('status').filter({ hasText: '1 ændring er anvendt' })).toBeVisible();
  await teacher.reload();
  await expect(teacher.getByText('Nej. En testadministrator kan give dig ret til at booke.')).toBeVisible();
  await expect(teacher.getByText('Ja. Du må give elever adgang til en test')).toBeVisible();
});

test('two administrators at once: what the other one did stays', async ({ signedIn }) => {
  const anna = await account(place, 'test-administrator', 'Anna Holm');
  const [hers, others] = [await signedIn(karen), await signedIn(anna)];
  for (const page of [hers, others]) await open(page, '/rights/staff');
  for (const [page, right] of [[others, 'Testafvikling'], [hers, 'Booking']] as const) {
    await page.getByRole('checkbox', { name: `Asta Bloch: ${right}` }).click();
    await page.getByRole('button', { name: 'Gennemse' }).click();
    await page.getByRole('button', { name: /^Anvend/ }).click();
    await expect(page.getByRole('status').filter({ hasText: '1 ændring er anvendt' })).toBeVisible();
  }
  for (const right of ['Booking', 'Testafvikling']) {
    await expect(hers.getByRole('checkbox', { name: `Asta Bloch: ${right}` })).not.toBeChecked();
  }
});

test('the list under the keyboard: one tab stop, ranges, everything, headings', async ({ signedIn }) => {
  const page = await signedIn(karen);
  await open(page, '/rights/staff');
  const table = page.getByRole('grid');
  const boxes = table.getByRole('checkbox');
  const stops = () => boxes.evaluateAll((all) => all.filter((one) => (one as HTMLElement).tabIndex >= 0).length);
  expect(await stops()).toBe(1);
  const all = await boxes.count();
  await boxes.first().focus();
  await page.keyboard.press('Control+End');
  await expect(boxes.nth(all - 1)).toBeFocused();
  expect(await stops()).toBe(1);
  await page.keyboard.press('Control+Home');
  await expect(boxes.first()).toBeFocused();
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(table.locator('td[aria-selected="true"]')).toHaveCount(4);
  await page.keyboard.press('Escape');
  await expect(table.locator('td[aria-selected="true"]')).toHaveCount(0);
  await page.keyboard.press('Control+a');
  await expect(table.locator('td[aria-selected="true"]')).toHaveCount(all);
  const before = await table.getByRole('checkbox', { checked: true }).count();
  await page.keyboard.press('Space');
  await expect(table.getByRole('checkbox', { checked: true })).toHaveCount(before === all ? 0 : all);
  await page.keyboard.press('Control+z');
  await expect(table.getByRole('checkbox', { checked: true })).toHaveCount(before);
});

test('leaving with a draft is asked about, and staying keeps it', async ({ signedIn }) => {
  const page = await signedIn(karen);
  await open(page, '/rights/staff');
  const running = page.getByRole('checkbox', { name: 'Mette Lindegaard: Testafvikling' });
  await running.click();
  await expect(running).not.toBeChecked();
  const asked = page.waitForEvent('dialog');
  void page.reload().catch(() => undefined);
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
  await expect(running).not.toBeChecked();
  await page.keyboard.press('Control+z');
});

test('one’s own rights, with scripts off', async ({ another }) => {
  const context = await another({ javaScriptEnabled: false });
  const page = await context.newPage();
  await signIn(page, mette);
  await page.goto('/my-rights');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mine rettigheder');
  const line = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: '4.A' }) });
  await expect(line).toContainText('12');
  await expect(line).toContainText('Matematik 4');
  await expect(line).toContainText('31.07.');
  await expect(page.getByRole('region', { name: 'Skolens testadministratorer' })).toContainText('Karen Østergård');
});
