import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { main } from '../src/cli/main.ts';
import { startLocalnet, type RunningLocalnet } from '../src/cli/start-localnet.ts';
import { CMC_SERVICE } from '../src/system/cmc/cmc-idl.ts';
import { CMC_ID, DCT_ICP_POOL_ID, DCT_LEDGER_ID, KONG_ID } from '../src/system/system-ids.ts';
import { methodOf } from './support/service-method.ts';

let stateDir: string;
let localnet: RunningLocalnet;

beforeAll(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'cli-market-'));
  localnet = await startLocalnet({ port: 0, stateDir });
});

afterAll(async () => {
  await localnet.close();
  rmSync(stateDir, { recursive: true });
});

/** Runs the command in this process; gives its output, after a refusal the error's. */
async function run(words: string): Promise<string> {
  const written: string[] = [];
  const keep = (text: unknown): boolean => written.push(String(text)) > 0;
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation(keep),
  );
  try {
    await main([...words.split(' '), '--state-dir', stateDir]);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return written.join('');
}

async function lineOf(name: string): Promise<string> {
  const lines = (await run('price show')).split('\n');
  return lines.find((line) => line.startsWith(`${name} `))?.replaceAll(/ +/g, ' ') ?? '';
}

function xdrPermyriad(): bigint {
  const method = 'get_icp_xdr_conversion_rate';
  const target = { sender: Principal.anonymous(), canisterId: CMC_ID, method };
  const response = localnet.node.replica.query({ ...target, arg: IDL.encode([], []) });
  if (response.kind === 'reject') throw new Error(response.message);
  const [answer] = IDL.decode(methodOf(CMC_SERVICE, method).retTypes, response.data);
  return (answer as unknown as { data: { xdr_permyriad_per_icp: bigint } }).data
    .xdr_permyriad_per_icp;
}

describe('localnet price', () => {
  it('shows prices that agree from the start, and KongSwap gone', async () => {
    expect(await lineOf('xrc')).toBe('xrc up ICP $5.00 BTC $100000.00 USDC $0.9998 USDT $1.0001');
    expect(await lineOf('icp-ckusdc')).toMatch(/^icp-ckusdc up ICP \$5.00 100000.00 ICP and /);
    expect(await lineOf('ckusdt-icp')).toMatch(/^ckusdt-icp up USDT \$1.0001 /);
    expect(await lineOf('ckbtc-icp')).toMatch(/^ckbtc-icp up BTC \$100000.00 5.00 ckBTC and /);
    expect(await lineOf('dct-icp')).toBe('dct-icp up DCT $0.02 1000000.00 DCT and 4000.00 ICP');
    expect(await run('price show')).toContain('kongswap    deleted');
    expect(xdrPermyriad()).toBe(36_603n);
    expect(localnet.node.replica.canister(DCT_LEDGER_ID)?.status).toBe('running');
  });

  it('sets one everywhere and leaves the others', async () => {
    expect(await run('price set ICP 6.5')).toBe('ICP is now $6.50.\n');
    expect(await lineOf('xrc')).toContain('ICP $6.50 BTC $100000.00');
    expect(await lineOf('oisy-trade')).toBe('oisy-trade up ICP 6.49285 to 6.505849 ckUSDT');
    expect(await lineOf('icp-ckusdc')).toContain('ICP $6.50 ');
    expect(await lineOf('ckbtc-icp')).toContain('BTC $100000.00 ');
    expect(await lineOf('dct-icp')).toContain('DCT $0.02 ');
    expect(xdrPermyriad()).toBe(47_584n);
    await run('price set DCT 0.5');
    expect(await lineOf('dct-icp')).toContain('DCT $0.50 ');
    await run('price set DCT 0.02');
    expect(await lineOf('dct-icp')).toContain('DCT $0.02 ');
    await run('price set ICP 5');
    expect(await lineOf('dct-icp')).toBe('dct-icp up DCT $0.02 1000000.00 DCT and 4000.00 ICP');
  });
});

describe('localnet pool trade', () => {
  it('moves the price of one pool', async () => {
    const said = await run('pool trade dct-icp ICP 400');
    expect(said).toMatch(/^Sold 400.00 ICP for 90661\.\d+ DCT\.\nDCT went from \$0.02 to /);
    expect(await lineOf('dct-icp')).toContain('4400.00 ICP');
    expect(await lineOf('icp-ckusdc')).toContain('ICP $5.00 ');
    await run('price set DCT 0.02');
  });
});

describe('localnet source', () => {
  it('takes sources down, lets them hang and brings them back', async () => {
    const { replica } = localnet.node;
    const ask = (canisterId: Principal, method: string, arg = IDL.encode([], [])) =>
      replica.query({ sender: Principal.anonymous(), canisterId, method, arg });
    expect(await run('source icpswap down')).toBe('icpswap is now down.\n');
    expect(await lineOf('dct-icp')).toMatch(/^dct-icp stopped DCT \$0.02 /);
    expect(ask(DCT_ICP_POOL_ID, 'metadata')).toMatchObject({ kind: 'reject', code: 5 });
    await run('source dct-icp hang');
    expect(await lineOf('dct-icp')).toMatch(/^dct-icp hanging DCT \$0.02 /);
    expect(await lineOf('ckbtc-icp')).toMatch(/^ckbtc-icp stopped /);
    await run('source icpswap up');
    expect(ask(DCT_ICP_POOL_ID, 'metadata')).toMatchObject({ kind: 'reply' });
    const pools = IDL.encode([IDL.Opt(IDL.Text)], [[]]);
    expect(ask(KONG_ID, 'pools', pools)).toMatchObject({ kind: 'reject', code: 3 });
    await run('source kongswap up');
    expect(ask(KONG_ID, 'pools', pools)).toMatchObject({ kind: 'reply' });
    await run('source kongswap down');
    expect(ask(KONG_ID, 'pools', pools)).toMatchObject({ kind: 'reject', code: 3 });
  });

  it('is remembered when the network starts again', async () => {
    await run('source xrc hang');
    await run('price set BTC 90000');
    await localnet.close();
    expect(await run('price show')).toMatch(
      /no network runs in .*; start one with: localnet start/,
    );
    localnet = await startLocalnet({ port: 0, stateDir });
    expect(localnet.isRestored).toBe(true);
    expect(await lineOf('xrc')).toMatch(/^xrc hanging ICP \$5.00 .*BTC \$90000.00/);
    expect(await lineOf('ckbtc-icp')).toContain('BTC $90000.00 ');
    await run('source xrc up');
  });
});
