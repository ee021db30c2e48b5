import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Actor, HttpAgent } from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../src/cli/main.ts';
import { startLocalnet, type RunningLocalnet } from '../src/cli/start-localnet.ts';
import { TIME_PATH } from '../src/cli/time-routes.ts';
import { ICP_LEDGER_ID } from '../src/system/system-ids.ts';

const NS_PER_MS = 1_000_000n;
const HOUR_NS = 3_600_000n * NS_PER_MS;
const JSON_TYPE = { 'content-type': 'application/json' };

let stateDir: string;
let localnet: RunningLocalnet;

beforeEach(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'cli-time-'));
  localnet = await startLocalnet({ port: 0, stateDir });
});

afterEach(async () => {
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

function aheadNs(timeNs: bigint): bigint {
  return timeNs - BigInt(Date.now()) * NS_PER_MS;
}

/** By a client that dates its calls by the wall clock. */
async function balanceByUpdate(): Promise<bigint> {
  const agent = await HttpAgent.create({ host: localnet.url, shouldFetchRootKey: true });
  const Account = IDL.Record({ owner: IDL.Principal, subaccount: IDL.Opt(IDL.Vec(IDL.Nat8)) });
  const ledger = Actor.createActor<{
    icrc1_balance_of(account: { owner: unknown; subaccount: [] }): Promise<bigint>;
  }>(() => IDL.Service({ icrc1_balance_of: IDL.Func([Account], [IDL.Nat], []) }), {
    agent,
    canisterId: ICP_LEDGER_ID,
  });
  return ledger.icrc1_balance_of({ owner: ICP_LEDGER_ID, subaccount: [] });
}

describe('localnet time', () => {
  it('shows the time of the network', async () => {
    const wallNs = aheadNs(BigInt(await run('time now')));
    expect(wallNs).toBeLessThanOrEqual(0n);
    expect(wallNs).toBeGreaterThan(-HOUR_NS);
  });

  it('lets time pass, and clients go on as before', async () => {
    expect(await run('time advance 3h')).toMatch(/^It is now \d{4}-\d\d-\d\dT[\d:.]+Z\.\n$/);
    expect(aheadNs(localnet.node.replica.timeNs())).toBeGreaterThan(2n * HOUR_NS);
    expect(await balanceByUpdate()).toBe(0n);
  });

  it('keeps the time when the network is started again, and goes on from there', async () => {
    await run('time advance 2d');
    await localnet.close();
    localnet = await startLocalnet({ port: 0, stateDir });
    const first = BigInt(await run('time now'));
    expect(aheadNs(first)).toBeGreaterThan(47n * HOUR_NS);
    await expect.poll(async () => BigInt(await run('time now'))).toBeGreaterThan(first);
    expect(await balanceByUpdate()).toBe(0n);
  });

  it('says that no network runs', async () => {
    await localnet.close();
    expect(await run('time now')).toContain(`no network runs in ${stateDir}`);
  });

  it.each([
    { what: 'a form of another page', headers: { 'content-type': 'text/plain' }, status: 415 },
    { what: 'what is not a duration', headers: JSON_TYPE, status: 400 },
  ])('does not move for $what', async ({ headers, status }) => {
    const body = status === 415 ? '{"advance_ns":"1"}' : '{"advance_ns":"-1"}';
    const url = new URL(TIME_PATH, localnet.url);
    const answer = await fetch(url, { method: 'POST', headers, body });
    expect(answer.status).toBe(status);
    expect(localnet.node.host.aheadNs).toBe(0n);
  });
});
