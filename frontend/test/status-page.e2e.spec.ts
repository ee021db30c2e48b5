import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, newPage, overflowPx } from '../../test/support/browser.ts';
import { servePage, type PageServer } from '../../test/support/page-server.ts';

const NETWORK = {
  network: 'local',
  gatewayUrl: 'http://localhost:9',
  identityProvider: 'http://identity.localhost:9',
  canisters: {
    rental: 'rwlgt-iiaaa-aaaaa-aaaaa-cai',
    treasury: 'rrkah-fqaaa-aaaaa-aaaaq-cai',
    'token-value': 'ryjl3-tyaaa-aaaaa-aaaba-cai',
    archive: 'r7inp-6aaaa-aaaaa-aaabq-cai',
  },
};

let server: PageServer;
let browser: Browser;

beforeAll(async () => {
  server = await servePage();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await server.close();
});

async function openWith(network: { status: number; body: string }): Promise<Page> {
  const { page } = await newPage(browser, { widthPx: 360, colorScheme: 'light' });
  await page.route('**/network.json', (route) => route.fulfill(network));
  await page.goto(`${server.url}/status`);
  return page;
}

describe('status page', () => {
  it('names each canister that does not answer, and why', async () => {
    const page = await openWith({ status: 200, body: JSON.stringify(NETWORK) });
    await page.getByText('4 of 4 canisters do not answer.').waitFor();
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
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('4 of 4 canisters do not answer.').waitFor();
  });
});
