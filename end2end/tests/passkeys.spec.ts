// A passkey in the place of the printed card, with the authenticator that Chromium has for tests.
import { generateKeyPairSync } from 'node:crypto';
import type { CDPSession } from '@playwright/test';
import { account, school, type Account, type School } from '../support/adgang';
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe';
import { port } from '../support/place';
import { expectSignedIn, giveCodes, givePassword, signIn, signInHere } from '../support/sign-in';
import { expect, test, type Page } from '../support/test';

test.describe.configure({ mode: 'serial', timeout: 120_000 });

let place: School;
let principal: Account;
let teacher: Account;

test.beforeAll(async () => {
  place = await school();
  principal = await account(place, 'principal', 'Birthe Krag');
  teacher = await account(place, 'teacher', 'Mette Lind');
});

/** A browser page with an authenticator that asks its holder and is answered. */
async function withAuthenticator(page: Page): Promise<{ cdp: CDPSession; authenticatorId: string }> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { cdp, authenticatorId };
}

async function add(page: Page, name: string, password?: string): Promise<void> {
  await page.goto('/account/passkeys');
  await page.getByRole('textbox', { name: 'Navn' }).fill(name);
  if (password) await page.getByLabel('Adgangskode', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Tilføj', exact: true }).click();
}

const signOut = async (page: Page) => {
  await page.getByRole('button', { name: 'Log ud' }).click();
  await expect(page.getByText('Du er logget ud')).toBeVisible();
};

test('a principal adds a passkey, signs in with it or with the card, renames it and takes it away @postgres', async ({ page, visitor }) => {
  await withAuthenticator(page);
  await signIn(page, principal);
  const other = await visitor();
  await signIn(other, principal);

  await page.goto('/account/passkeys');
  await expect(page.getByText('Du har ingen endnu.')).toBeVisible();
  await expect(page.getByLabel('Adgangskode', { exact: true })).toHaveCount(0);
  await add(page, 'Min telefon');
  await expect(page.getByRole('status')).toContainText('Adgangsnøglen er tilføjet');
  await expect(page.getByRole('heading', { name: 'Min telefon' })).toBeVisible();
  await other.goto('/my-rights');
  await expect(other, 'other sessions end').toHaveURL(/\/sign-in/);

  // The authenticator knows that it is there already.
  await add(page, 'En gang til');
  await expect(page.getByRole('alert')).toHaveText('Den adgangsnøgle er allerede tilføjet.');

  await signOut(page);
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(request.url()));
  await givePassword(page, principal.username, principal.password);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Adgangsnøgle eller kort');
  await page.getByRole('button', { name: 'Brug adgangsnøgle' }).click();
  await expectSignedIn(page);
  expect(fetched.filter((url) => url.endsWith('.wasm') && url.includes('sign-in'))).toEqual([]);

  await page.goto('/account/passkeys');
  await expect(page.getByRole('heading', { name: 'Min telefon' })).toContainText('du er logget ind med den');
  await page.getByText('Omdøb').click();
  await page.getByRole('textbox', { name: 'Navn' }).first().fill('Nøglen i skuffen');
  await page.getByRole('button', { name: 'Gem navnet' }).click();
  await expect(page.getByRole('heading', { name: 'Nøglen i skuffen' })).toBeVisible();

  // The card serves beside it.
  await signOut(page);
  await signIn(page, principal);
  await signOut(page);
  await givePassword(page, principal.username, principal.password);
  await page.getByRole('button', { name: 'Brug adgangsnøgle' }).click();
  await expectSignedIn(page);

  // Removed, it ends the session that was begun with it.
  await page.goto('/account/passkeys');
  await page.getByText('Fjern', { exact: true }).click();
  await expect(page.getByText('Derefter logger du ind med adgangskode og kort.')).toBeVisible();
  await page.getByRole('button', { name: 'Fjern »Nøglen i skuffen«' }).click();
  await expect(page).toHaveURL('/sign-in');
  await expect(page.getByText('Adgangsnøglen er fjernet')).toBeVisible();
  await givePassword(page, principal.username, principal.password);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Koder fra dit kort');
  await giveCodes(page, principal);
  await expectSignedIn(page);
});

