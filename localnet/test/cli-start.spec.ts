import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Actor, HttpAgent } from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  startLocalnet,
  type RunningLocalnet,
  type StartLocalnetOptions,
} from '../src/cli/start-localnet.ts';
import { UsageError } from '../src/cli/usage-error.ts';
import { StateDirError } from '../src/persist/state-dir-error.ts';
import { ICP_LEDGER_ID } from '../src/system/system-ids.ts';
import { counterService, nativeCounter, type CounterActor } from './support/native-counter.ts';

const COUNTER_ID = Principal.fromText('rno2w-sqaaa-aaaaa-aaacq-cai');
const WITH_COUNTER: StartLocalnetOptions = {
  genesis: (replica) => {
    replica.installNative(COUNTER_ID, nativeCounter());
  },
  programs: (programId) => (programId === 'test-counter' ? nativeCounter() : undefined),
};

let stateDir: string;
const running: RunningLocalnet[] = [];

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'cli-start-'));
});

afterEach(async () => {
  for (const localnet of running.splice(0)) await localnet.close();
  rmSync(stateDir, { recursive: true });
});

describe('startLocalnet', () => {
  it('serves the API and pages on one loopback port, with the anonymous principal rich', async () => {
    const localnet = await start();
    expect(localnet.url).toBe(`http://127.0.0.1:${localnet.port}`);
    const page = await fetch(`${localnet.url}/`);
    expect(page.status).toBe(400);
    expect(await page.text()).toContain('This is a local Internet Computer');
    expect(await balanceOf(localnet, Principal.anonymous())).toBe(100_000_000_000_000_000n);
  });

  it('goes on where it ended, with the same keys', async () => {
    const first = await start(WITH_COUNTER);
    expect(first.isRestored).toBe(false);
    expect(await counter(first).inc()).toBe(1n);
    await first.close();
    const second = await start(WITH_COUNTER);
    expect(second.isRestored).toBe(true);
    expect(second.rootKeyHex).toBe(first.rootKeyHex);
    expect(await counter(second).inc()).toBe(2n);
  });

  it('starts over with clean, leaving foreign files alone', async () => {
    const first = await start(WITH_COUNTER);
    await counter(first).inc();
    await first.close();
    writeFileSync(join(stateDir, 'notes.txt'), 'mine');
    const second = await start({ ...WITH_COUNTER, clean: true });
    expect(second.isRestored).toBe(false);
    expect(second.rootKeyHex).not.toBe(first.rootKeyHex);
    expect(await counter(second).get()).toBe(0n);
    expect(readdirSync(stateDir)).toContain('notes.txt');
  });

  it('says which port is taken and deletes nothing then', async () => {
    const other = await start();
    const ownDir = mkdtempSync(join(tmpdir(), 'cli-start-own-'));
    try {
      const kept = await startLocalnet({ port: 0, stateDir: ownDir });
      await kept.close();
      const before = readdirSync(ownDir);
      const refused = startLocalnet({ port: other.port, stateDir: ownDir, clean: true });
      await expect(refused).rejects.toThrow(UsageError);
      await expect(startLocalnet({ port: other.port, stateDir: ownDir })).rejects.toThrow(
        new RegExp(`port ${other.port} on 127.0.0.1 is in use.*--port ${other.port + 1}`),
      );
      expect(readdirSync(ownDir)).toEqual(before);
    } finally {
      rmSync(ownDir, { recursive: true });
    }
  });

  it('refuses a state directory that is in use, and gives the port back', async () => {
    const first = await start();
    await expect(startLocalnet({ port: 0, stateDir })).rejects.toThrow(StateDirError);
    expect((await fetch(`${first.url}/api/v2/status`)).status).toBe(200);
  });

  it('closes once, however often it is told to', async () => {
    const localnet = await start();
    await Promise.all([localnet.close(), localnet.close()]);
    await localnet.close();
    await expect(fetch(localnet.url)).rejects.toThrow();
    expect(readdirSync(stateDir)).not.toContain('lock');
  });
});

async function start(options: StartLocalnetOptions = {}): Promise<RunningLocalnet> {
  const localnet = await startLocalnet({ port: 0, stateDir, ...options });
  running.push(localnet);
  return localnet;
}

function agentFor(localnet: RunningLocalnet): HttpAgent {
  const rootKey = Uint8Array.from(Buffer.from(localnet.rootKeyHex, 'hex'));
  return HttpAgent.createSync({ host: localnet.url, rootKey });
}

function counter(localnet: RunningLocalnet): CounterActor {
  return Actor.createActor<CounterActor>(() => counterService(IDL), {
    agent: agentFor(localnet),
    canisterId: COUNTER_ID,
  });
}

async function balanceOf(localnet: RunningLocalnet, owner: Principal): Promise<bigint> {
  const Account = IDL.Record({ owner: IDL.Principal, subaccount: IDL.Opt(IDL.Vec(IDL.Nat8)) });
  const ledger = Actor.createActor<{ icrc1_balance_of: (account: unknown) => Promise<bigint> }>(
    () => IDL.Service({ icrc1_balance_of: IDL.Func([Account], [IDL.Nat], ['query']) }),
    { agent: agentFor(localnet), canisterId: ICP_LEDGER_ID },
  );
  return ledger.icrc1_balance_of({ owner, subaccount: [] });
}
