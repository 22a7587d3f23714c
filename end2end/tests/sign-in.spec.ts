// Signing in, to the letter of design.md §4: password, matrix, the change of an issued password, sign-out.
import { account, school, teacherAccount, type Account, type School } from '../support/adgang';
import { askedCoordinates, chooseOwnPassword, expectSignedIn, fillPassword, giveCodes, givePassword, signIn } from '../support/sign-in';
import { expect, test, type Page } from '../support/test';

let place: School;
let administrator: Account;
let teacher: Account;

test.beforeAll(async () => {
  place = await school();
  administrator = await account(place, 'test-administrator', 'Karen Østergård');
  teacher = await teacherAccount(place, 'Lindegaard');
});

test('a card has a hundred cells of two characters, none of them easily mistaken', () => {
  const cells = Object.entries(administrator.matrix ?? {});
  expect(cells).toHaveLength(100);
  for (const [coordinate, code] of cells) {
    expect(coordinate).toMatch(/^[A-J](10|[1-9])$/);
    expect(code).toMatch(/^[0-9A-Z]{2}$/);
    expect(code).not.toMatch(/[01IO]/);
  }
  expect(administrator.username).toMatch(new RegExp(`^10\\d\\d-${place.code}$`));
  expect(teacher.matrix).toBeNull();
});

test('an unknown user name and a wrong password get the same page and status', async ({ page }) => {
  const answers: { status: number; text: string }[] = [];
  for (const [username, password] of [['4711-999999', 'noget helt andet'], [administrator.username, 'noget helt andet']]) {
    await page.goto('/sign-in');
    const answer = page.waitForResponse((response) => response.request().method() === 'POST');
    await fillPassword(page, username, password);
    const status = (await answer).status();
    await expect(page.getByRole('alert')).toContainText('Du blev ikke logget ind');
    answers.push({ status, text: await page.locator('main').innerText() });
    expect(page.url()).not.toContain(username);
  }
  expect(answers[0]).toEqual(answers[1]);
  await expect(page).toHaveTitle(/^Fejl: /);
  await expect(page.getByLabel('Adgangskode', { exact: true })).toHaveValue('');
});

test('password, card, and a password of one’s own in place of the issued one @postgres', async ({ page }) => {
  await givePassword(page, administrator.username, administrator.password);
  await expect(page).toHaveURL('/sign-in/matrix');
  const asked = await askedCoordinates(page);
  expect(new Set(asked).size).toBe(3);

  // Half signed in is not signed in.
  await page.goto('/rights');
  await expect(page).toHaveURL('/sign-in/matrix');

  // The open challenge stays the same, whatever is reloaded or wrong.
  await page.reload();
  expect(await askedCoordinates(page)).toEqual(asked);
  await page.getByLabel('De tre koder i rækkefølge').fill('AA BB CC');
  await page.getByRole('button', { name: 'Log ind' }).click();
  await expect(page.getByRole('alert')).toContainText('Koderne passer ikke');
  expect(await askedCoordinates(page)).toEqual(asked);
  await giveCodes(page, administrator);

  // The issued password served this one sign-in.
  await expect(page).toHaveURL('/change-password');
  await page.goto('/rights');
  await expect(page).toHaveURL('/change-password');
  const issued = administrator.password;
  for (const [password, repeated, problem] of [
    ['sol', 'sol', 'for kort'],
    ['skole1234', 'skole1234', 'for let at gætte'],
    [issued, issued, 'vælg en anden'],
    ['violin-kompas', 'violin-kompaz', 'ikke ens'],
  ]) {
    // What the page itself would hold back reaches the server too.
    await page.locator('form[action="/change-password"]').evaluate((form: HTMLFormElement) => (form.noValidate = true));
    await page.getByLabel('Ny adgangskode', { exact: true }).fill(password);
    await page.getByLabel('Den nye adgangskode igen').fill(repeated);
    await page.getByRole('button', { name: 'Gem og fortsæt' }).click();
    await expect(page.getByRole('alert')).toContainText(problem);
  }
  await chooseOwnPassword(page, administrator);
  await expectSignedIn(page);
  await expect(page.getByRole('navigation', { name: 'Hovedmenu' }).getByRole('link', { name: 'Rettigheder', exact: true })).toBeVisible();

  // The issued password is dead, one's own is asked for from now on, with another challenge.
  await page.getByRole('button', { name: 'Log ud' }).click();
  await givePassword(page, administrator.username, issued);
  await expect(page.getByRole('alert')).toContainText('Du blev ikke logget ind');
  await givePassword(page, administrator.username, administrator.password);
  expect(await askedCoordinates(page)).not.toEqual(asked);
  await giveCodes(page, administrator);
  await expectSignedIn(page);
});

