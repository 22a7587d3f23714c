// Wrong role, wrong school, nobody at all: what is forbidden says so, and a foreign id is an unknown one.
import { account, apply, school, teacherAccount, type Account, type School } from '../support/adgang';
import { call } from '../support/call';
import { Grid } from '../support/grid';
import { signInHere } from '../support/sign-in';
import { expect, open, test, type Page } from '../support/test';

let place: School;
let elsewhere: School;
let karen: Account;
let henrik: Account;
let mette: Account;
let stranger: Account;

test.beforeAll(async () => {
  [place, elsewhere] = [await school(), await school()];
  [karen, henrik, mette, stranger] = await Promise.all([
    account(place, 'test-administrator', 'Karen Østergård'),
    account(place, 'leader', 'Henrik Nørby'),
    teacherAccount(place, 'Lindegaard'),
    account(elsewhere, 'test-administrator', 'Sven Borg'),
  ]);
  const one = { teachers: [`${place.code}-Mette`], scope: { school: true }, tests: { test: 'FNF-MAT-4' }, decision: 'give' };
  await apply(place, karen, [one]);
});

const PAGES = ['/rights', '/rights/review', '/rights/staff', '/history', '/exemptions', '/imports'];
const REFUSED: [string, () => Account, string[]][] = [
  ['a teacher', () => mette, PAGES],
  ['a test administrator', () => karen, ['/exemptions']],
  ['a leader', () => henrik, ['/rights', '/rights/review', '/rights/staff', '/imports']],
];

for (const [who, of, pages] of REFUSED) {
  test(`${who} reads why not, and who can help, at ${pages.join(', ')}`, async ({ signedIn, console }) => {
    console.allowStatus(403);
    const page = await signedIn(of());
    const menu = page.getByRole('navigation', { name: 'Hovedmenu' });
    for (const address of pages) {
      const answer = await page.goto(address);
      expect(answer?.status(), address).toBe(403);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Det har du ikke adgang til');
      await expect(page.locator('main')).toContainText(/leder|ledelse/);
      await expect(page.locator('main')).not.toContainText(/Alma|Ravnsborg/);
      await expect(menu.locator(`a[href="${address}"]`)).toHaveCount(0);
    }
  });
}

