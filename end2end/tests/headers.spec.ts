// What every answer tells the browser, and what does not exist without --demo.
import { adgang, type Target } from '../support/adgang';
import { binary } from '../support/place';
import { signInAsDemo } from '../support/sign-in';
import { expect, test } from '../support/test';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

test('a policy with a fresh nonce, which is the one that the page carries', async ({ request }) => {
  const nonces = new Set<string>();
  for (const address of ['/sign-in', '/about', '/sign-in/matrix', '/sign-in?state=ended']) {
    const answer = await request.get(address);
    const policy = answer.headers()['content-security-policy'];
    expect(policy, address).toContain("default-src 'none'");
    expect(policy, address).toContain("frame-ancestors 'none'");
    expect(policy, address).toContain("base-uri 'none'");
    expect(policy, address).not.toContain("'unsafe-inline'");
    expect(policy, address).not.toContain("'unsafe-eval'");
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
    expect(nonce.length, address).toBeGreaterThanOrEqual(22);
    nonces.add(nonce);
    const html = await answer.text();
    const inline = [...html.matchAll(/<script(?![^>]*type="application\/json")[^>]*>/g)].map(([tag]) => tag);
    expect(inline.length, address).toBeGreaterThan(0);
    for (const tag of inline) expect(tag, address).toContain(`nonce="${nonce}"`);
    expect(html, address).not.toMatch(/ (on[a-z]+|style)="/);
  }
  expect(nonces.size).toBe(4);
});

test('headers that keep answers out of caches, frames and other sites', async ({ request }) => {
  for (const address of ['/sign-in', '/findes-ikke', '/livez', '/api/rights/load']) {
    const headers = (await request.get(address)).headers();
    expect(headers['x-content-type-options'], address).toBe('nosniff');
    expect(headers['referrer-policy'], address).toBe('same-origin');
    expect(headers['cross-origin-opener-policy'], address).toBe('same-origin');
    expect(headers['cache-control'], address).toContain('no-store');
    expect(headers['x-request-id'], address).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test('what a page loads has a versioned name, is compressed, and may be kept', async ({ page }) => {
  const loaded: Record<string, string>[] = [];
  page.on('response', async (response) => {
    if (new URL(response.url()).pathname.startsWith('/pkg/')) loaded.push(await response.allHeaders());
  });
  await signInAsDemo(page, 'Leder og testadministrator');
  loaded.length = 0;
  await page.goto('/rights/staff');
  await expect(page.locator('html')).toHaveAttribute('data-hydrated', '');
  expect(loaded).toHaveLength(3);
  for (const headers of loaded) {
    expect(headers['cache-control']).toContain('immutable');
    expect(headers['content-encoding']).toMatch(/br|gzip/);
  }
});

test.describe('without --demo', () => {
  let folder: string;
  let server: ReturnType<typeof spawn>;
  let address: string;

  test.beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'adgang-plain-'));
    const target: Target = { database: `sqlite:${join(folder, 'adgang.db')}`, secrets: join(folder, 'secrets') };
    await adgang(['migrate'], target);
    const args = ['serve', '--listen', '127.0.0.1:0', '--database', target.database, '--secrets', target.secrets];
    server = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    address = await new Promise((found, failed) => {
      const look = (line: string) => {
        const port = /(?:localhost|127\.0\.0\.1):(\d+)/.exec(line)?.[1];
        if (port && port !== '0') found(`http://localhost:${port}`);
      };
      createInterface({ input: server.stdout! }).on('line', look);
      createInterface({ input: server.stderr! }).on('line', look);
      server.on('exit', (code) => failed(new Error(`the server ended with ${code}`)));
    });
  });

  test.afterAll(() => {
    server.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  });

  test('the sign-in page offers nobody, and no route of the demo answers', async ({ page, console }) => {
    console.allowStatus(403, 404, 405);
    await page.goto(`${address}/sign-in`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Log ind');
    await expect(page.getByText(/demo/i)).toHaveCount(0);
    expect(await page.content()).not.toMatch(/demo/i);
    const csrf = await page.locator('input[name=csrf]').first().inputValue();
    const asked = (path: string) => page.request.post(`${address}${path}`, { form: { csrf, person: '1001-999001' }, headers: { origin: address }, maxRedirects: 0 });
    const [demo, unknown] = [await asked('/sign-in/demo'), await asked('/sign-in/findes-ikke')];
    expect(demo.status()).toBe(unknown.status());
    expect(demo.headers()['set-cookie']).toBeUndefined();
  });
});
