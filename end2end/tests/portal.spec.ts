// The assessment portal: with the subject and without, before the wrong door, and how subjects are given.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { account, adgang, school, teacherAccount, type Account, type School } from '../support/adgang';
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe';
import { data } from '../support/place';
import { signIn } from '../support/sign-in';
import { expect, open, test, type Page } from '../support/test';

let place: School;
let principal: Account;
let administrator: Account;
let leader: Account;
let teacher: Account;
let without: Account;
/** What the protected piece of this spec is called, and its id. */
let title: string;
let id: string;
let openTitle: string;

const TEXT = 'Opgave 1. Hvor mange både er der i havnen?\n';

async function add(name: string, ...more: string[]): Promise<string> {
  const file = join(data, `${place.code} ${name}.txt`);
  writeFileSync(file, TEXT);
  const added = await adgang<{ id: string }>(['admin', 'material', 'add', file, '--subject', 'tysk', ...more]);
  return added.id;
}

test.beforeAll(async () => {
  place = await school();
  principal = await account(place, 'principal', 'Birthe Kragelund');
  administrator = await account(place, 'test-administrator', 'Karen Østergård');
  leader = await account(place, 'leader', 'Henrik Dalsgaard');
  teacher = await teacherAccount(place, 'Lindegaard');
  without = await teacherAccount(place, 'Ravnsborg');
  title = `Prøvehæfte ${place.code}`;
  openTitle = `Vejledning ${place.code}`;
  id = await add('Prøvehæfte æ', '--protected', '--school-form', 'folkeskole', '--title', title);
  await add('Vejledning', '--title', openTitle);
});

/** Gives German to the first teacher, as the test administrator does: with scripts off. */
async function give(page: Page): Promise<void> {
  await page.goto('/accounts');
  await page.getByRole('link', { name: 'Fag til flere' }).click();
  await page.getByRole('checkbox', { name: 'Tysk' }).check();
  await page.getByRole('button', { name: 'Se, hvad der ændres, for de afkrydsede' }).click();
  await expect(page.getByRole('alert')).toContainText('Sæt kryds ved mindst ét fag og mindst én lærer');
  await expect(page.getByRole('checkbox', { name: 'Tysk' })).toBeChecked();
  await page.getByRole('checkbox', { name: teacher.name }).check();
  await page.getByRole('button', { name: 'Se, hvad der ændres, for de afkrydsede' }).click();
  await expect(page.getByText('1 lærerkonto ændres.')).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: teacher.name })).toContainText('Tysk');
  await page.getByRole('button', { name: 'Ændr 1 konto' }).click();
  await expect(page.getByText('Fagene er ændret. Det virker med det samme.')).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: teacher.name })).toContainText('Tysk');
}

