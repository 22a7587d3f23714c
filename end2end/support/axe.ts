// axe-core, injected by itself: its Playwright package wants a newer Node.
import { expect, type Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];

/** Expects no finding of WCAG 2.0 to 2.2, A and AA, on the page as it is. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(SOURCE);
  const findings = await page.evaluate(async (tags) => {
    const axe = (window as unknown as { axe: { run: (where: Document, how: object) => Promise<AxeResults> } }).axe;
    const { violations } = await axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`);
  }, TAGS);
  expect.soft(findings).toEqual([]);
}

/** Expects that the page does not scroll sideways. Tables may, in a frame of their own. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [wanted, has] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [scrollWidth, clientWidth];
  });
  expect.soft(wanted, `the page is ${wanted} px wide in a window of ${has} px`).toBeLessThanOrEqual(has);
}
