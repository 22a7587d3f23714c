// Every page, light and dark, wide and narrow: axe-core finds nothing, and nothing scrolls sideways.
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe';
import { type DemoRole, givePassword } from '../support/sign-in';
import { expect, test, type Page } from '../support/test';

type State = [name: string, role: DemoRole | null, address: string, prepare?: (page: Page) => Promise<void>];

test.describe.configure({ mode: 'parallel', timeout: 180_000 });

const chooseFirstCell = async (page: Page) => {
  await page.getByRole('grid').getByRole('checkbox').first().focus();
};

const STATES: State[] = [
  ['sign-in', null, '/sign-in'],
  ['a failed sign-in', null, '/sign-in', (page) => givePassword(page, '4711-999999', 'noget helt andet')],
  ['a step without a sign-in', null, '/sign-in/matrix'],
  ['about', null, '/about'],
  ['the front page', 'Leder og testadministrator', '/'],
  ['the grid of a teacher', 'Testadministrator', '/rights?view=grid'],
  ['an opened class', 'Testadministrator', '/rights?view=grid', (page) => page.getByRole('grid').getByRole('button', { name: /^Vis elever i/ }).nth(4).click()],
  ['an opened cell', 'Testadministrator', '/rights?view=grid', async (page) => {
    await chooseFirstCell(page);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('complementary').filter({ hasText: 'Sådan blev det afgjort' })).toBeVisible();
  }],
  ['the grid of a class', 'Testadministrator', '/rights?by=class'],
  ['who sees a pupil', 'Testadministrator', '/rights?by=pupil'],
  ['the grid of a test', 'Testadministrator', '/rights?by=test'],
  ['the list', 'Testadministrator', '/rights?view=list', (page) => page.locator('.rl__head').first().click()],
  ['copying', 'Testadministrator', '/rights?view=grid', (page) => page.getByRole('button', { name: 'Kopiér fra kollega' }).click()],
  ['dates', 'Testadministrator', '/rights?view=grid', (page) => page.getByRole('button', { name: 'Ret datoer' }).click()],
  ['staff rights', 'Testadministrator', '/rights/staff'],
  ['imports', 'Testadministrator', '/imports'],
  ['history', 'Testadministrator', '/history'],
  ['a part to take back', 'Testadministrator', '/history', (page) => page.getByRole('button', { name: 'Tag tilbage' }).first().click()],
  ['exemptions', 'Leder', '/exemptions'],
  ['an unknown address', 'Lærer', '/findes-ikke'],
  ['forbidden', 'Lærer', '/rights'],
  ['one’s own rights', 'Lærer', '/my-rights'],
];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 390]) {
    test(`axe finds nothing: ${colorScheme}, ${width} px`, async ({ console, demo, visitor }) => {
      console.allowStatus(401, 403, 404, 422);
      const pages = new Map<DemoRole | null, Page>();
      for (const [name, role, address, prepare] of STATES) {
        const page = pages.get(role) ?? (role ? await demo(role) : await visitor());
        pages.set(role, page);
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 800 });
        await test.step(name, async () => {
          await settle(page, address);
          await prepare?.(page);
          await expectAccessible(page);
          await expectNoSidewaysScroll(page);
        });
      }
    });
  }
}

test('no page scrolls sideways at 320 and 2560 px', async ({ console, demo, visitor }) => {
  console.allowStatus(401, 403, 404, 422);
  const pages = new Map<DemoRole | null, Page>();
  for (const [name, role, address, prepare] of STATES) {
    const page = pages.get(role) ?? (role ? await demo(role) : await visitor());
    pages.set(role, page);
    for (const width of [320, 2560]) {
      await page.setViewportSize({ width, height: 800 });
      await test.step(`${name} at ${width} px`, async () => {
        await settle(page, address);
        await prepare?.(page);
        await expectNoSidewaysScroll(page);
      });
    }
  }
});

/** Opens an address and waits until it is alive and nothing is loading. */
async function settle(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(page.locator('html')).toHaveAttribute('data-hydrated', '');
  await expect(page.getByText('Henter …')).toHaveCount(0);
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
}
