// A page as people see it: wide and narrow, light and dark.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from './axe';
import { test } from './test';

/** Where pictures are kept for somebody to look at; without it none is taken. */
const pictures = process.env.ADGANG_TEST_PICTURES;

/** Expects that axe finds nothing and that nothing scrolls sideways, and takes a picture of each. */
export async function expectGoodLooks(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      await test.step(`${name}: ${colorScheme}, ${width} px`, async () => {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 800 });
        await expectAccessible(page);
        await expectNoSidewaysScroll(page);
        if (!pictures) return;
        mkdirSync(pictures, { recursive: true });
        await page.screenshot({ path: join(pictures, `${name}-${width}-${colorScheme}.png`), fullPage: true });
      });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  if (before) await page.setViewportSize(before);
}
