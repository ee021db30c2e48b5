import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive } from '../src/persist/process-identity.ts';
import { IcpProject } from './support/icp-project.ts';

const ANONYMOUS = '2vxsx-fae';
const POLL = { timeout: 10_000, interval: 50 };

const project = new IcpProject();
let port: number;
let rootKey: string;
let bob: string;
let canisterId: string;

beforeAll(async () => {
  project.buildCounter('v1');
  for (const name of ['alice', 'bob']) {
    await project.icp('identity', 'new', name, '--storage', 'plaintext');
  }
  await project.icp('identity', 'default', 'alice');
  bob = (await project.icp('identity', 'principal', '--identity', 'bob')).trim();
  const started = await project.icp('network', 'start', '-d');
  port = Number(match(started, /Network started on port (\d+)/));
});

afterAll(async () => {
  await project.run('network', 'stop');
  project.remove();
});

describe('icp network start', () => {
  it('runs localnet and is told its root key', async () => {
    const status = await project.icp('network', 'status');
    rootKey = match(status, /Root Key: ([0-9a-f]{266})/);
    expect(status).toContain(`:${port}/`);
    await project.icp('network', 'ping');
  });

  it('gives each identity ICP and cycles', async () => {
    expect(await project.icp('token', 'balance')).toContain('1000000.00000000 ICP');
    expect(await project.icp('cycles', 'balance')).toContain('1_000_000_000_000_000 cycles');
  });
});

describe('icp deploy', () => {
  it('creates, installs and calls a Motoko canister', async () => {
    const deployed = await project.icp('deploy');
    canisterId = match(deployed, /Created canister counter with ID (\S+)/);
    expect(await project.icp('canister', 'call', 'counter', 'inc', '()')).toContain('1');
    expect(await project.icp('canister', 'call', 'counter', 'inc', '()')).toContain('2');
    const got = await project.icp('canister', 'call', 'counter', 'get', '()', '--query');
    expect(got).toContain('(2 : nat)');
  });

  it('reaches the page under the friendly name that icp prints', async () => {
    await expect.poll(() => pageAt('counter.local.localhost'), POLL).toBe('a page');
    expect(await pageAt(`${canisterId}.localhost`)).toBe('a page');
  });

  it('upgrades and keeps stable variables', async () => {
    project.buildCounter('v2');
    await project.icp('deploy');
    expect(await project.icp('canister', 'call', 'counter', 'version', '()')).toContain('"v2"');
    expect(await project.icp('canister', 'call', 'counter', 'get', '()')).toContain('(2 : nat)');
  });

  it('passes a trap on to the user', async () => {
    const { code, output } = await project.run('canister', 'call', 'counter', 'absent', '()');
    expect(code).not.toBe(0);
    expect(output).toContain('IC0536');
  });
});

describe('icp canister', () => {
  it('shows the status, strictly decoded', async () => {
    const status = await project.icp('canister', 'status', 'counter');
    expect(status).toContain(`Canister Id: ${canisterId}`);
    expect(status).toContain('Status: Running');
    expect(status).toMatch(/Module hash: 0x[0-9a-f]{64}/);
    expect(status).toMatch(/Memory size: [\d_]+/);
  });

  it('stops, snapshots, changes, restores and starts', async () => {
    await project.icp('canister', 'stop', 'counter');
    const taken = await project.icp('canister', 'snapshot', 'create', 'counter');
    const snapshot = match(taken, /Created snapshot ([0-9a-f]+)/);
    await project.icp('canister', 'start', 'counter');
    await project.icp('canister', 'call', 'counter', 'inc', '()');
    await project.icp('canister', 'stop', 'counter');
    const stopped = await project.run('canister', 'call', 'counter', 'get', '()');
    expect(stopped.output).toContain('IC0508');
    await project.icp('canister', 'snapshot', 'restore', 'counter', snapshot);
    await project.icp('canister', 'start', 'counter');
    expect(await project.icp('canister', 'call', 'counter', 'get', '()')).toContain('(2 : nat)');
  });

  it('is topped up from the cycles ledger', async () => {
    const before = await cyclesOf(canisterId);
    await project.icp('canister', 'top-up', 'counter', '--amount', '1t');
    expect(await cyclesOf(canisterId)).toBe(before + 1_000_000_000_000n);
  });

  it('creates, installs and deletes one outside the project', async () => {
    const created = await project.icp('canister', 'create', '--detached');
    const id = match(created, /with ID (\S+)/);
    const wasm = project.buildCounter('v3');
    await project.icp('canister', 'install', id, '--wasm', wasm, '-n', 'local');
    const version = await project.icp('canister', 'call', id, 'version', '()', '-n', 'local');
    expect(version).toContain('"v3"');
    await project.icp('canister', 'stop', id, '-n', 'local');
    await project.icp('canister', 'delete', id, '-n', 'local');
    const gone = await project.run('canister', 'call', id, 'version', '()', '-n', 'local');
    expect(gone.output).toContain('IC0301');
  });

  it('changes settings', async () => {
    const update = ['canister', 'settings', 'update', 'counter', '--freezing-threshold', '40d'];
    await project.icp(...update);
    const shown = await project.icp('canister', 'settings', 'show', 'counter');
    expect(shown).toContain('Freezing threshold: 3_456_000');
  });
});