test('nobody is led to the sign-in, and from there to where they wanted to go', async ({ page }) => {
  for (const address of [...PAGES, '/my-rights', '/findes-ikke']) {
    await page.goto(address);
    await expect(page).toHaveURL(`/sign-in?next=${address}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Log ind');
  }
  await page.goto('/rights/staff');
  await signInHere(page, karen);
  await expect(page).toHaveURL('/rights/staff');
});

test('a leader reads the history and takes nothing back', async ({ signedIn }) => {
  const page = await signedIn(henrik);
  await open(page, '/history');
  await expect(page.getByText('Kun testadministratorer kan tage noget tilbage.')).toBeVisible();
  await expect(page.getByRole('article')).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Tag tilbage' })).toHaveCount(0);
});

/** The ids that a school's own administrator sees in addresses. */
async function idsOf(page: Page): Promise<{ teacher: string; pupil: string; group: string }> {
  const id = async (by: string) => {
    const grid = await Grid.open(page, `?by=${by}`);
    await expect(page).toHaveURL(/[?&]id=/);
    await grid.ready();
    return new URL(page.url()).searchParams.get('id') ?? '';
  };
  return { teacher: await id('teacher'), pupil: await id('pupil'), group: await id('class') };
}

const UNKNOWN = '01890000-0000-7000-8000-000000000000';

test('another school’s id in the address is answered as one that does not exist', async ({ signedIn }) => {
  const foreign = await idsOf(await signedIn(stranger));
  const page = await signedIn(karen);
  for (const [by, id] of [['teacher', foreign.teacher], ['pupil', foreign.pupil], ['class', foreign.group]]) {
    const answers = [];
    for (const asked of [id, UNKNOWN]) {
      const grid = await Grid.open(page, `?by=${by}&id=${asked}`);
      await expect(page).not.toHaveURL(new RegExp(asked));
      await grid.ready();
      answers.push([page.url(), await page.getByRole('main').ariaSnapshot()]);
    }
    expect(answers[0], by).toEqual(answers[1]);
  }
});

const give = (teacher: string, pupil: string) => ({ teachers: [teacher], scope: { pupil }, tests: { test: 'FNF-MAT-4' }, effect: 'give', from: null, until: null });
const NOTHING = { edits: [] };
const draft = (edits: object[]) => ({ draft: { based_on: 0, edits, kept: null } });

/** The server functions, a sound call of each, and who may call it. */
const CALLS: [path: string, body: object, allowed: ('administrator' | 'leader' | 'teacher')[]][] = [
  ['rights/load', {}, ['administrator']],
  ['rights/news', {}, ['administrator']],
  ['rights/draft', draft([]), ['administrator']],
  ['rights/review', { proposal: NOTHING, based_on: 0 }, ['administrator']],
  ['rights/conflicts', { proposal: NOTHING, based_on: 0 }, ['administrator']],
  ['rights/apply', { proposal: NOTHING, based_on: 0, digest: '', reason: '' }, ['administrator']],
  ['history', { before: null, limit: 10 }, ['administrator', 'leader']],
  ['staff', {}, ['administrator']],
  ['staff/set', { changes: [], reason: '' }, ['administrator']],
  ['exemptions', {}, ['leader']],
  ['exemptions/set', { changes: [] }, ['leader']],
  ['my-rights', {}, ['administrator', 'leader', 'teacher']],
  ['session', {}, ['administrator', 'leader', 'teacher']],
];

test('a server function called directly refuses nobody’s, a stranger’s and a forged call', async ({ page, signedIn, console }) => {
  console.allowStatus(401, 403);
  await page.goto('/sign-in');
  const people = { administrator: await signedIn(karen), leader: await signedIn(henrik), teacher: await signedIn(mette) };
  for (const person of Object.values(people)) await open(person, '/my-rights');
  for (const [path, body, allowed] of CALLS) {
    const nobody = await call(page, path, body);
    expect([401, 403], `${path} as nobody`).toContain(nobody.status);
    for (const [role, person] of Object.entries(people) as ['administrator' | 'leader' | 'teacher', Page][]) {
      const answer = await call(person, path, body);
      if (allowed.includes(role)) {
        expect(answer.status, `${path} as ${role}: ${answer.text}`).not.toBe(401);
        expect(answer.status, `${path} as ${role}: ${answer.text}`).not.toBe(403);
        expect(answer.status, `${path} as ${role}: ${answer.text}`).not.toBe(404);
      } else {
        expect(answer.status, `${path} as ${role}`).toBe(403);
        expect(answer.text.split('\n')[0], `${path} as ${role}`).toBe('not_allowed');
      }
      const forged = { 'no token': { 'x-csrf-token': '' }, 'another token': { 'x-csrf-token': 'x'.repeat(43) } };
      for (const [how, headers] of Object.entries(forged)) {
        expect((await call(person, path, body, headers)).status, `${path} as ${role} with ${how}`).toBe(403);
      }
      const crossSite = { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' };
      expect((await call(person, path, body, crossSite)).status, `${path} as ${role} from another site`).toBe(403);
    }
  }
});

test('nothing answers to GET that could write', async ({ signedIn }) => {
  const page = await signedIn(karen);
  await open(page, '/my-rights');
  const paths = [...CALLS.map(([path]) => `/api/${path}`), '/sign-out', '/language', '/sign-in/demo'];
  for (const path of paths) {
    const answer = await page.request.get(path, { maxRedirects: 0 });
    expect([404, 405], path).toContain(answer.status());
  }
  // Still signed in, still Danish.
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mine rettigheder');
});

test('a draft about another school’s people is answered as one about nobody', async ({ signedIn }) => {
  const foreign = await idsOf(await signedIn(stranger));
  const page = await signedIn(karen);
  const own = await idsOf(page);
  /** Whether it is kept, and what review and apply say to it. */
  const answers = async (teacher: string, pupil: string) => {
    const edits = [give(teacher, pupil)];
    const proposal = { edits };
    const { status } = await call(page, 'rights/draft', draft(edits));
    const review = await call(page, 'rights/review', { proposal, based_on: 0 });
    const apply = await call(page, 'rights/apply', { proposal, based_on: 0, digest: '', reason: '' });
    expect(Math.min(review.status, apply.status)).toBeGreaterThanOrEqual(400);
    return { status, review, apply };
  };
  expect(await answers(own.teacher, foreign.pupil)).toEqual(await answers(own.teacher, UNKNOWN));
  expect(await answers(foreign.teacher, own.pupil)).toEqual(await answers(UNKNOWN, own.pupil));
  const staff = (person: string) => call(page, 'staff/set', { changes: [{ person, booking: { granted: true, seen: null }, running: null }], reason: '' });
  expect(await staff(foreign.teacher)).toEqual(await staff(UNKNOWN));
  expect((await staff(UNKNOWN)).status).toBe(404);
  // What cannot be laid over the school is taken out of the draft, and said.
  const grid = await Grid.open(page);
  await expect(page.getByText('1 ændring i kladden kunne ikke bruges længere og er taget ud.')).toBeVisible();
  await expect(grid.bar).toContainText('Ingen ændringer i kladden.');
});
