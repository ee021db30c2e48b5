import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Actor, HttpAgent, type ActorMethod } from '@dfinity/agent';
import type { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { build } from 'esbuild';
import { Hono } from 'hono';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  launchBrowser,
  newPage,
  overflowPx,
  VIEWS,
  type OpenPage,
} from '../../test/support/browser.ts';
import { startLocalnet, type RunningLocalnet } from '../src/cli/start-localnet.ts';
import { letTimePass } from '../src/host/let-time-pass.ts';
import { serve, type RunningServer } from '../src/http/serve.ts';
import { ICP_LEDGER_ID } from '../src/system/system-ids.ts';

const DAPP = fileURLToPath(new URL('./fixtures/login-dapp.ts', import.meta.url));
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const VIEW = { widthPx: 1440, colorScheme: 'light' } as const;
const HTML =
  '<!doctype html><title>App</title><link rel="icon" href="data:,">' +
  '<p id="outcome"></p><script type="module" src="/dapp.js"></script>';
const FEE_E8S = 10_000n;
const HOUR_NS = 3_600_000_000_000n;

let stateDir: string;
let localnet: RunningLocalnet;
let dapp: RunningServer;
let dappScript: string;
let browser: Browser;

beforeAll(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'identity-'));
  localnet = await startLocalnet({ port: 0, stateDir });
  const { outputFiles } = await build({
    entryPoints: [DAPP],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
  });
  dappScript = outputFiles[0]?.text ?? '';
  dapp = await serve({ app: dappServer(), port: 0 });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await dapp.close();
  await localnet.close();
  rmSync(stateDir, { recursive: true });
});

/** Listed at `listed.localhost`: identities of it may be used at `alias.localhost`. */
function dappServer(): Hono {
  const app = new Hono();
  app.get('/', (c) => c.html(HTML));
  app.get('/dapp.js', (c) => c.body(dappScript, 200, { 'content-type': 'text/javascript' }));
  app.get('/.well-known/ii-alternative-origins', (c) => {
    if (c.req.header('host')?.startsWith('listed.localhost') !== true) return c.notFound();
    c.header('access-control-allow-origin', '*');
    return c.json({ alternativeOrigins: [originOf('alias.localhost')] });
  });
  return app;
}

function originOf(host: string): string {
  return `http://${host}:${dapp.port}`;
}

interface DappOptions {
  readonly origin?: string;
  readonly derivationOrigin?: string;
  readonly hours?: number;
}

function dappUrl({ origin = originOf('dapp.localhost'), ...options }: DappOptions): string {
  const url = new URL(origin);
  url.searchParams.set('provider', localnet.identityProvider);
  url.searchParams.set('network', localnet.url);
  url.searchParams.set('rootKey', localnet.rootKeyHex);
  for (const [name, value] of Object.entries(options)) url.searchParams.set(name, String(value));
  return url.href;
}

/** A fresh profile, in which nobody has logged in. */
async function openDapp(options: DappOptions = {}): Promise<OpenPage> {
  const opened = await newPage(browser, VIEW);
  await opened.page.goto(dappUrl(options));
  await expect.poll(() => outcome(opened.page)).toBe('ready');
  return opened;
}

function outcome(page: Page): Promise<string> {
  return page.locator('#outcome').innerText();
}

async function click(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
}

/** What the page says in the end, after a click. */
async function resultOf(page: Page, name: string): Promise<string> {
  await click(page, name);
  return settled(page);
}

async function settled(page: Page): Promise<string> {
  await page.locator('#outcome', { hasNotText: /^…$/ }).waitFor();
  return outcome(page);
}

type Way = 'Log in by window' | 'Log in by signer' | 'Log in with Google';

async function openIdentity(page: Page, way: Way): Promise<Page> {
  const [popup] = await Promise.all([page.waitForEvent('popup'), click(page, way)]);
  return popup;
}

async function logIn(page: Page, { way, person }: { way: Way; person: string }): Promise<string> {
  const popup = await openIdentity(page, way);
  await popup.getByRole('textbox').fill(person);
  // The window may be gone before the key is up.
  await popup.keyboard.down('Enter');
  const principal = principalFrom(await settled(page));
  await expect.poll(() => popup.isClosed()).toBe(true);
  return principal;
}

function principalFrom(text: string): string {
  const [, principal] = /^logged in as (.+)$/.exec(text) ?? [];
  if (principal === undefined) throw new Error(`not logged in: ${text}`);
  return principal;
}

interface Ledger {
  readonly icrc1_transfer: ActorMethod<[object], object>;
  readonly icrc1_balance_of: ActorMethod<[object], bigint>;
}

