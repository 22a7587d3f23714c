// The grid "Administration af rettigheder", as somebody sees and names it.
import { expect, type Locator, type Page } from '@playwright/test';
import { call } from './call';
import { open } from './test';

export class Grid {
  readonly table: Locator;
  /** The persistent change bar. */
  readonly bar: Locator;
  /** The one line above the grid. */
  readonly line: Locator;

  constructor(readonly page: Page) {
    this.table = page.getByRole('grid');
    this.bar = page.getByRole('region', { name: 'Kladde' });
    this.line = page.locator('.says');
  }

  /** Opens the page and waits for the school. */
  static async open(page: Page, query = ''): Promise<Grid> {
    const grid = new Grid(page);
    await open(page, `/rights${query}`);
    await grid.ready();
    return grid;
  }

  /** Opens the page with nothing in the draft and nothing unfolded, whatever an earlier test left. */
  static async fresh(page: Page, query = ''): Promise<Grid> {
    await forget(page);
    return Grid.open(page, query);
  }

  async ready(): Promise<void> {
    await expect(this.table).toHaveAttribute('aria-busy', 'false');
    await expect(this.table.getByRole('checkbox').first()).toBeVisible();
    // What is in use is counted after the rest is painted.
    await expect(this.page.locator('.subject__facts')).toHaveAttribute('aria-busy', 'false');
  }

  /** Chooses what stands still, by searching for it. */
  async choose(name: string): Promise<void> {
    const chooser = this.page.getByRole('complementary', { name: 'Vælg' });
    await chooser.getByRole('searchbox').fill(name);
    await chooser.getByRole('link', { name: starting(name) }).first().click();
    await expect(this.page.getByRole('heading', { level: 2, name, exact: true })).toBeVisible();
  }

  /** The cell of a row and a column, by what it is called aloud. */
  cell(row: string, column: string): Locator {
    return this.table.getByRole('checkbox', { name: starting(`${row}, ${column}: `) });
  }

  /** Expects what a cell says after its row and column. */
  async says(row: string, column: string, state: string): Promise<void> {
    await expect(this.cell(row, column)).toHaveAccessibleName(`${row}, ${column}: ${state}`);
  }

  /** The row heading of a row that is in sight. */
  row(name: string): Locator {
    return this.table.getByRole('rowheader', { name: starting(name) });
  }

  /** Opens a class. */
  async unfold(name: string): Promise<void> {
    await this.table.getByRole('button', { name: `Vis elever i ${name}` }).click();
  }

  /** Waits until the server has the draft. */
  async saved(): Promise<void> {
    await expect(this.bar).toHaveAttribute('data-saved', 'true');
  }

  /** Goes on to the review. */
  async review(): Promise<void> {
    await this.bar.getByRole('button', { name: 'Gennemse' }).click();
    await expect(this.page.getByRole('heading', { level: 1, name: /^Gennemse/ })).toBeVisible();
  }

  /** Reviews the draft and applies it. */
  async apply(reason: string): Promise<void> {
    await this.review();
    await this.page.getByLabel('Begrundelse').fill(reason);
    await this.page.getByRole('button', { name: /^Anvend/ }).click();
    await expect(this.page).toHaveURL(/\/rights(\?|$)/);
    await this.ready();
  }
}

/** Throws away the person's draft, and what this browser remembers. */
export async function forget(page: Page): Promise<void> {
  await open(page, '/about');
  const kept = await keptAt(page);
  if (kept !== null) await call(page, 'rights/draft', { draft: { based_on: 0, edits: [], kept } });
  await page.evaluate(() => localStorage.clear());
}

/** When the person's draft was kept, in microseconds; null where there is none. Read off the answer's postcard. */
async function keptAt(page: Page): Promise<number | null> {
  const { bytes } = await call(page, 'rights/news', {});
  let at = 0;
  const signed = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = BigInt(bytes[at++]);
      value |= (byte & 127n) << shift;
      if (byte < 128n) return Number((value >> 1n) ^ -(value & 1n));
    }
  };
  signed();
  return bytes[at++] === 1 ? signed() : null;
}

/** A pattern of names that begin so. */
export function starting(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
}

/** Where the focus is, as it is read aloud: the element's own name. */
export function focused(page: Page): Locator {
  return page.locator(':focus');
}
