import { Principal } from '@dfinity/principal';
import { afterEach, describe, expect, it } from 'vitest';
import { letTimePass } from '../src/host/let-time-pass.ts';
import type { LocalnetNode } from '../src/localnet-node.ts';
import { wat } from './support/kernel-world.ts';
import { execute, installModule, testNode } from './support/test-node.ts';
import { method, watModule } from './support/wat-module.ts';

const SECOND_NS = 1_000_000_000n;
const MINUTE_NS = 60n * SECOND_NS;
const DAY_NS = 86_400n * SECOND_NS;
const START_NS = 1_700_000_000n * SECOND_NS;
const CONTROLLER = Principal.fromText('2chl6-4hpzw-vqaaa-aaaaa-c');

const nodes: LocalnetNode[] = [];

afterEach(() => {
  for (const { host } of nodes.splice(0)) host.stop();
});

/** Counts how often its timer ran, which is set again for so long after. */
function tickingModule(everyNs: bigint): Uint8Array {
  const arm = `(drop (call $global_timer_set (i64.add (call $time) (i64.const ${everyNs}))))`;
  return wat(
    watModule(`
      (func (export "canister_init") ${arm})
      (func (export "canister_global_timer")
        (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1))) ${arm})
      ${method('update', 'ticks', '(call $reply_u32 (i32.load (i32.const 0)))')}
    `),
  );
}

/** A live node whose clock stands still but for what is skipped, and its ticking canister. */
function liveNode(everyNs: bigint) {
  const node = testNode({ timeNs: START_NS, nowNs: () => START_NS });
  nodes.push(node);
  const canisterId = installModule(node, { wasm: tickingModule(everyNs), controller: CONTROLLER });
  const ticks = (): number => {
    const reply = execute(node, { canisterId, method: 'ticks', arg: new Uint8Array() });
    return Buffer.from(reply).readUInt32LE();
  };
  node.host.start();
  return { ...node, ticks };
}

describe('letTimePass', () => {
  it('runs timers when they are due on the way', async () => {
    const { host, ticks, replica } = liveNode(5n * MINUTE_NS);
    const beforeNs = replica.timeNs();
    expect(await letTimePass(host, 61n * MINUTE_NS)).toBe(beforeNs + 61n * MINUTE_NS);
    expect(replica.timeNs()).toBe(beforeNs + 61n * MINUTE_NS);
    expect(ticks()).toBe(12);
  });

  it('does not hurry a canister more than blocks of the IC would', async () => {
    const { host, ticks } = liveNode(1n);
    await letTimePass(host, MINUTE_NS);
    // Each of sixty seconds runs rounds until its limit, for a timer that is always due.
    expect(ticks()).toBeLessThanOrEqual(60 * 100);
    expect(ticks()).toBeGreaterThanOrEqual(60);
  });

  it('lets a month pass in steps of minutes', async () => {
    const { host, ticks } = liveNode(10n * SECOND_NS);
    await letTimePass(host, 30n * DAY_NS);
    expect(ticks()).toBeGreaterThanOrEqual((30 * 24 * 60) / 5);
    expect(ticks()).toBeLessThan((30 * 24 * 60 * 60) / 10);
  });

  it('ends with the network', async () => {
    const { host } = liveNode(SECOND_NS);
    const passing = letTimePass(host, DAY_NS);
    host.stop();
    await expect(passing).rejects.toThrow('the network was stopped while time passed');
  });
});

describe('a host that is ahead of its clock', () => {
  it('stays so until it is stopped and after', () => {
    const { host, replica } = liveNode(DAY_NS);
    const beforeNs = replica.timeNs();
    host.skip(MINUTE_NS);
    expect(host.refreshTimeNs()).toBe(beforeNs + MINUTE_NS);
    const { aheadNs } = host;
    expect(aheadNs).toBeGreaterThanOrEqual(MINUTE_NS);
    host.stop();
    host.start();
    expect(host.aheadNs).toBe(aheadNs);
    expect(host.refreshTimeNs()).toBe(beforeNs + MINUTE_NS);
  });

  it('never goes back', () => {
    const { host } = liveNode(DAY_NS);
    expect(() => host.skip(-1n)).toThrow(RangeError);
  });
});
