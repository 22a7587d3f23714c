// Accounts, as those who keep them do it: register, issue anew, close, reactivate, settle doubles.
import { account, school, teacherAccount, type Account, type School } from '../support/adgang';
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe';
import { givePassword, signIn } from '../support/sign-in';
import { expect, open, test } from '../support/test';

let place: School;
let principal: Account;
let administrator: Account;
let teacher: Account;

test.beforeAll(async () => {
  place = await school();
  principal = await account(place, 'principal', 'Birthe Kragelund');
  administrator = await account(place, 'test-administrator', 'Karen Østergård');
  teacher = await teacherAccount(place, 'Lindegaard');
});

test('somebody who is there already is found while typing, and registered anyway for a reason', async ({ console, signedIn }) => {
  const page = await signedIn(administrator);
  await open(page, '/accounts/new');
  await page.getByLabel('Fornavn').fill('mette');
  await page.getByLabel('Efternavn').fill('Lindegård');
  await expect(page.getByRole('status').filter({ hasText: 'Findes personen allerede?' })).toContainText(teacher.username);

  await page.getByRole('button', { name: 'Registrér, og vis brevet' }).click();
  const step = page.getByRole('alert').filter({ hasText: 'Der er allerede en, der ligner' });
  await expect(step).toContainText('samme navn');
  await expect(page.getByLabel('Efternavn')).toHaveValue('Lindegård');
  console.allowStatus(422);
  await page.getByRole('button', { name: 'Registrér alligevel' }).click();
  await expect(page.getByRole('alert')).toContainText('skal der stå en begrundelse');
  await page.getByRole('button', { name: 'Registrér, og vis brevet' }).click();
  await page.getByLabel('Begrundelse').fill('To, der hedder det samme');
  await page.getByRole('button', { name: 'Registrér alligevel' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Brev til udlevering');
  await expect(page.locator('main')).toContainText('mette Lindegård');
  await expect(page.locator('main')).toContainText(`-${place.code}`);
});

test('new credentials end the old ones’ session at once', async ({ signedIn }) => {
  const lost = await teacherAccount(place, 'Ravnsborg');
  const theirs = await signedIn(lost);
  await theirs.goto('/my-rights');
  await expect(theirs.getByRole('heading', { level: 1 })).toHaveText('Mine rettigheder');

  const page = await signedIn(administrator);
  await open(page, `/accounts?q=${lost.username}`);
  await page.getByRole('rowheader').getByRole('link').click();
  await expect(page.getByText('Det gamle virker ikke fra samme øjeblik')).toBeVisible();
  await page.getByRole('button', { name: 'Udsted, og vis brevet' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Brev til udlevering');
  await expect(page.locator('main')).toContainText(lost.username);

  await theirs.reload();
  await expect(theirs).toHaveURL(/\/sign-in/);
  await givePassword(theirs, lost.username, lost.password);
  await expect(theirs.getByRole('alert')).toContainText('Du blev ikke logget ind');
});

test('a test administrator is told who deletes, closes and reactivates, with scripts off', async ({ another }) => {
  const closed = await account(place, 'teacher', 'Ditte Krog');
  const context = await another({ javaScriptEnabled: false });
  const page = await context.newPage();
  await signIn(page, administrator);
  await page.goto(`/accounts?q=${closed.username}`);
  await page.getByRole('rowheader').getByRole('link').click();
  await expect(page.getByRole('region', { name: 'Det gør andre' })).toContainText('Spørg skolens leder (Birthe Kragelund) om at: slette');
  await page.getByRole('button', { name: 'Luk kontoen' }).click();
  await expect(page.getByText('Kontoen er lukket.')).toBeVisible();

  await page.goto('/accounts/reactivate');
  await page.getByLabel('Ditte Krog').check();
  await page.getByRole('button', { name: 'Gennemse valget' }).click();
  await expect(page.getByRole('heading', { name: '1 konto åbnes' })).toBeVisible();
  await page.getByRole('button', { name: 'Genaktivér 1 konto' }).click();
  await expect(page.getByText('Kontiene er genaktiveret og virker nu.')).toBeVisible();
  await page.goto(`/accounts?q=${closed.username}`);
  await expect(page.getByRole('row').filter({ hasText: 'Ditte Krog' })).toContainText('Udleveret');
});

test('the principal unites two accounts of one person, and parts them again @postgres', async ({ signedIn }) => {
  const first = await account(place, 'teacher', 'Åse Bæk');
  const second = await account(place, 'teacher', 'Aase Baek');
  const page = await signedIn(principal);
  await open(page, '/accounts/doubles');
  await page.getByRole('button', { name: `Læg sammen, behold ${second.username}` }).click();
  await expect(page.getByText('Kontiene er lagt sammen.')).toBeVisible();
  const line = page.getByRole('listitem').filter({ hasText: `${first.username} er lagt sammen med ${second.username}` });
  await line.getByRole('button', { name: 'Skil ad igen' }).click();
  await expect(page.getByText('Kontiene er skilt ad, og begge virker.')).toBeVisible();
});

test('the wrong door says which account opens what', async ({ console, signedIn }) => {
  const page = await signedIn(teacher);
  console.allowStatus(403);
  await page.goto('/accounts');
  await expect(page.getByRole('region', { name: 'Hvilken konto åbner hvad' })).toContainText('din konto her');
  await page.goto('/');
  await expect(page).toHaveURL('/my-rights');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on the pages of accounts: ${colorScheme}`, async ({ demo, signedIn }) => {
    test.setTimeout(180_000);
    const page = await signedIn(principal);
    const authority = await demo('Kommune', 2);
    const [list, doubles] = ['/accounts', '/accounts/doubles'];
    const own = [list, doubles, '/accounts/new', '/accounts/reactivate', '/accounts/reactivate?which=still-here', '/accounts/handover'];
    await open(page, `/accounts?q=${teacher.username}`);
    own.push((await page.getByRole('rowheader').getByRole('link').getAttribute('href')) ?? list);
    for (const [who, addresses] of [[page, own], [authority, [list, '/accounts/principal']]] as const) {
      await who.emulateMedia({ colorScheme });
      for (const width of [1280, 390]) {
        await who.setViewportSize({ width, height: 800 });
        for (const address of addresses) {
          await test.step(`${address} at ${width} px`, async () => {
            await open(who, address);
            await expectAccessible(who);
            await expectNoSidewaysScroll(who);
          });
        }
      }
      await who.setViewportSize({ width: 320, height: 800 });
      for (const address of addresses) {
        await who.goto(address);
        await expectNoSidewaysScroll(who);
      }
    }
  });
}
