// Serves the reference on loopback.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' };
const FILES = ['index.html', 'table.js', 'table.css'];

/** Serves the windowed table; every other address is an empty page. */
export async function serveWindowed() {
  const serve = async (request, response) => {
    const name = new URL(request.url, 'http://x').pathname.slice(1);
    if (!FILES.includes(name)) {
      return response.writeHead(200, { 'content-type': TYPES['.html'] }).end('<!doctype html><title>empty</title>');
    }
    response.writeHead(200, { 'content-type': TYPES[extname(name)] });
    response.end(await readFile(join(import.meta.dirname, 'windowed', name)));
  };
  const server = createServer(serve);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}
