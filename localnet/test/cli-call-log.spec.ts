import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { createColors } from 'picocolors';
import { describe, expect, it } from 'vitest';
import { instructionsText, logCalls, type LogLevel } from '../src/cli/call-log.ts';
import { installStandardCanisters } from '../src/cli/standard-network.ts';
import type { LocalnetNode } from '../src/localnet-node.ts';
import { ICP_LEDGER_ID } from '../src/system/system-ids.ts';
import { wat } from './support/kernel-world.ts';
import { execute, installModule, testNode } from './support/test-node.ts';
import { method, watModule } from './support/wat-module.ts';

const TALKER = wat(
  watModule(`
    ${method('update', 'talk', '(call $debug_print (i32.const 900) (i32.const 4)) (call $reply_u32 (i32.const 1))')}
    ${method('update', 'fall', '(call $trap_now)')}
    (func (export "canister_heartbeat"))`),
);

describe('logCalls', () => {
  it('shows what ran, at what cost, what was printed and why it trapped', () => {
    const { node, canisterId, lines } = loggedNode('calls');
    execute(node, { canisterId, method: 'talk', arg: new Uint8Array(0) });
    const fall = (): unknown =>
      execute(node, { canisterId, method: 'fall', arg: new Uint8Array(0) });
    expect(fall).toThrow(/oops/);
    const id = canisterId.toText();
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(new RegExp(`^\\d\\d:\\d\\d:\\d\\d\\.\\d{3} ${id} +prints oops\n$`));
    expect(lines[1]).toMatch(new RegExp(`${id} +canister_update talk +\\d+ ok\n$`));
    expect(lines[2]).toMatch(new RegExp(`${id} +canister_update fall +\\d+ trap oops\n$`));
  });

  it('names system canisters and leaves heartbeats out', () => {
    const { node, lines } = loggedNode('calls');
    const Transfer = IDL.Record({
      to: IDL.Record({ owner: IDL.Principal, subaccount: IDL.Opt(IDL.Vec(IDL.Nat8)) }),
      amount: IDL.Nat,
    });
    const transfer = { to: { owner: ICP_LEDGER_ID, subaccount: [] }, amount: 5n };
    const arg = IDL.encode([Transfer], [transfer]);
    execute(node, { canisterId: ICP_LEDGER_ID, method: 'icrc1_transfer', arg });
    node.host.tick(node.replica.timeNs() + 1n);
    expect(lines.map((line) => line.replace(/ +/g, ' ').slice(13))).toEqual([
      'ICP ledger canister_update icrc1_transfer 0 ok\n',
    ]);
  });

  it('shows requests and heartbeats when debugging', () => {
    const { node, canisterId, lines } = loggedNode('debug');
    execute(node, { canisterId, method: 'talk', arg: Uint8Array.of(1, 2) });
    const all = lines.join('');
    expect(all).toContain(`${canisterId.toText()} ← talk, 2 bytes, from 2vxsx-fae, request `);
    expect(all).toContain('canister_heartbeat');
  });

  it('is silent when off', () => {
    const { node, canisterId, lines } = loggedNode('off');
    execute(node, { canisterId, method: 'talk', arg: new Uint8Array(0) });
    expect(lines).toEqual([]);
  });

  it('uses colours where they are wanted', () => {
    const { node, canisterId, lines } = loggedNode('calls', true);
    execute(node, { canisterId, method: 'talk', arg: new Uint8Array(0) });
    expect(lines.at(-1)).toContain('\u001b[32mok\u001b[39m');
  });
});

describe('instructionsText', () => {
  it.each([
    [0n, '0'],
    [999n, '999'],
    [1_000n, '1.00k'],
    [12_345n, '12.3k'],
    [999_999n, '999k'],
    [1_234_567n, '1.23M'],
    [40_000_000_000n, '40.0G'],
  ])('writes %s as %s', (count, text) => {
    expect(instructionsText(count)).toBe(text);
  });
});

function loggedNode(
  level: LogLevel,
  hasColors = false,
): { node: LocalnetNode; canisterId: Principal; lines: string[] } {
  const node = testNode();
  installStandardCanisters(node.replica);
  const canisterId = installModule(node, { wasm: TALKER, controller: Principal.anonymous() });
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  logCalls(node.replica, { level, colors: createColors(hasColors), write });
  return { node, canisterId, lines };
}