test('a subject that is given opens its protected material on the next request, and each opening is recorded @postgres', async ({ another, signedIn }) => {
  const theirs = await signedIn(teacher);
  await theirs.goto('/portal');
  await expect(theirs.getByRole('link', { name: openTitle })).toBeVisible();
  await expect(theirs.getByRole('link', { name: title })).toHaveCount(0);
  const missing = theirs.getByRole('region', { name: 'Fag, din konto mangler' });
  await expect(missing).toContainText('Tysk:');
  await expect(missing).toContainText('(Karen Østergård); ');

  const context = await another({ javaScriptEnabled: false });
  const page = await context.newPage();
  await signIn(page, administrator);
  await give(page);

  await theirs.reload();
  const coming = theirs.waitForEvent('download');
  await theirs.getByRole('link', { name: title }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe(`${place.code} Prøvehæfte æ.txt`);
  expect(readFileSync(await download.path(), 'utf8')).toBe(TEXT);
  const opened = await adgang<{ material: string; user_name: string }[]>(['admin', 'material', 'openings', '--institution', place.code]);
  expect(opened.map((opening) => [opening.material, opening.user_name])).toEqual([[id, teacher.username]]);
});

test('without the subject its file is as unknown as any other, and the page says who gives it', async ({ console, signedIn }) => {
  console.allowStatus(404);
  const page = await signedIn(without);
  const texts = [];
  for (const asked of [id, '01a20075-96c8-73c7-8928-278938a16032', 'x']) {
    const answer = await page.goto(`/portal/material/${asked}`);
    expect(answer?.status()).toBe(404);
    await expect(page.getByRole('alert')).toContainText('Materialet åbnede ikke');
    await expect(page.getByRole('region', { name: 'Fag, din konto mangler' })).toContainText('Tysk:');
    texts.push(await page.locator('main').innerText());
  }
  expect(new Set(texts).size).toBe(1);
});

test('before the wrong door a test administrator registers as a teacher with one click, and an account stays its own', async ({ console, signedIn }) => {
  console.allowStatus(403);
  const page = await signedIn(administrator);
  const answer = await page.goto('/portal');
  expect(answer?.status()).toBe(403);
  const main = page.locator('main');
  await expect(main).toContainText('Din konto åbner ikke materialeportalen');
  await expect(main).toContainText('Du er logget ind som Karen Østergård, Testadministrator');
  await expect(page.getByRole('region', { name: 'Hvilken konto åbner hvad' })).toContainText('din konto her');
  await page.getByRole('button', { name: 'Registrér mig som lærer' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Brev til udlevering');
  await page.goto('/portal');
  await expect(main).toContainText('Du har også en lærerkonto her');
  await expect(page.getByRole('button', { name: 'Registrér mig som lærer' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Se den åbne del, som er for alle' }).click();
  await expect(page.getByRole('link', { name: openTitle })).toBeVisible();
  await expect(page.getByRole('link', { name: title })).toHaveCount(0);
});

test('a leader is told whom to ask, and a teacher does not get into the administration', async ({ console, signedIn }) => {
  console.allowStatus(403);
  const leaders = await signedIn(leader);
  await leaders.goto('/portal');
  await expect(leaders.locator('main')).toContainText('bed om en lærerkonto hos');
  await expect(leaders.locator('main')).toContainText('Birthe Kragelund');
  const page = await signedIn(teacher);
  for (const address of ['/accounts', '/accounts/subjects', '/rights', '/imports']) {
    expect((await page.goto(address))?.status()).toBe(403);
    await expect(page.locator('main')).toContainText(`Du er logget ind som ${teacher.name}, Lærer`);
  }
});

test('the sign-in says which account opens what, and the open part needs none', async ({ visitor }) => {
  const page = await visitor();
  await page.goto('/portal');
  await expect(page).toHaveURL(/\/sign-in\?next=\/portal/);
  await page.getByText('Hvilken konto åbner hvad').click();
  await expect(page.locator('details.sign__others')).toContainText('Materialeportalen åbner kun med en lærerkonto');
  await page.getByRole('link', { name: 'Se den åbne del, som er for alle' }).click();
  const coming = page.waitForEvent('download');
  await page.getByRole('link', { name: openTitle }).click();
  expect((await coming).suggestedFilename()).toContain('Vejledning');
  await page.goto(`/portal/material/${id}`);
  await expect(page).toHaveURL(/\/sign-in\?next=\/portal/);
});

test('the list narrows down by subject, with scripts off', async ({ another }) => {
  const context = await another({ javaScriptEnabled: false });
  const page = await context.newPage();
  const fresh = await account(place, 'teacher', 'Ida Kjær');
  await signIn(page, fresh);
  await page.goto('/portal');
  await page.getByLabel('Fag', { exact: true }).selectOption({ label: 'Tysk' });
  await page.getByRole('button', { name: 'Vis', exact: true }).click();
  await expect(page).toHaveURL(/subject=tysk/);
  await expect(page.getByRole('link', { name: openTitle })).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on the portal’s pages: ${colorScheme}`, async ({ console, signedIn, visitor }) => {
    test.setTimeout(180_000);
    console.allowStatus(403, 404);
    const [given, lacking, wrong, nobody] = [await signedIn(teacher), await signedIn(without), await signedIn(principal), await visitor()];
    const pages: [string, Page, string][] = [
      ['with the subject', given, '/portal'],
      ['without it', lacking, '/portal'],
      ['nothing fits', given, '/portal?subject=latin'],
      ['not opened', lacking, `/portal/material/${id}`],
      ['the wrong door', wrong, '/portal'],
      ['the open part', nobody, '/portal/open'],
      ['giving subjects', wrong, '/accounts/subjects'],
    ];
    for (const width of [1280, 390, 320]) {
      for (const [name, page, address] of pages) {
        await test.step(`${name} at ${width} px`, async () => {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize({ width, height: 800 });
          await open(page, address);
          if (width > 320) await expectAccessible(page);
          await expectNoSidewaysScroll(page);
        });
      }
    }
    await open(wrong, '/accounts/subjects');
    await wrong.getByRole('checkbox', { name: 'Matematik' }).check();
    await wrong.getByRole('button', { name: /Se det for alle/ }).click();
    await expect(wrong.getByRole('heading', { level: 1 })).toHaveText('Før fagene ændres');
    for (const width of [1280, 390]) {
      await wrong.setViewportSize({ width, height: 800 });
      await expectAccessible(wrong);
      await expectNoSidewaysScroll(wrong);
    }
  });
}
