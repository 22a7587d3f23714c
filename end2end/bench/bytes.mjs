// `cargo xtask bench bytes`: what a first visit to each page loads of script, wasm and style, as it comes over the line.
// Prints rows of a Markdown table: what, goal, reference, ours.
import { chromium } from 'playwright-core';
import { executable, start } from './server.mjs';

// Those that a test administrator sees.
const PAGES = ['/sign-in', '/my-rights', '/rights', '/rights/review', '/rights/staff', '/history', '/imports'];
const GOAL = '≤ 250 kB';

const server = await start();
const browser = await chromium.launch({ executablePath: executable, args: ['--no-sandbox', '--disable-gpu'] });
try {
  for (const path of PAGES) {
    const context = await browser.newContext();
    if (path !== '/sign-in') await context.addCookies([{ ...server.cookie, url: server.origin }]);
    const page = await context.newPage();
    await page.goto(server.origin + path, { waitUntil: 'networkidle' });
    const sizes = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name, encodedBodySize }) => [new URL(name).pathname, encodedBodySize]),
    );
    const of = (ending) => sizes.filter(([name]) => name.endsWith(ending)).reduce((sum, [, size]) => sum + size, 0);
    const [script, wasm, style] = ['.js', '.wasm', '.css'].map(of);
    const kilobytes = (bytes) => (bytes / 1000).toFixed(0);
    const parts = `script ${kilobytes(script)}, wasm ${kilobytes(wasm)}, style ${kilobytes(style)}`;
    console.log(`| first load of ${path}, compressed | ${GOAL} | – | ${kilobytes(script + wasm + style)} kB (${parts}) |`);
    await context.close();
  }
} finally {
  await browser.close();
  server.stop();
}
