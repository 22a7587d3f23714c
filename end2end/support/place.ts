// Where the server under test is, and what it keeps its data in. xtask names the binary, the browser and,
// for the second run, an empty PostgreSQL database; everything else is of this run alone.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const binary = process.env.ADGANG_TEST_BINARY ?? join(import.meta.dirname, '../../target/release/adgang');
export const chromium = process.env.ADGANG_TEST_CHROMIUM ?? '/usr/bin/chromium';
export const port = Number(process.env.ADGANG_TEST_PORT ?? 3999);

// Playwright reads its configuration once more in each worker; only the first reading makes the folder.
if (!process.env.ADGANG_TEST_DATA) {
  const folder = mkdtempSync(join(tmpdir(), 'adgang-end2end-'));
  process.env.ADGANG_TEST_DATA = folder;
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
}
export const data = process.env.ADGANG_TEST_DATA;
/** What the server logs. */
export const log = join(data, 'server.log');
export const secrets = join(data, 'secrets');
export const database = process.env.ADGANG_TEST_POSTGRES ?? `sqlite:${join(data, 'adgang.db')}`;