/** The card as text, as it is copied off a letter on the screen, with what stands around it. */
function cardAsText({ username, matrix }: Account): string {
  const columns = [...'ABCDEFGHIJ'];
  const row = (number: number) => [`Række ${number}`, ...columns.map((column) => matrix?.[`${column}${number}`])].join('\t');
  const rows = Array.from({ length: 10 }, (_, ix) => row(ix + 1));
  const head = ['Kolonne → Række ↓', ...columns.map((column) => `Kolonne ${column}`)].join('\t');
  return [`Kort 7K2MQ9 til brugernavn ${username}`, head, ...rows, 'B7 er kolonne B, række 7.', 'Udstedt 20. november 2026'].join('\n');
}

test('the cells are named by row and column, and no sample card is shown', async ({ page }) => {
  await page.goto('/sign-in');
  await expect(page.getByRole('table')).toHaveCount(0);
  await givePassword(page, administrator.username, administrator.password);
  const asked = await askedCoordinates(page);
  const list = page.getByRole('list', { name: 'Find disse tre felter på dit kort:' });
  for (const [ix, coordinate] of asked.entries()) {
    const place = list.getByRole('listitem').nth(ix);
    await expect(place).toContainText(`række ${coordinate.slice(1)}, kolonne ${coordinate[0]}`);
    const size = await place.evaluate((item) => parseFloat(getComputedStyle(item).fontSize));
    expect(size).toBeGreaterThanOrEqual(32);
  }
  await expect(page.getByRole('table')).toHaveCount(0);
  for (const [language, words] of [['svenska', 'rad'], ['English', 'row'], ['Dansk', 'række']]) {
    await page.locator('.menu > summary').click();
    await page.getByRole('button', { name: language }).click();
    await expect(page.locator('.coords li').first()).toContainText(`${words} ${asked[0].slice(1)},`);
  }
});

test('a whole card that is pasted is read in the browser: three cells are sent and nothing else is kept', async ({ page }) => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(request.url() + (request.postData() ?? '')));
  await givePassword(page, administrator.username, administrator.password);
  const right = (await askedCoordinates(page)).map((coordinate) => administrator.matrix?.[coordinate] ?? '');
  const codes = page.getByLabel('De tre koder i rækkefølge');
  const cells = page.locator('[data-cell]');

  await codes.fill(`${right[0]}${right[1].toLowerCase()} x`);
  await expect(cells).toHaveText([right[0], right[1], 'X']);
  await codes.fill('');

  const paste = (label: string, text: string) =>
    page.getByLabel(label, { exact: true }).evaluate((field, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text', text);
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  const whole = cardAsText(administrator);
  await page.getByText('Indsæt hele kortet').click();
  const field = page.getByLabel('Dit kort', { exact: true });
  const said = page.locator('[data-card] [role=status]');

  // Pasted, dropped or typed, it is wiped at once; what is no card is told so.
  await paste('Dit kort', 'Kære Karen, her er kortet');
  await expect(said).toContainText('Der var intet helt kort');
  await expect(codes).toHaveValue('');
  for (const text of [whole, whole.replaceAll('\t', '   '), whole.replaceAll('\t', ';'), whole.split('\n').slice(2, 12).map((row) => row.replace(/^Række \d+\t/, '')).join('\n')]) {
    await codes.fill('');
    await paste('Dit kort', text);
    await expect(codes).toHaveValue(right.join(' '));
    await expect(said).toContainText('De tre koder er fundet');
    await expect(field).toHaveValue('');
  }
  await codes.fill('');
  await field.focus();
  await page.keyboard.insertText(whole);
  await expect(codes).toHaveValue(right.join(' '));
  await expect(field).toHaveValue('');
  // Two different cards in one text are none.
  await codes.fill('');
  const other = whole.replace(administrator.matrix?.A1 ?? '', '22').replaceAll(right[0], right[0] === '33' ? '44' : '33');
  await paste('Dit kort', `${whole}\n${other}`);
  await expect(said).toContainText('Der var intet helt kort');
  // The field of the codes takes it too.
  await paste('De tre koder i rækkefølge', whole);
  await expect(codes).toHaveValue(right.join(' '));

  await page.getByRole('button', { name: 'Log ind' }).click();
  await expectSignedIn(page);
  const sent = fetched.filter((request) => request.includes('codes='));
  expect(sent).toHaveLength(1);
  expect(new URLSearchParams(sent[0].slice(sent[0].indexOf('csrf='))).get('codes')).toBe(right.join(' '));
  const unasked = Object.values(administrator.matrix ?? {}).filter((cell) => !right.includes(cell));
  const body = decodeURIComponent(sent[0].slice(sent[0].indexOf('codes=')));
  expect(unasked.filter((cell) => new RegExp(`\\b${cell}\\b`).test(body))).toEqual([]);
  expect(fetched.some((request) => request.split('?')[0].endsWith('.wasm') && request.includes('sign-in'))).toBe(false);
});

