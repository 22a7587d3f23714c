// The inbox: asked from "My rights" and from the accounts, answered with one click, told, and printed.
import { account, school, teacherAccount, type Account, type School } from '../support/adgang';
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe';
import { Grid } from '../support/grid';
import { givePassword, signIn } from '../support/sign-in';
import { expect, open, test, type Page } from '../support/test';

let place: School;
let principal: Account;
let administrator: Account;
let teacher: Account;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  place = await school();
  principal = await account(place, 'principal', 'Birthe Kragelund');
  administrator = await account(place, 'test-administrator', 'Karen Østergård');
  teacher = await teacherAccount(place, 'Ravnsborg');
});

/** The request in the inbox that is called so. */
const request = (page: Page, name: string) => page.getByRole('region', { name });

test('a teacher asks from "My rights" with scripts off', async ({ another, console }) => {
  console.allowStatus(422);
  const page = await (await another({ javaScriptEnabled: false })).newPage();
  await signIn(page, teacher);
  await page.goto('/my-rights');
  await page.getByRole('link', { name: 'Bed om adgang' }).click();
  await page.getByRole('button', { name: 'Bed om adgang' }).click();
  await expect(page.getByRole('alert')).toContainText('Vælg mindst én klasse');
  const others = page.getByText('Andre klasser og grupper');
  if (await others.isVisible() && !(await page.getByLabel('6.A', { exact: true }).isVisible())) await others.click();
  await page.getByLabel('6.A', { exact: true }).check();
  await page.getByLabel('Matematik', { exact: true }).check();
  await page.getByLabel('Med dine egne ord').fill('Jeg har overtaget klassen efter jul.');
  await page.getByRole('button', { name: 'Bed om adgang' }).click();
  await expect(page.getByText('Testadministratorerne er bedt om det.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Du venter på' })).toContainText('Giv adgang til resultater');
  await page.goto('/my-rights');
  await expect(page.getByText('Ingen har svaret endnu.')).toBeVisible();
});

test('the test administrator opens it as a draft in the grid, gives it and says so', async ({ signedIn }) => {
  const page = await signedIn(administrator);
  await open(page, '/inbox');
  const asked = request(page, 'Giv adgang til resultater: Bo Ravnsborg');
  await expect(asked).toContainText('Jeg har overtaget klassen efter jul.');
  await asked.getByRole('button', { name: 'Åbn som kladde i Rettigheder' }).click();
  await expect(page).toHaveURL(/\/rights\?by=teacher&id=/);
  const grid = new Grid(page);
  await grid.ready();
  await expect(page.locator('#subject')).toHaveText('Bo Ravnsborg');
  await grid.says('6.A', 'Matematik 6', 'ja, givet her, tilføjet i kladden');

  await open(page, '/inbox');
  await asked.getByText('Svar læreren').click();
  await asked.getByLabel('Et ord til læreren').fill('Fra på mandag');
  await asked.getByRole('button', { name: 'Adgangen er givet' }).click();
  await expect(page.getByText('Svaret er givet. Læreren kan læse det.')).toBeVisible();

  const theirs = await signedIn(teacher);
  await open(theirs, '/inbox');
  const notice = theirs.getByRole('region', { name: 'Beskeder' });
  await expect(notice).toContainText('Karen Østergård har gjort det og skriver: Fra på mandag');
  await expect(notice.getByText('Ny', { exact: true })).toBeVisible();
  await notice.getByRole('button', { name: 'Markér alt som læst' }).click();
  await expect(notice.getByText('Ny', { exact: true })).toHaveCount(0);
});

test('code 31 asks with one button, and one click in the inbox opens the account again @postgres', async ({ another, signedIn }) => {
  const closed = await account(place, 'teacher', 'Ditte Krog');
  const theirs = await (await another({ javaScriptEnabled: false })).newPage();
  await signIn(theirs, closed);
  const page = await signedIn(principal);
  await open(page, `/accounts?q=${closed.username}`);
  await page.getByRole('rowheader').getByRole('link').click();
  await page.getByRole('button', { name: 'Luk kontoen' }).click();
  await expect(page.getByText('Kontoen er lukket.')).toBeVisible();

  await givePassword(theirs, closed.username, closed.password);
  await expect(theirs.getByText('Kode 31.')).toBeVisible();
  await theirs.getByRole('button', { name: 'Bed dem om at aktivere kontoen' }).click();
  await expect(theirs.getByText('De er bedt om det')).toBeVisible();

  await open(page, '/inbox');
  await request(page, 'Aktivér kontoen igen: Ditte Krog').getByRole('button', { name: 'Aktivér kontoen igen' }).click();
  await expect(page.getByText('Kontoen er genaktiveret og virker nu.')).toBeVisible();
  await givePassword(theirs, closed.username, closed.password);
  await expect(theirs).toHaveURL('/my-rights');
  await theirs.goto('/inbox');
  await expect(theirs.getByRole('region', { name: 'Beskeder' })).toContainText('Birthe Kragelund har genaktiveret din konto');
});

