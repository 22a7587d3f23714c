// The browser tests of `cargo xtask test`: Chromium against the real binary with its demo schools.
//
// xtask names the binary and the browser. With ADGANG_TEST_POSTGRES set to an empty database the
// server runs on that; otherwise on an SQLite file of its own.
import { defineConfig } from '@playwright/test';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const port = Number(process.env.ADGANG_TEST_PORT ?? 3999);
const binary = process.env.ADGANG_TEST_BINARY ?? '../target/release/adgang';
// Playwright reads this file once more in each worker; the folder is made by the first reading alone.
const data = (process.env.ADGANG_TEST_DATA ??= mkdtempSync(join(tmpdir(), 'adgang-end2end-')));
const database = process.env.ADGANG_TEST_POSTGRES ?? `sqlite:${join(data, 'adgang.db')}`;

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  fullyParallel: false,
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 30_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    baseURL: `http://localhost:${port}`,
    locale: 'da-DK',
    timezoneId: 'Europe/Copenhagen',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.ADGANG_TEST_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: {
    command: `"${binary}" serve --demo --listen 127.0.0.1:${port} --database "${database}" --secrets "${join(data, 'secrets')}"`,
    url: `http://localhost:${port}/readyz`,
    timeout: 120_000,
    reuseExistingServer: false,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
  },
});