const ledgerService: IDL.InterfaceFactory = ({ IDL: idl }) => {
  const account = idl.Record({ owner: idl.Principal, subaccount: idl.Opt(idl.Vec(idl.Nat8)) });
  const transfer = idl.Record({ to: account, amount: idl.Nat });
  const result = idl.Variant({ Ok: idl.Nat, Err: idl.Reserved });
  return idl.Service({
    icrc1_transfer: idl.Func([transfer], [result], []),
    icrc1_balance_of: idl.Func([account], [idl.Nat], ['query']),
  });
};

/** As anonymous, who is rich. */
async function ledger(): Promise<Ledger> {
  const agent = await HttpAgent.create({ host: localnet.url, shouldFetchRootKey: true });
  return Actor.createActor<Ledger>(ledgerService, { agent, canisterId: ICP_LEDGER_ID });
}

function accountOf(principal: string): object {
  return { owner: Principal.fromText(principal), subaccount: [] };
}

async function fund(principal: string): Promise<void> {
  const sent = { to: accountOf(principal), amount: 1_000_000n };
  expect(await (await ledger()).icrc1_transfer(sent)).toHaveProperty('Ok');
}

async function balanceOf(principal: string): Promise<bigint> {
  return (await ledger()).icrc1_balance_of(accountOf(principal));
}

