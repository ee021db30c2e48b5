import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { build, preview, type PreviewServer } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, newPage, overflowPx } from '../../test/support/browser.ts';

const FRONTEND = fileURLToPath(new URL('..', import.meta.url));
const NETWORK = {
  network: 'local',
  gatewayUrl: 'http://localhost:9',
  canisters: { rental: 'rwlgt-iiaaa-aaaaa-aaaaa-cai', archive: 'rrkah-fqaaa-aaaaa-aaaaq-cai' },
};

let folder: string;
let server: PreviewServer;
let browser: Browser;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'page-'));
  const options = { root: FRONTEND, logLevel: 'error', build: { outDir: folder } } as const;
  await build(options);
  server = await preview({ ...options, preview: { host: '127.0.0.1', port: 0 } });
  url = server.resolvedUrls?.local[0] ?? '';
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

async function openWith(network: { status: number; body: string }): Promise<Page> {
  const { page } = await newPage(browser, { widthPx: 360, colorScheme: 'light' });
  await page.route('**/network.json', (route) => route.fulfill(network));
  await page.goto(url);
  return page;
}

describe('status page', () => {
  it('names each canister that does not answer, and why', async () => {
    const page = await openWith({ status: 200, body: JSON.stringify(NETWORK) });
    await page.getByText('2 of 2 canisters do not answer.').waitFor();
    const rental = page.locator('[data-canister=rental]');
    expect(await rental.innerText()).toContain('silent');
    expect(await rental.locator('.reason').innerText()).toContain('could not be reached');
    expect(await overflowPx(page)).toBe(0);
  });

  it.each([
    { desc: 'is missing', network: { status: 404, body: '' }, words: '404' },
    { desc: 'is malformed', network: { status: 200, body: '{}' }, words: 'gatewayUrl' },
  ])('says so when the deployment file $desc', async ({ network, words }) => {
    const page = await openWith(network);
    await page.getByText('This page could not be set up.').waitFor();
    expect(await page.getByRole('alert').innerText()).toContain(words);
  });

  it('recovers when asked again', async () => {
    const page = await openWith({ status: 503, body: '' });
    await page.getByRole('alert').waitFor();
    await page.unroute('**/network.json');
    await page.route('**/network.json', (route) => route.fulfill({ json: NETWORK }));
    await page.getByRole('button', { name: 'Ask again' }).click();
    await page.getByText('2 of 2 canisters do not answer.').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});
