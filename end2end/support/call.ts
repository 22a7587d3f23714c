// Server functions called as a script would, past the page.
import type { Page } from '@playwright/test';

export interface Answer {
  status: number;
  text: string;
  bytes: Buffer;
}

/** Calls a server function with the token that the open page carries, or with other headers. */
export async function call(page: Page, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const token = await page.locator('meta[name=csrf]').getAttribute('content');
  const answer = await page.request.post(`/api/${path}`, {
    data: body,
    headers: { 'x-csrf-token': token ?? '', origin: new URL(page.url()).origin, 'sec-fetch-site': 'same-origin', ...headers },
  });
  return { status: answer.status(), text: await answer.text(), bytes: await answer.body() };
}
