import { createServer, type AddressInfo } from 'node:net';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { Client } from 'ssh2';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, newPage, overflowPx, VIEWS } from './support/browser.ts';
import { StartProcess } from './support/start-process.ts';

const CANISTERS = ['rental', 'treasury', 'token-value', 'archive'];
const ICP = fileURLToPath(
  new URL('../node_modules/@icp-sdk/icp-cli-linux-x64/bin/icp', import.meta.url),
);

let stateDir: string;
let started: StartProcess;

/** What `npm start -- --once` says last. */
function figuresOf({ output }: StartProcess): Record<string, number> {
  const [line = ''] = output.trimEnd().split('\n').slice(-1);
  return JSON.parse(line) as Record<string, number>;
}

interface SshAddress {
  readonly file: string;
  readonly port: number;
  readonly host: string;
}

/** What a command prints, run on a machine by whoever has the key in the file. */
function sshOutput({ file, port, host }: SshAddress, command: string): Promise<string> {
  const client = new Client();
  return new Promise<string>((resolve, reject) => {
    client.on('error', reject).on('ready', () => {
      client.exec(command, (error, stream) => {
        if (error !== undefined) {
          reject(error);
          return;
        }
        let text = '';
        stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
        stream.on('close', () => resolve(text.trim()));
      });
    });
    client.connect({ host, port, username: 'root', privateKey: readFileSync(file) });
  }).finally(() => client.end());
}

function start(...args: readonly string[]): StartProcess {
  const always = ['--port', '0', '--state-dir', stateDir, '--cloud-delay', '0'];
  return new StartProcess({ args: [...always, ...args] });
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

  it('rents a guest book, shows how it goes, and proves that it works', async () => {
    for (const step of ['Paid', 'Server created', 'Ssh reachable', 'Health passed', 'Ready']) {
      expect(started.output).toMatch(new RegExp(`^ +[\\d.]+ s  ${step} `, 'm'));
    }
    const service = started.valueOf('Service:');
    const page = await (await fetch(service)).text();
    expect(page).toContain('<h1>Hello from Decent Cloud</h1>');
    const [, password = ''] = /ADMIN_PASSWORD (\S+)/.exec(started.output) ?? [];
    const asOwner = (secret: string): Promise<Response> => {
      const authorization = `Basic ${Buffer.from(`owner:${secret}`).toString('base64')}`;
      return fetch(`${service}entries`, { method: 'DELETE', headers: { authorization } });
    };
    expect((await asOwner('guessed')).status).toBe(401);
    expect((await asOwner(password)).status).toBe(200);
    expect(started.output).toMatch(/^Treasury: .+ off by 0$/m);
  });

  it('lets the renter in by SSH', async () => {
    const [, file = '', port = '', host = ''] =
      /^SSH: +ssh -i (\S+) -p (\d+) root@(\S+)$/m.exec(started.output) ?? [];
    expect(await sshOutput({ file, port: Number(port), host }, 'cat /etc/hostname')).toMatch(
      /^dc-local-[0-9a-f]{6}-0$/,
    );
  });

  it.each(VIEWS)('shows the page at $widthPx px, $colorScheme', async (view) => {
    const { page, errors } = await newPage(browser, view);
    await page.goto(`${started.valueOf('URL:')}status`);
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
    expect(figuresOf(again)).toMatchObject({ solvencyDiff: 0 });
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
    const refused = new StartProcess({
      args: ['--port', String(port), '--state-dir', stateDir, '--once'],
    });
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
