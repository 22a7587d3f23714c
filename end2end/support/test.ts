// `test` with what every spec needs: a console that must stay silent, and pages of signed-in people.
import { test as base, expect, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test';
import type { Account } from './adgang';
import { signIn, signInAsDemo, type DemoRole } from './sign-in';

/** Fails a test in which a page complains on its console, or an error goes uncaught. */
export class Console {
  private readonly said: string[] = [];
  private readonly allowed: RegExp[] = [];

  watch(context: BrowserContext): void {
    context.on('console', (message) => {
      if (['error', 'warning', 'assert'].includes(message.type())) this.said.push(`${message.type()}: ${message.text()}`);
    });
    context.on('weberror', (raised) => this.said.push(`uncaught: ${raised.error().stack}`));
  }

  /** Lets through what the test provokes, such as the browser's own note of a refused address. */
  allow(pattern: RegExp): void {
    this.allowed.push(pattern);
  }

  /** Lets through that an address was answered with a status. */
  allowStatus(...statuses: number[]): void {
    this.allow(new RegExp(`Failed to load resource: .* status of (${statuses.join('|')})`));
  }

  check(): void {
    expect(this.said.filter((text) => !this.allowed.some((allowed) => allowed.test(text)))).toEqual([]);
  }
}

interface Fixtures {
  console: Console;
  /** Opens another browser's context, closed with the test: a page left open would go on saving. */
  another: (options?: BrowserContextOptions) => Promise<BrowserContext>;
  /** A new browser's page, of nobody. */
  visitor: () => Promise<Page>;
  /** A new browser's page on which this account is signed in. */
  signedIn: (account: Account) => Promise<Page>;
  /** A new browser's page of a demo person. */
  demo: (role: DemoRole, school?: number) => Promise<Page>;
}

/** The cookies of accounts that have signed in on this worker. */
const sessions = new Map<string, Awaited<ReturnType<BrowserContext['storageState']>>>();

export const test = base.extend<Fixtures>({
  console: [
    async ({}, use) => {
      const console = new Console();
      await use(console);
      console.check();
    },
    { auto: true },
  ],
  context: async ({ context, console }, use) => {
    console.watch(context);
    await use(context);
  },
  another: async ({ browser, console }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (options) => {
      const context = await browser.newContext(options);
      console.watch(context);
      opened.push(context);
      return context;
    });
    await Promise.all(opened.map((context) => context.close()));
  },
  visitor: async ({ another }, use) => {
    await use(async () => (await another()).newPage());
  },
  signedIn: async ({ another }, use) => {
    await use(async (account) => {
      const storageState = sessions.get(account.username);
      const context = await another({ storageState });
      const page = await context.newPage();
      if (!storageState) {
        await signIn(page, account);
        sessions.set(account.username, await context.storageState());
      }
      return page;
    });
  },
  demo: async ({ visitor }, use) => {
    await use(async (role, school) => {
      const page = await visitor();
      await signInAsDemo(page, role, school);
      return page;
    });
  },
});

export { expect, type Page };

/** Opens an address and waits until the page has become alive. */
export async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(page.locator('html')).toHaveAttribute('data-hydrated', '');
}