test('a teacher shows the password once more, and has two factors from then on', async ({ page, console, another }) => {
  console.allowStatus(422);
  const { cdp, authenticatorId } = await withAuthenticator(page);
  await signIn(page, teacher);
  await add(page, 'Skolens bærbare', 'et forkert kodeord');
  await expect(page.getByRole('alert')).toHaveText('Adgangskoden passer ikke, eller den kan ikke bruges lige nu.');
  await add(page, 'Skolens bærbare', teacher.password);
  await expect(page.getByRole('status')).toContainText('Adgangsnøglen er tilføjet');
  await expect(page.getByText('Log ud, og log ind med alt, hvad kontoen har.')).toBeVisible();

  await signOut(page);
  await givePassword(page, teacher.username, teacher.password);
  await expect(page).toHaveURL('/sign-in/matrix');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Brug din adgangsnøgle');
  await expect(page.getByLabel('De tre koder i rækkefølge')).toHaveCount(0);
  // Half signed in is not signed in.
  await page.goto('/my-rights');
  await expect(page).toHaveURL('/sign-in/matrix');

  // An authenticator whose holder does not show who they are gives nothing.
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await page.getByRole('button', { name: 'Brug adgangsnøgle' }).click();
  await expect(page.getByRole('alert')).toContainText('Prøv igen', { timeout: 60_000 });
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });

  // Another key under the same name.
  const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
  await cdp.send('WebAuthn.clearCredentials', { authenticatorId });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const forged = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  await cdp.send('WebAuthn.addCredential', { authenticatorId, credential: { ...credentials[0], privateKey: forged, signCount: 90 } });
  await page.getByRole('button', { name: 'Brug adgangsnøgle' }).click();
  await expect(page.getByRole('heading', { name: 'Adgangsnøglen blev ikke godkendt' })).toBeVisible();
  await expect(page).toHaveURL('/sign-in/matrix');

  await cdp.send('WebAuthn.clearCredentials', { authenticatorId });
  await cdp.send('WebAuthn.addCredential', { authenticatorId, credential: { ...credentials[0], signCount: 90 } });
  await page.getByRole('button', { name: 'Brug adgangsnøgle' }).click();
  await expectSignedIn(page);
  await page.goto('/account/passkeys');
  await expect(page.getByRole('textbox', { name: 'Navn' }), 'two factors: the password is not asked for').toBeVisible();
  await expect(page.getByLabel('Adgangskode', { exact: true })).toHaveCount(0);

  // Without scripts it is said what is needed, and who helps.
  const plain = await (await another({ javaScriptEnabled: false })).newPage();
  await givePassword(plain, teacher.username, teacher.password);
  await expect(plain.getByText('Adgangsnøglen kræver JavaScript. Slå det til, eller få et kort af din leder.')).toBeVisible();
  await expect(plain.getByRole('button', { name: 'Brug adgangsnøgle' })).toBeHidden();

  await page.getByText('Fjern', { exact: true }).click();
  await page.getByRole('button', { name: 'Fjern »Skolens bærbare«' }).click();
  await givePassword(page, teacher.username, teacher.password);
  await expectSignedIn(page);
});

test('with scripts off the card is the way in, and passkeys can still be taken away', async ({ page, another }) => {
  await withAuthenticator(page);
  await signIn(page, principal);
  await add(page, 'Min telefon');
  await expect(page.getByRole('status')).toContainText('Adgangsnøglen er tilføjet');

  const plain = await (await another({ javaScriptEnabled: false })).newPage();
  await givePassword(plain, principal.username, principal.password);
  await expect(plain.getByText('Adgangsnøglen kræver JavaScript. Brug kortet i stedet.')).toBeVisible();
  await expect(plain.getByText('Indsæt hele kortet')).toBeHidden();
  await giveCodes(plain, principal);
  await expectSignedIn(plain);
  await plain.goto('/account/passkeys');
  await expect(plain.getByText('Det kræver JavaScript at tilføje en adgangsnøgle.')).toBeVisible();
  await plain.getByText('Fjern', { exact: true }).click();
  await plain.getByRole('button', { name: 'Fjern »Min telefon«' }).click();
  await expect(plain.getByText('Du har ingen endnu.')).toBeVisible();
});

test('an address that is a number is told where passkeys work', async ({ visitor }) => {
  const page = await visitor();
  await page.goto(`http://127.0.0.1:${port}/sign-in`);
  await signInHere(page, principal);
  await page.goto(`http://127.0.0.1:${port}/account/passkeys`);
  await expect(page.getByText('Adgangsnøgler virker kun på systemets egen adresse.')).toBeVisible();
  await expect(page.getByRole('link', { name: `http://localhost:${port}` })).toHaveAttribute('href', `http://localhost:${port}/account/passkeys`);
  await expect(page.getByRole('button', { name: 'Tilføj', exact: true })).toBeHidden();
});

test('axe finds nothing on the pages of passkeys, and nothing scrolls sideways', async ({ page }) => {
  await withAuthenticator(page);
  await signIn(page, principal);
  await add(page, 'Min telefon');
  await expect(page.getByRole('status')).toContainText('Adgangsnøglen er tilføjet');
  const everywhere = async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1280, 390, 320]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await expectAccessible(page);
        await expectNoSidewaysScroll(page);
      }
    }
  };
  for (const summary of ['Omdøb', 'Fjern']) await page.getByText(summary, { exact: true }).click();
  await everywhere();
  await signOut(page);
  await givePassword(page, principal.username, principal.password);
  await page.getByText('Indsæt hele kortet').click();
  await everywhere();
});
