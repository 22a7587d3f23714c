// A server of a spec's own, for what the shared one cannot do: to stand at another day.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from './adgang';
import { binary, data } from './place';

/** A database and keys of a spec's own: on PostgreSQL the empty database that xtask made besides. */
export function ownTarget(): Target & { remove: () => void } {
  const folder = mkdtempSync(join(data, 'own-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const besides = process.env.ADGANG_TEST_POSTGRES_OWN;
  if (process.env.ADGANG_TEST_POSTGRES && !besides) throw new Error('ADGANG_TEST_POSTGRES_OWN names no second, empty database');
  return { database: besides ?? `sqlite:${join(folder, 'adgang.db')}`, secrets: join(folder, 'secrets'), remove };
}

/** A running server. */
export class Server {
  private constructor(private readonly child: ChildProcess, readonly url: string) {}

  /** Starts the demo on a database of one's own, today or on a day such as `2027-08-02`, with settings of its own. */
  static async start({ database, secrets }: Target, day?: string, environment: Record<string, string> = {}): Promise<Server> {
    const log = openSync(join(data, 'own.log'), 'a');
    const at = day ? ['--day', day] : [];
    const where = ['--listen', '127.0.0.1:0', '--database', database, '--secrets', secrets];
    const child = spawn(binary, ['serve', '--demo', ...at, ...where], { stdio: ['ignore', 'pipe', log], env: { ...process.env, ...environment } });
    const url = await new Promise<string>((resolve, reject) => {
      let said = '';
      child.stdout?.on('data', (piece) => {
        said += piece;
        const found = /Adgang is at (http:\S+)/.exec(said);
        if (found) resolve(found[1]);
      });
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    });
    return new Server(child, url);
  }

  /** Stops it, and waits until it has. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await ended;
  }
}
