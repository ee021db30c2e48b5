import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Actor, CanisterStatus, HttpAgent } from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faultReport } from '../src/cli/run-fault.ts';
import { startLocalnet, type RunningLocalnet } from '../src/cli/start-localnet.ts';
import { FAULT_CANDID } from '../src/system/ledger/faults/fault-service.ts';
import { ICRC_METHODS } from '../src/system/ledger/wire/icrc-types.ts';
import { CKBTC_LEDGER_ID } from '../src/system/system-ids.ts';
import { CliProcess } from './support/run-cli.ts';

const BOB = Principal.fromUint8Array(Uint8Array.of(1, 0xb0));

interface Ledger {
  icrc1_transfer(arg: unknown): Promise<unknown>;
  icrc1_balance_of(account: unknown): Promise<bigint>;
  icrc1_fee(): Promise<bigint>;
}

let stateDir: string;
let localnet: RunningLocalnet;

beforeEach(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'cli-fault-'));
  localnet = await startLocalnet({ port: 0, stateDir });
});

afterEach(async () => {
  await localnet.close();
  rmSync(stateDir, { recursive: true });
});

const fault = (text: string): Promise<string> =>
  faultReport([...text.split(' '), '--state-dir', stateDir]);

async function ckbtc(): Promise<Ledger> {
  const agent = await HttpAgent.create({ host: localnet.url, shouldFetchRootKey: true });
  const options = { agent, canisterId: CKBTC_LEDGER_ID.toText() };
  return Actor.createActor<Ledger>(() => IDL.Service(ICRC_METHODS), options);
}

const account = { owner: BOB, subaccount: [] };
const order = {
  from_subaccount: [],
  to: account,
  amount: 500n,
  fee: [],
  memo: [],
  created_at_time: [],
};

describe('localnet fault', () => {
  it('loses the reply of the next transfer, which is final', async () => {
    const ledger = await ckbtc();
    expect(await fault('ckBTC lost-reply')).toBe('The next call (any): lost-reply.\n');
    await expect(ledger.icrc1_transfer(order)).rejects.toThrow('failed after the transaction');
    expect(await ledger.icrc1_balance_of(account)).toBe(500n);
    expect(await ledger.icrc1_transfer(order)).toHaveProperty('Ok');
    expect(await fault('ckBTC show')).toBe(
      'met        lost-reply: 1\ncalls      2\nblocks     2\n',
    );
  });

  it('holds a transfer until it is released', async () => {
    const ledger = await ckbtc();
    await fault('ckBTC never-reply --executes when-released');
    const transfer = ledger.icrc1_transfer(order);
    const released = (async () => {
      for (;;) {
        const report = await fault('ckBTC release');
        if (report !== '0 calls go on.\n') return report;
      }
    })();
    expect(await released).toBe('1 calls go on.\n');
    expect(await transfer).toHaveProperty('Ok');
    expect(await ledger.icrc1_balance_of(account)).toBe(500n);
  });

  it('changes the fee, mints, archives and fails by chance', async () => {
    const ledger = await ckbtc();
    expect(await fault('ckBTC set-fee --fee 33')).toBe('The fee is 33.\n');
    expect(await ledger.icrc1_fee()).toBe(33n);
    expect(await fault(`ckBTC mint --to ${BOB.toText()} --amount 9`)).toBe('Block 1.\n');
    expect(await ledger.icrc1_balance_of(account)).toBe(9n);
    expect(await fault('ckBTC archive')).toBe('2 blocks moved to an archive.\n');
    const all = 'ckBTC temporarily-unavailable --probability 1';
    expect(await fault(all)).toContain('probability 1: temporarily-unavailable');
    expect(await ledger.icrc1_transfer(order)).toEqual({ Err: { TemporarilyUnavailable: null } });
    expect(await fault('ckBTC clear')).toBe('No faults to come.\n');
    expect(await ledger.icrc1_transfer(order)).toEqual({ Ok: 2n });
  });

  it('keeps what is ordered across a restart', async () => {
    await fault('ckBTC temporarily-unavailable --times 2');
    await localnet.close();
    localnet = await startLocalnet({ port: 0, stateDir });
    expect(await fault('ckBTC show')).toContain('next       any: temporarily-unavailable\nnext');
    const ledger = await ckbtc();
    expect(await ledger.icrc1_transfer(order)).toEqual({ Err: { TemporarilyUnavailable: null } });
  });

  it('still holds a call after a restart, and then lets it go', async () => {
    const ledger = await ckbtc();
    await fault('ckBTC never-reply --executes when-released');
    const lost = ledger.icrc1_transfer(order).catch((error: unknown) => error);
    await expect.poll(() => fault('ckBTC show')).toContain('met        never-reply: 1');
    await localnet.close();
    localnet = await startLocalnet({ port: 0, stateDir });
    const again = await ckbtc();
    expect(await again.icrc1_balance_of(account)).toBe(0n);
    expect(await fault('ckBTC release')).toBe('1 calls go on.\n');
    await expect.poll(() => again.icrc1_balance_of(account)).toBe(500n);
    expect(await lost).toBeInstanceOf(Error);
  });

  it('says what the ledger does not take', async () => {
    await expect(fault('ckBTC lost-reply --method fly')).rejects.toThrow(
      `${CKBTC_LEDGER_ID.toText()} refused: the ledger has no method fly`,
    );
    await expect(faultReport(['ckBTC', 'show', '--state-dir', tmpdir()])).rejects.toThrow(
      'no network runs',
    );
  });

  it('is a command, with its own help', async () => {
    const help = await new CliProcess(['fault', '--help']).finished();
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('Usage: localnet fault <ledger> <what>');
    const wrong = await new CliProcess(['fault', 'ckBTC', 'explode']).finished();
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toContain('unknown fault "explode"');
  });
});

describe('a ledger stand-in', () => {
  it('describes its public methods and those of localnet apart', async () => {
    const agent = await HttpAgent.create({ host: localnet.url, shouldFetchRootKey: true });
    const section = (path: string) =>
      ({ kind: 'metadata', key: path, path, decodeStrategy: 'utf-8' }) as const;
    const paths = [section('candid:service'), section('localnet:service')];
    const found = await CanisterStatus.request({ agent, canisterId: CKBTC_LEDGER_ID, paths });
    expect(found.get('candid:service')).toContain('icrc1_transfer');
    expect(found.get('candid:service')).not.toContain('localnet_');
    expect(found.get('localnet:service')).toBe(FAULT_CANDID);
  });
});