describe('development identity', () => {
  it.each([
    { way: 'Log in by window', person: 'Alice' },
    { way: 'Log in by signer', person: 'Alice' },
    { way: 'Log in with Google', person: 'alice@example.com' },
  ] as const)('makes a delegation that the network accepts: $way', async ({ way, person }) => {
    const { page } = await openDapp();
    const errors: string[] = [];
    page.context().on('console', (message) => {
      const isOfIdentity = message.location().url.startsWith(localnet.identityProvider);
      if (isOfIdentity) errors.push(message.text());
    });
    const principal = await logIn(page, { way, person });
    await fund(principal);
    const fundedE8s = await balanceOf(principal);
    expect(await resultOf(page, 'Pay')).toMatch(/^paid in block \d+$/);
    const leftE8s = fundedE8s - FEE_E8S - 1n;
    expect(await balanceOf(principal)).toBe(leftE8s);
    expect(await resultOf(page, 'Pay with a prolonged chain')).toContain('Invalid delegation');
    expect(await resultOf(page, 'Pay with a stolen name')).toContain('Invalid delegation');
    expect(await balanceOf(principal)).toBe(leftE8s);
    expect(errors).toEqual([]);
  });

  it('knows a person again, in either protocol and after a restart of the browser', async () => {
    const first = await openDapp();
    const person = 'Bob  Builder';
    const principal = await logIn(first.page, { way: 'Log in by window', person });
    const popup = await openIdentity(first.page, 'Log in by signer');
    await popup.getByRole('button', { name: 'Continue as Bob Builder' }).focus();
    await popup.keyboard.down('Enter');
    expect(principalFrom(await settled(first.page))).toBe(principal);
    const second = await openDapp();
    const spelling = { way: 'Log in by window', person: ' bob builder' } as const;
    expect(await logIn(second.page, spelling)).toBe(principal);
  });

  it('is somebody else with another method, at another app, and under another name', async () => {
    const { page } = await openDapp();
    const person = 'carol@example.com';
    const elsewhere = await openDapp({ origin: originOf('other.localhost') });
    const principals = new Set([
      await logIn(page, { way: 'Log in by window', person }),
      await logIn(page, { way: 'Log in with Google', person }),
      await logIn(page, { way: 'Log in with Google', person: 'dave@example.com' }),
      await logIn(elsewhere.page, { way: 'Log in by window', person }),
    ]);
    expect(principals.size).toBe(4);
  });

  it.each(['Log in by window', 'Log in by signer'] as const)(
    'uses identities of an origin only where that one allows it: %s',
    async (way) => {
      const derivationOrigin = originOf('listed.localhost');
      const listed = await openDapp({ origin: derivationOrigin });
      const principal = await logIn(listed.page, { way, person: 'Erin' });
      const alias = await openDapp({ origin: originOf('alias.localhost'), derivationOrigin });
      expect(await logIn(alias.page, { way, person: 'Erin' })).toBe(principal);
      const stranger = await openDapp({ origin: originOf('evil.localhost'), derivationOrigin });
      await openIdentity(stranger.page, way);
      expect(await settled(stranger.page)).toContain('evil.localhost');
    },
  );

  it.each([
    { way: 'Log in by window', error: 'failed: UserInterrupt' },
    { way: 'Log in by signer', error: 'failed 3001: The login was cancelled' },
    { way: 'Log in with Google', error: 'failed 3001: The login was cancelled' },
  ] as const)("cancels as the client's own cancelling: $way", async ({ way, error }) => {
    const { page } = await openDapp();
    const popup = await openIdentity(page, way);
    await click(popup, 'Cancel');
    expect(await settled(page)).toBe(error);
    await expect.poll(() => popup.isClosed()).toBe(true);
  });

  it.each([
    { way: 'Log in by window', error: 'failed: The dev' },
    { way: 'Log in by signer', error: 'failed 1000: The dev' },
  ] as const)('answers with an error when told to: $way', async ({ way, error }) => {
    const { page } = await openDapp();
    const popup = await openIdentity(page, way);
    await popup.getByText('For trying out an app').click();
    await click(popup, 'Answer with an error');
    expect(await settled(page)).toContain(error);
  });

  it.each([
    { way: 'Log in by window', error: 'failed: UserInterrupt' },
    { way: 'Log in by signer', error: 'failed 4000: Channel was closed' },
  ] as const)('leaves a closed window to the client: $way', async ({ way, error }) => {
    const { page } = await openDapp();
    const popup = await openIdentity(page, way);
    await popup.getByRole('button', { name: 'Cancel' }).waitFor();
    await popup.close();
    expect(await settled(page)).toContain(error);
  });

  it('lets a session end when the app asked for it, in 30 days at the latest', async () => {
    for (const { hours, atMost } of [
      { hours: 8, atMost: 8n },
      { hours: 24 * 90, atMost: 24n * 30n },
    ]) {
      const beforeNs = BigInt(Date.now()) * 1_000_000n;
      const { page } = await openDapp({ hours });
      await logIn(page, { way: 'Log in by signer', person: 'Frank' });
      const endNs = BigInt((await resultOf(page, 'Tell the end')).replace('ends at ', ''));
      expect(endNs - beforeNs).toBeGreaterThanOrEqual(atMost * HOUR_NS);
      expect(endNs - BigInt(Date.now()) * 1_000_000n).toBeLessThanOrEqual(atMost * HOUR_NS);
    }
  });

  it('refuses pages that are not of this machine', async () => {
    const { page } = await newPage(browser, VIEW);
    const origin = 'https://shop.example';
    await page.route(`${origin}/**`, (route) => {
      const isScript = new URL(route.request().url()).pathname === '/dapp.js';
      return route.fulfill(
        isScript
          ? { contentType: 'text/javascript', body: dappScript }
          : { contentType: 'text/html', body: HTML },
      );
    });
    await page.goto(dappUrl({ origin }));
    await expect.poll(() => outcome(page)).toBe('ready');
    const popup = await openIdentity(page, 'Log in by window');
    expect(await settled(page)).toContain('serves pages on its own machine');
    await expect.poll(() => popup.isClosed()).toBe(true);
    await openIdentity(page, 'Log in with Google');
    expect(await settled(page)).toContain('failed 1000');
  });

  it.each(['/', '/authorize', '/authorize?openid=https://accounts.google.com', '/#authorize'])(
    'serves nobody who did not open it from an app: %s',
    async (path) => {
      const { page, errors } = await newPage(browser, VIEW);
      await page.goto(localnet.identityProvider + path);
      await page.getByText('No app asked for a login.').waitFor();
      expect(await page.getByRole('button').count()).toBe(0);
      expect(errors).toEqual([]);
    },
  );

  it.each(VIEWS)('is easy to use at $widthPx px, $colorScheme', async (view) => {
    const { page } = await newPage(browser, view);
    await page.goto(dappUrl({ origin: originOf(`${'a'.repeat(60)}.localhost`) }));
    await expect.poll(() => outcome(page)).toBe('ready');
    await logIn(page, { way: 'Log in by signer', person: `${'x'.repeat(80)} of Somewhere` });
    const popup = await openIdentity(page, 'Log in by signer');
    await popup.setViewportSize({ width: view.widthPx, height: 700 });
    await popup.getByText('Used before').waitFor();
    expect(await overflowPx(popup)).toBe(0);
    expect(await popup.getByText('Never use it with real money').isVisible()).toBe(true);
    await popup.evaluate(readFileSync(AXE, 'utf8'));
    const violations: unknown = await popup.evaluate(
      'axe.run().then(({ violations }) => violations)',
    );
    expect(violations).toEqual([]);
  });

  it('logs in for a network whose time has been put ahead', async () => {
    const { page } = await openDapp();
    await letTimePass(localnet.node.host, 20n * HOUR_NS);
    const principal = await logIn(page, { way: 'Log in by window', person: 'Grace' });
    await fund(principal);
    expect(await resultOf(page, 'Pay')).toMatch(/^paid in block/);
  });
});