test('doubles are asked about, looked at and united', async ({ signedIn }) => {
  const first = await account(place, 'teacher', 'Åse Bæk');
  const second = await account(place, 'teacher', 'Aase Baek');
  const asking = await signedIn(administrator);
  await open(asking, '/accounts/doubles');
  await asking.getByRole('button', { name: 'Bed dem om at lægge de to konti sammen' }).click();
  await expect(asking.getByText('De, der kan gøre det, er bedt om det.')).toBeVisible();

  const page = await signedIn(principal);
  await open(page, '/inbox');
  await request(page, 'Læg to konti sammen: Åse Bæk').getByRole('link', { name: 'Se, hvad der sker, og læg sammen' }).click();
  await expect(page.getByText('Intet er ændret endnu.')).toBeVisible();
  await expect(page.getByRole('definition').first()).toContainText(second.username);
  await page.getByRole('button', { name: `Læg sammen, behold ${second.username}` }).click();
  await expect(page.getByText('Kontiene er lagt sammen.')).toBeVisible();
  await open(asking, '/inbox');
  await expect(asking.getByRole('region', { name: 'Besvaret i det seneste år' })).toContainText(first.username);
});

test('what would have been mailed is a list that prints', async ({ signedIn }) => {
  const page = await signedIn(administrator);
  await open(page, '/inbox');
  await expect(page.getByText('Der sendes ingen mails herfra.')).toBeVisible();
  await page.getByRole('link', { name: 'Beskeder til udskrift' }).click();
  const table = page.getByRole('table');
  await expect(table.getByRole('row').filter({ hasText: 'Ditte Krog' }).first()).toContainText('Mails er slået fra.');
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('button', { name: 'Udskriv' })).toBeHidden();
  await expect(page.getByRole('button', { name: /tøm listen/ })).toBeHidden();
  await expect(page.getByText(/^Udskrevet /)).toBeVisible();
  await expect(table).toBeVisible();
  await page.emulateMedia({ media: 'screen' });

  await open(page, '/inbox/settings');
  await page.getByLabel('svar på noget, du har bedt om').uncheck();
  await page.getByLabel('Mailens sprog').selectOption('en');
  await page.getByRole('button', { name: 'Gem ændringer' }).click();
  await expect(page.getByText('Dine valg er gemt.')).toBeVisible();
  await expect(page.getByLabel('svar på noget, du har bedt om')).not.toBeChecked();
  await expect(page.getByLabel('nogen beder dig om noget')).toBeChecked();
  await open(page, '/inbox/unsent');
  await page.getByRole('button', { name: /tøm listen/ }).click();
  await expect(page.getByText('Listen er tom.')).toBeVisible();
});

test('requests of every kind, and axe finds nothing: light and dark, wide and narrow', async ({ signedIn }) => {
  test.setTimeout(180_000);
  const one = await account(place, 'teacher', 'Per Dam');
  const other = await account(place, 'teacher', 'Per Dam');
  const asking = await signedIn(administrator);
  await open(asking, `/accounts?q=${one.username}`);
  const ofOne = (await asking.getByRole('rowheader').getByRole('link').getAttribute('href')) ?? '';
  await open(asking, ofOne);
  await asking.getByRole('button', { name: 'Bed dem om at slette kontoen' }).click();
  await open(asking, '/accounts/doubles');
  await asking.getByRole('button', { name: 'Bed dem om at lægge de to konti sammen' }).click();
  const theirs = await signedIn(teacher);
  await open(theirs, '/my-rights/access');
  await theirs.getByLabel('Med dine egne ord').fill('Prøverne i 5.B');
  await theirs.getByRole('button', { name: 'Bed om adgang' }).click();

  const page = await signedIn(principal);
  await open(page, '/inbox');
  for (const name of ['Slet kontoen: Per Dam', 'Læg to konti sammen: Per Dam', 'Giv adgang til resultater: Bo Ravnsborg']) {
    await expect(request(page, name)).toBeVisible();
  }
  const preview = (await page.getByRole('link', { name: 'Se, hvad der sker, og læg sammen' }).getAttribute('href')) ?? '';
  expect(preview).toContain('/accounts/merge?');
  expect(other.username).not.toBe(one.username);
  for (const [who, addresses] of [
    [page, ['/inbox', '/inbox/settings', '/inbox/unsent', preview, '/accounts/doubles']],
    [theirs, ['/inbox', '/my-rights', '/my-rights/access']],
  ] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await who.emulateMedia({ colorScheme });
      for (const width of [1280, 390]) {
        await who.setViewportSize({ width, height: 800 });
        for (const address of addresses) {
          await test.step(`${address}, ${colorScheme}, ${width} px`, async () => {
            await open(who, address);
            await expectAccessible(who);
            await expectNoSidewaysScroll(who);
            const folder = process.env.ADGANG_TEST_SHOTS;
            const name = address.split('?')[0].replaceAll('/', '-');
            if (folder) await who.screenshot({ path: `${folder}/${who === page ? 'p' : 't'}${name}-${colorScheme}-${width}.png`, fullPage: true });
          });
        }
      }
    }
  }
});
