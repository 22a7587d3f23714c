// The release binary on the large school, with its test administrator signed in.
import { spawn } from 'node:child_process';

const { ADGANG_TEST_BINARY: binary, ADGANG_TEST_CHROMIUM: chromium, ADGANG_BENCH_SCHOOL: school } = process.env;
const PORT = 3997;

/** The browser's program. */
export const executable = chromium;

/** Starts the server. `school` is what `service/examples/large_school.rs` prints. */
export async function start() {
  const { database, secrets, cookie, teacher } = JSON.parse(school);
  // The server refuses settings that it does not know, and so the names of ours.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ADGANG_')));
  const where = ['--listen', `127.0.0.1:${PORT}`, '--database', database, '--secrets', secrets];
  const child = spawn(binary, ['serve', ...where], { env, stdio: 'ignore' });
  const server = new Server(child, cookie, teacher);
  await server.ready();
  return server;
}

class Server {
  origin = `http://localhost:${PORT}`;

  constructor(child, cookie, teacher) {
    Object.assign(this, { child, teacher, cookie: { name: 'adgang', value: cookie } });
  }

  async ready() {
    for (let tries = 0; tries < 200; tries++) {
      const answer = await fetch(`${this.origin}/readyz`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    this.stop();
    throw new Error('the server does not answer');
  }

  stop() {
    this.child.kill();
  }
}