test('who has lost the card asks for a new one at the second step, and goes on if it is found', async ({ page }) => {
  await givePassword(page, administrator.username, administrator.password);
  const asked = await askedCoordinates(page);
  await page.getByRole('button', { name: 'Kortet er væk: bed om et nyt' }).click();
  await expect(page).toHaveURL('/sign-in/matrix');
  await expect(page.getByRole('status')).toContainText('Der er bedt om nye koder til dig');
  expect(await askedCoordinates(page)).toEqual(asked);
  await giveCodes(page, administrator);
  await expectSignedIn(page);
});

test('a teacher signs in with a password alone, of at least fifteen characters', async ({ page }) => {
  await givePassword(page, teacher.username, teacher.password);
  await expect(page).toHaveURL('/change-password');
  await expect(page.getByText('Mindst 15 tegn')).toBeVisible();
  await chooseOwnPassword(page, teacher);
  await expectSignedIn(page);
  await page.goto('/my-rights');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mine rettigheder');
});

test('signing in, and everything a form says, works with scripts off', async ({ another }) => {
  const context = await another({ javaScriptEnabled: false });
  const page = await context.newPage();
  await signIn(page, administrator);
  await page.getByRole('button', { name: 'Log ud' }).click();
  await expect(page.getByText('Du er logget ud')).toBeVisible();
});

test('signing out ends the session, and leaves nothing behind', async ({ page }) => {
  await signIn(page, administrator);
  await page.goto('/rights/staff');
  await expect(page.getByRole('rowheader', { name: 'Asta Bloch' })).toBeVisible();
  const [before] = await page.context().cookies();

  const signedOut = page.waitForResponse((response) => new URL(response.url()).pathname === '/sign-out');
  await page.getByRole('button', { name: 'Log ud' }).click();
  const headers = await (await signedOut).allHeaders();
  expect(headers['clear-site-data']).toContain('"cache"');
  expect(headers['clear-site-data']).toContain('"storage"');
  await expect(page.getByText('Du er logget ud')).toBeVisible();

  await page.goBack();
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByText('Asta Bloch')).toHaveCount(0);

  // The token is dead on the server, not only gone from this browser.
  await page.context().addCookies([before]);
  await page.goto('/rights/staff');
  await expect(page).toHaveURL('/sign-in?next=/rights/staff');
});

test('the session’s cookie is out of reach of scripts and of other sites', async ({ page }) => {
  await signIn(page, administrator);
  const cookies = await page.context().cookies();
  const session = cookies.find((cookie) => cookie.name === 'adgang');
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/', domain: 'localhost' });
  // 256 random bits take 43 characters of base64.
  expect(session?.value.length).toBeGreaterThanOrEqual(43);
  expect(await page.evaluate(() => document.cookie)).not.toContain('adgang=');
});

test('a second sign-in is a session of its own, and a new token', async ({ page, visitor }) => {
  await signIn(page, administrator);
  const other = await visitor();
  await signIn(other, administrator);
  const token = async (page: Page) => (await page.context().cookies()).find(({ name }) => name === 'adgang')?.value;
  expect(await token(page)).not.toEqual(await token(other));
  await other.getByRole('button', { name: 'Log ud' }).click();
  await expect(other.getByText('Du er logget ud')).toBeVisible();
  await page.goto('/my-rights');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mine rettigheder');
});
