import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIdentity } from '@dfinity/pic';
import { IDL } from '@icp-sdk/core/candid';
import { Principal } from '@icp-sdk/core/principal';
import { describe, expect, it } from 'vitest';
import { subjectIdl, subjectWasm, type SubjectService } from '../fixtures/pic-subject.ts';
import { rawCanisterWasm } from '../fixtures/raw-canister.ts';
import { openPic } from '../../src/testing/pic.ts';
import { EMPTY_ARG, openSubject, rejection, startArg, textArg } from './world.ts';

const OWNER = createIdentity('owner').getPrincipal();
const STRANGER = createIdentity('stranger').getPrincipal();

/** Creating, installing, upgrading, stopping and configuring canisters. */
export function lifecycleScenarios(): void {
  describe('canister lifecycle', () => {
    it('creates an empty canister and installs code from a file', async () => {
      const pic = await openPic();
      const canisterId = await pic.createCanister({ sender: OWNER });
      const empty = await pic.canisterStatus({ canisterId, sender: OWNER });
      expect(empty.moduleHash).toBeNull();
      expect(empty.status).toEqual({ running: null });
      const folder = await mkdtemp(join(tmpdir(), 'pic-wasm-'));
      const wasm = join(folder, 'subject.wasm');
      await writeFile(wasm, subjectWasm());
      await pic.installCode({ canisterId, wasm, arg: startArg(1n), sender: OWNER });
      await rm(folder, { recursive: true });
      const actor = pic.createActor<SubjectService>(subjectIdl, canisterId);
      expect(await actor.total()).toBe(1n);
      const { moduleHash } = await pic.canisterStatus({ canisterId, sender: OWNER });
      expect(moduleHash).toEqual(sha256(subjectWasm()));
    });

    it('takes a module that is too large for one message in chunks', async () => {
      const pic = await openPic();
      const wasm = await rawCanisterWasm(3_200_000);
      const canisterId = await pic.createCanister();
      for (const install of ['installCode', 'reinstallCode', 'upgradeCanister'] as const) {
        await pic[install]({ canisterId, wasm });
        const { moduleHash } = await pic.canisterStatus({ canisterId });
        expect(moduleHash, install).toEqual(sha256(wasm));
      }
      await pic.updateCall({ canisterId, method: 'store', arg: Uint8Array.of(1) });
    });

    it('keeps stable state over an upgrade and drops the heap', async () => {
      const { pic, subject, canisterId } = await openSubject();
      await subject.add(1n);
      await subject.mark('on the heap');
      await pic.upgradeCanister({ canisterId, wasm: subjectWasm(), arg: startArg(0n) });
      expect(await subject.total()).toBe(6n);
      expect(await subject.marked()).toBe('');
    });

    it('changes nothing when an upgrade traps', async () => {
      const { pic, subject, canisterId } = await openSubject();
      await subject.mark('still there');
      await subject.refuseUpgrades();
      const upgrade = pic.upgradeCanister({ canisterId, wasm: subjectWasm(), arg: startArg(0n) });
      await expect(upgrade).rejects.toThrow(/upgrade refused/);
      expect(await subject.marked()).toBe('still there');
      expect(await subject.add(1n)).toBe(6n);
    });

    it('can skip pre_upgrade, and then loses what it would have saved', async () => {
      const { pic, subject, canisterId } = await openSubject();
      await subject.add(1n);
      await pic.upgradeCanister({
        canisterId,
        wasm: subjectWasm(),
        arg: startArg(9n),
        upgradeModeOptions: { skip_pre_upgrade: [true], wasm_memory_persistence: [] },
      });
      expect(await subject.total()).toBe(9n);
    });

    it('starts anew on reinstall', async () => {
      const { pic, subject, canisterId } = await openSubject();
      await subject.add(1n);
      await pic.reinstallCode({ canisterId, wasm: subjectWasm(), arg: startArg(2n) });
      expect(await subject.total()).toBe(2n);
    });

    it('refuses to install over code and what is no Wasm', async () => {
      const { pic, canisterId } = await openSubject();
      const install = pic.installCode({ canisterId, wasm: subjectWasm(), arg: startArg(0n) });
      await expect(install).rejects.toThrow(rejection({ reject: 5, error: 514 }));
      const garbage = Uint8Array.of(0, 97, 115, 109, 9, 9, 9, 9);
      await expect(pic.reinstallCode({ canisterId, wasm: garbage })).rejects.toThrow(
        rejection({ reject: 5, error: 505 }),
      );
    });

    it('does not execute while stopped', async () => {
      const { pic, subject, canisterId } = await openSubject();
      await pic.stopCanister({ canisterId });
      expect((await pic.canisterStatus({ canisterId })).status).toEqual({ stopped: null });
      await expect(subject.add(1n)).rejects.toThrow(rejection({ reject: 5, error: 508 }));
      await expect(subject.total()).rejects.toThrow(rejection({ reject: 5, error: 508 }));
      await pic.startCanister({ canisterId });
      expect(await subject.add(1n)).toBe(6n);
    });

    it('is managed by controllers only', async () => {
      const pic = await openPic();
      const canisterId = await pic.createCanister({
        sender: OWNER,
        controllers: [OWNER, STRANGER],
      });
      const texts = (await pic.getControllers(canisterId)).map((id) => id.toText());
      expect(texts.toSorted()).toEqual([OWNER.toText(), STRANGER.toText()].toSorted());
      await pic.updateCanisterSettings({ canisterId, sender: OWNER, controllers: [OWNER] });
      await expect(pic.stopCanister({ canisterId, sender: STRANGER })).rejects.toThrow(
        rejection({ reject: 5, error: 512 }),
      );
    });
  });

  describe('canister settings', () => {
    it('are kept and shown', async () => {
      const pic = await openPic();
      const canisterId = await pic.createCanister({
        sender: OWNER,
        freezingThreshold: 1_000n,
        reservedCyclesLimit: 2_000_000n,
        wasmMemoryLimit: 100_000_000n,
        environmentVariables: [{ name: 'STAGE', value: 'test' }],
      });
      await pic.updateCanisterSettings({
        canisterId,
        sender: OWNER,
        logVisibility: { public: null },
        snapshotVisibility: { allowedViewers: [STRANGER] },
        logMemoryLimit: 4_096n,
        wasmMemoryThreshold: 5_000n,
        memoryAllocation: 1_000_000n,
      });
      const { settings, cycles, memorySize } = await pic.canisterStatus({
        canisterId,
        sender: OWNER,
      });
      expect(settings).toMatchObject({
        freezingThreshold: 1_000n,
        reservedCyclesLimit: 2_000_000n,
        wasmMemoryLimit: 100_000_000n,
        wasmMemoryThreshold: 5_000n,
        memoryAllocation: 1_000_000n,
        computeAllocation: 0n,
        logVisibility: { public: null },
        environmentVariables: [{ name: 'STAGE', value: 'test' }],
      });
      expect(settings.controllers.map((id) => id.toText())).toEqual([OWNER.toText()]);
      expect(cycles).toBeGreaterThan(0n);
      expect(memorySize).toBeGreaterThanOrEqual(0n);
    });
  });

  describe('canister logs', () => {
    it('keep what a canister printed', async () => {
      const { pic, subject, canisterId } = await openSubject();
      await subject.say('first line');
      await subject.say('second line');
      expect(await fetchLogs(pic, canisterId)).toEqual(['first line', 'second line']);
    });

    it('are shown to controllers only', async () => {
      const { pic, subject, canisterId } = await openSubject();
      await subject.say('secret');
      await expect(fetchLogs(pic, canisterId, STRANGER)).rejects.toThrow(/Reject code: 4/);
    });
  });

  describe('randomness', () => {
    it('is 32 bytes that differ from call to call', async () => {
      const { subject } = await openSubject();
      const [one, other] = [await subject.random(), await subject.random()];
      expect(one).toHaveLength(32);
      expect(Buffer.from(one).equals(Buffer.from(other))).toBe(false);
    });
  });

  describe('a canister that never answers', () => {
    it('is rejected for it', async () => {
      const pic = await openPic();
      const canisterId = await pic.createCanister();
      await pic.installCode({ canisterId, wasm: await rawCanisterWasm() });
      const call = { canisterId, arg: textArg('') };
      await expect(pic.updateCall({ ...call, method: 'silent' })).rejects.toThrow(
        rejection({ reject: 5, error: 506 }),
      );
      await expect(pic.queryCall({ ...call, method: 'silent_query' })).rejects.toThrow(
        rejection({ reject: 5, error: 506 }),
      );
      await expect(
        pic.installCode({ canisterId, wasm: EMPTY_ARG, arg: EMPTY_ARG }),
      ).rejects.toThrow(/Reject code: 5/);
    });
  });
}

const LOGS = IDL.Record({
  canister_log_records: IDL.Vec(
    IDL.Record({ idx: IDL.Nat64, timestamp_nanos: IDL.Nat64, content: IDL.Vec(IDL.Nat8) }),
  ),
});
type Logs = { readonly canister_log_records: readonly { readonly content: Uint8Array }[] };

async function fetchLogs(
  pic: Awaited<ReturnType<typeof openPic>>,
  canisterId: Principal,
  sender = Principal.anonymous(),
): Promise<string[]> {
  const arg = IDL.encode(
    [IDL.Record({ canister_id: IDL.Principal })],
    [{ canister_id: canisterId }],
  );
  const reply = await pic.queryCall({
    canisterId: Principal.managementCanister(),
    method: 'fetch_canister_logs',
    arg: new Uint8Array(arg),
    sender,
  });
  const [logs] = IDL.decode([LOGS], reply) as unknown as [Logs];
  return logs.canister_log_records.map(({ content }) => new TextDecoder().decode(content));
}

function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}