describe('icp canister call', () => {
  it('scripts a source of prices by its own Candid', async () => {
    const pool = 'k334y-dqaaa-aaaac-paaaq-cai';
    const call = (...words: string[]): Promise<string> =>
      project.icp('canister', 'call', pool, ...words);
    const order = '(record { amountIn = 40_000_000_000; zeroForOne = false })';
    expect(await call('localnet_trade', order)).toContain('amountIn = 40_000_000_000 : nat');
    const reserves = await call('getTokenAmountState', '()', '--query');
    expect(reserves).toContain('token1Amount = 440_000_000_000 : nat');
  });
});

describe('icp token and cycles', () => {
  it('transfers ICP to a principal, for the fee of the ICP ledger', async () => {
    const sent = await project.icp('token', 'transfer', '1.5', bob);
    expect(sent).toMatch(/Transferred 1.50000000 ICP .* in block \d+/);
    expect(await project.icp('token', 'balance')).toContain('999998.49990000 ICP');
    const received = await project.icp('token', 'balance', '--identity', 'bob');
    expect(received).toContain('1000001.50000000 ICP');
  });

  it('refuses to transfer more than there is', async () => {
    const { code, output } = await project.run('token', 'transfer', '9000000', bob);
    expect(code).not.toBe(0);
    expect(output).toMatch(/insufficient/i);
  });

  it('mints cycles for ICP through the CMC and transfers them', async () => {
    const minted = await project.icp('cycles', 'mint', '--icp', '2');
    expect(minted).toContain('Minted 7_320_500_000_000 cycles');
    const sent = await project.icp('cycles', 'transfer', '1t', ANONYMOUS);
    expect(sent).toContain('Transferred 1_000_000_000_000 cycles');
  });

  it('transfers ck-tokens, which the anonymous identity has', async () => {
    const ckUsdc = 'xevnm-gaaaa-aaaar-qafnq-cai';
    expect(await project.icp('token', ckUsdc, 'balance')).toContain('Balance: 0 ckUSDC');
    const alice = (await project.icp('identity', 'principal')).trim();
    await project.icp('token', ckUsdc, 'transfer', '2.5', alice, '--identity', 'anonymous');
    expect(await project.icp('token', ckUsdc, 'balance')).toContain('Balance: 2.500000 ckUSDC');
  });
});

describe('icp network stop', () => {
  it('ends the network and leaves no process behind', async () => {
    const stopped = await project.icp('network', 'stop');
    const pid = Number(match(stopped, /PID: (\d+)/));
    expect(isAlive({ pid, startedAt: null })).toBe(false);
    await expect(fetch(`http://127.0.0.1:${port}/api/v2/status`)).rejects.toThrow();
  });

  it('can be followed by a new network, with keys of its own', async () => {
    await project.icp('network', 'start', '-d');
    const status = await project.icp('network', 'status');
    expect(match(status, /Root Key: ([0-9a-f]{266})/)).not.toBe(rootKey);
    await project.icp('network', 'stop');
  });
});

async function cyclesOf(id: string): Promise<bigint> {
  const status = await project.icp('canister', 'status', id, '-n', 'local');
  return BigInt(match(status, / Cycles: ([\d_]+)/).replaceAll('_', ''));
}

/** Browsers find every `*.localhost` on this machine by themselves; here the host name is given. */
function pageAt(host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/', headers: { host: `${host}:${port}` } };
    const sent = request(options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.once('end', () => resolve(body));
      response.once('error', reject);
    });
    sent.once('error', reject);
    sent.end();
  });
}

/** The first group of a match that must be there. */
function match(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`${String(pattern)} is not in:\n${text}`);
  return found;
}
