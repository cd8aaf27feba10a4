import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { Web } from '../../image/rack/web.ts';
import type { NodeId } from '../../src/model/pair.ts';
import { output } from '../rack/verbs.ts';

/** An emulated box at its busiest. */
export const PATIENCE_MS = 60_000;

/** Debian's own Chromium. Its sandbox needs what a container does not give; it sees the rack alone. */
export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });

/** Where the running rack's consoles are. */
export const web = async (): Promise<Web> => JSON.parse(await output('web', '--json')) as Web;

/** A page at the console of that box; what it asks of other hosts, and what its policy stops, is an error. */
export async function openPage(browser: Browser, node: NodeId, options: BrowserContextOptions = {}) {
  const { urls, password = '' } = await web();
  const context = await browser.newContext({ ignoreHTTPSErrors: true, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const faults: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(urls[node])) faults.push(`asked for ${request.url()}`);
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) faults.push(message.text());
  });
  await page.goto(urls[node]);
  return { page, context, password, faults };
}

/** Gives the password and waits for the first picture. */
export async function logIn(page: Page, password: string): Promise<void> {
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.locator('svg.figure').waitFor();
}
