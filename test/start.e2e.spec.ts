import { createServer, type AddressInfo } from 'node:net';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, newPage, overflowPx, VIEWS } from './support/browser.ts';
import { StartProcess } from './support/start-process.ts';

const CANISTERS = ['rental', 'treasury', 'token-value', 'archive'];
const ICP = fileURLToPath(
  new URL('../node_modules/@icp-sdk/icp-cli-linux-x64/bin/icp', import.meta.url),
);

let stateDir: string;
let started: StartProcess;

function start(...args: readonly string[]): StartProcess {
  return new StartProcess('--port', '0', '--state-dir', stateDir, ...args);
}

beforeAll(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'start-'));
});

afterAll(() => rmSync(stateDir, { recursive: true }));

describe('npm start', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
    started = start();
    await started.printed('Running.');
  });

  afterAll(async () => {
    await browser.close();
    started.signal('SIGKILL');
  });

  it('proves that every canister answers and keeps a record, and says where', () => {
    for (const name of CANISTERS) expect(started.valueOf(name)).toMatch(/^[a-z0-9-]+-cai$/);
    expect(started.output.match(/\/healthz \{"status":"ok","version":"[\d.]+"\}/g)).toHaveLength(4);
    expect(started.output.match(/record: .+ \(written\)/g)).toHaveLength(4);
    expect(started.valueOf('Root key:')).toMatch(/^[0-9a-f]{266}$/);
  });

  it.each(VIEWS)('shows the page at $widthPx px, $colorScheme', async (view) => {
    const { page, errors } = await newPage(browser, view);
    await page.goto(started.valueOf('URL:'));
    await page.getByText('All 4 canisters answer.').waitFor();
    for (const name of CANISTERS) {
      const card = await page.locator(`[data-canister=${name}]`).innerText();
      expect(card).toContain(started.valueOf(name));
      expect(card).toContain('answers');
      expect(card).toMatch(/0\.\d+\.\d+/);
    }
    expect(await overflowPx(page)).toBe(0);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('answers the icp command line', async () => {
    const { stdout } = await promisify(execFile)(
      ICP,
      [
        ...['canister', 'call', started.valueOf('rental'), 'version', '()', '--query'],
        ...['-n', started.valueOf('Network:'), '-k', started.valueOf('Root key:')],
      ],
      { cwd: stateDir, env: { PATH: process.env['PATH'], HOME: stateDir, DO_NOT_TRACK: '1' } },
    );
    expect(stdout.trim()).toMatch(/^\("\d+\.\d+\.\d+"\)$/);
  });

  it('ends cleanly on Ctrl-C, and the next start continues with its state', async () => {
    started.signal('SIGINT');
    await started.exitCode();
    expect(started.output).toContain('Stopped.');

    const again = start('--once');
    expect(await again.exitCode(), again.output).toBe(0);
    for (const name of CANISTERS) expect(again.valueOf(name)).toBe(started.valueOf(name));
    expect(again.valueOf('Root key:')).toBe(started.valueOf('Root key:'));
    expect(again.output.match(/version [\d.]+, unchanged/g)).toHaveLength(4);
    expect(again.output.match(/record: .+ \(kept\)/g)).toHaveLength(4);
  });

  it('begins anew with --clean', async () => {
    const anew = start('--once', '--clean');
    expect(await anew.exitCode(), anew.output).toBe(0);
    expect(anew.output.match(/version [\d.]+, installed/g)).toHaveLength(4);
    expect(anew.output.match(/record: .+ \(written\)/g)).toHaveLength(4);
  });
});

describe('npm start that cannot', () => {
  const blocker = createServer();

  afterEach(() => blocker.close());

  it('names the port that is taken and how to choose another', async () => {
    blocker.listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address() as AddressInfo;
    const refused = new StartProcess('--port', String(port), '--state-dir', stateDir, '--once');
    expect(await refused.exitCode()).toBe(1);
    expect(refused.output).toContain(`Port ${port} on 127.0.0.1 is in use`);
    expect(refused.output).toContain(`npm start -- --port ${port + 1}`);
  });

  it('explains an option it does not know', async () => {
    const refused = start('--prot', '1');
    expect(await refused.exitCode()).toBe(2);
    expect(refused.output).toContain('--prot');
    expect(refused.output).toContain('--port <n>');
  });
});
