import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Actor, HttpAgent } from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ICP_LEDGER_ID } from '../src/system/system-ids.ts';
import { CliProcess } from './support/run-cli.ts';

const READY_MS = 3_000;
const ESCAPE = '\u001b';

let stateDir: string;
const processes: CliProcess[] = [];

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'cli-process-'));
});

afterEach(async () => {
  for (const started of processes.splice(0)) {
    started.signal('SIGKILL');
    await started.finished();
  }
  rmSync(stateDir, { recursive: true });
});

describe('localnet start', () => {
  it('needs less than three seconds from cold to its first answer', async () => {
    const localnet = run('start', '--port', '0');
    const [, url = ''] = await localnet.until(/URL +(http:\S+)/);
    expect((await fetch(`${url}/api/v2/status`)).status).toBe(200);
    // Start-up waits for nothing, so processor time is what it takes when nobody else is busy.
    expect(localnet.processorMs()).toBeLessThan(READY_MS);
  });

  it('prints where it is, logs calls and saves everything at Ctrl-C', async () => {
    const localnet = run('start', '--port', '0');
    const [, url = ''] = await localnet.until(/URL +(http:\/\/127\.0\.0\.1:\d+)/);
    await localnet.until(/Root key +[0-9a-f]{266}/);
    expect(await transferIcp(url)).toEqual({ Ok: 1n });
    await localnet.until(/ICP ledger +canister_update icrc1_transfer +0 ok/);
    localnet.signal('SIGINT');
    const { code, stdout, stderr } = await localnet.finished();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`The network is kept in ${stateDir}`);
    expect(stdout).not.toContain(ESCAPE);
    // The second generation is the one of the shutdown.
    expect(readdirSync(stateDir).toSorted()).toEqual(['journal-2', 'seed', 'snapshot-2']);
  });

  it('colours its output when asked to', async () => {
    const localnet = track(
      new CliProcess(['start', '--port', '0', '--state-dir', stateDir], {
        NO_COLOR: undefined,
        FORCE_COLOR: '1',
      }),
    );
    await localnet.until(new RegExp(`${ESCAPE}\\[32mhttp:`));
  });

  it('names the port that is taken and the network that has the directory', async () => {
    const first = run('start', '--port', '0');
    const [, port = ''] = await first.until(/URL +http:\/\/127\.0\.0\.1:(\d+)/);
    await first.until(/Ctrl-C/);
    const samePort = await run('start', '--port', port).finished();
    expect(samePort.code).toBe(1);
    expect(samePort.stderr).toMatch(
      new RegExp(`^localnet: port ${port} on 127.0.0.1 is in use. Choose another.*--port \\d+`),
    );
    const sameFolder = await run('start', '--port', '0').finished();
    expect(sameFolder.code).toBe(1);
    expect(sameFolder.stderr).toMatch(/another local network \(process \d+\) uses this/);
  });

  it('is found by status and ended by stop', async () => {
    const none = await run('status').finished();
    expect({ code: none.code, stderr: none.stderr }).toEqual({
      code: 1,
      stderr: `localnet: no network runs in ${stateDir}; start one with: localnet start\n`,
    });
    const localnet = run('start', '--port', '0');
    const [, url = ''] = await localnet.until(/URL +(http:\S+)/);
    const [, rootKey = ''] = await localnet.until(/Root key +(\S+)/);
    const status = await run('status').finished();
    expect(status.code).toBe(0);
    expect(status.stdout).toContain(`URL       ${url}\nRoot key  ${rootKey}\n`);
    const stop = await run('stop').finished();
    expect(stop).toEqual({ code: 0, stdout: 'Stopped.\n', stderr: '' });
    expect((await localnet.finished()).code).toBe(0);
  });

  it('continues after kill -9 as the same network, with what it acknowledged', async () => {
    const first = run('start', '--port', '0');
    const [, url = ''] = await first.until(/URL +(http:\S+)/);
    const [, rootKey] = await first.until(/Root key +(\S+)/);
    await first.until(/\(new\)/);
    expect(await transferIcp(url)).toEqual({ Ok: 1n });
    first.signal('SIGKILL');
    await first.finished();
    const second = run('start', '--port', '0');
    const [, nextUrl = ''] = await second.until(/URL +(http:\S+)/);
    expect((await second.until(/Root key +(\S+)/))[1]).toBe(rootKey);
    await second.until(/\(continued\)/);
    expect(await transferIcp(nextUrl)).toEqual({ Ok: 2n });
  });
});

function run(...args: string[]): CliProcess {
  return track(new CliProcess([...args, '--state-dir', stateDir]));
}

function track(started: CliProcess): CliProcess {
  processes.push(started);
  return started;
}

async function transferIcp(host: string): Promise<unknown> {
  const agent = await HttpAgent.create({ host, shouldFetchRootKey: true });
  const Transfer = IDL.Record({
    to: IDL.Record({ owner: IDL.Principal, subaccount: IDL.Opt(IDL.Vec(IDL.Nat8)) }),
    amount: IDL.Nat,
  });
  const Result = IDL.Variant({ Ok: IDL.Nat, Err: IDL.Reserved });
  const ledger = Actor.createActor<{ icrc1_transfer: (arg: unknown) => Promise<unknown> }>(
    () => IDL.Service({ icrc1_transfer: IDL.Func([Transfer], [Result], []) }),
    { agent, canisterId: ICP_LEDGER_ID },
  );
  return ledger.icrc1_transfer({ to: { owner: ICP_LEDGER_ID, subaccount: [] }, amount: 5n });
}
