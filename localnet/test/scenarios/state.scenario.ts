import { describe, expect, it } from 'vitest';
import { rawCanisterWasm } from '../fixtures/raw-canister.ts';
import { openPic } from '../../src/testing/pic.ts';
import { addSubject, openSubject } from './world.ts';

const PAGE_BYTES = 65_536;

/** Cycles and stable memory, read and set from outside. */
export function stateScenarios(): void {
  describe('cycles', () => {
    it('are what the canister was created with, and can be added', async () => {
      const pic = await openPic();
      const canisterId = await pic.createCanister({ cycles: 3_000_000_000_000_000_000n });
      const before = await pic.getCyclesBalance(canisterId);
      expect(before).toBeGreaterThan(2_900_000_000_000_000_000n);
      expect(await pic.addCycles(canisterId, 10n ** 18n)).toBe(before + 10n ** 18n);
      expect(await pic.getCyclesBalance(canisterId)).toBe(before + 10n ** 18n);
    });

    it('move from canister to canister', async () => {
      const { pic, subject, canisterId } = await openSubject();
      const peer = await addSubject(pic);
      const before = await pic.getCyclesBalance(peer.canisterId);
      expect(await subject.sendCycles(peer.canisterId, 5n * 10n ** 15n)).toBe(5n * 10n ** 15n);
      const after = await pic.getCyclesBalance(peer.canisterId);
      expect(after - before).toBeGreaterThan(4n * 10n ** 15n);
      expect(await subject.balance()).toBe(await pic.getCyclesBalance(canisterId));
    });

    it('cannot be asked of a canister that does not exist', async () => {
      const pic = await openPic();
      const id = await pic.getDefaultEffectiveCanisterId();
      await expect(pic.getCyclesBalance(id)).rejects.toThrow(/CanisterNotFound/);
      await expect(pic.addCycles(id, 1n)).rejects.toThrow(/CanisterNotFound/);
      await expect(pic.getControllers(id)).rejects.toThrow(/CanisterNotFound/);
    });
  });

  describe('stable memory', () => {
    it('is read and written whole', async () => {
      const { pic, canisterId } = await openRaw();
      await pic.updateCall({ canisterId, method: 'store', arg: Uint8Array.of(1, 2, 3) });
      const stable = await pic.getStableMemory(canisterId);
      expect(stable).toHaveLength(PAGE_BYTES);
      expect([...stable.subarray(0, 4)]).toEqual([1, 2, 3, 0]);

      const replacement = new Uint8Array(2 * PAGE_BYTES).fill(9);
      await pic.setStableMemory(canisterId, replacement);
      expect(Buffer.compare(await pic.getStableMemory(canisterId), replacement)).toBe(0);
      const page = await pic.queryCall({ canisterId, method: 'load' });
      expect(Buffer.compare(page, replacement.subarray(0, PAGE_BYTES))).toBe(0);
    });

    it('does not exist without code', async () => {
      const pic = await openPic();
      const canisterId = await pic.createCanister();
      await expect(pic.getStableMemory(canisterId)).rejects.toThrow(/CanisterIsEmpty/);
      await expect(pic.setStableMemory(canisterId, Uint8Array.of(1))).rejects.toThrow(
        /CanisterIsEmpty/,
      );
    });
  });
}

async function openRaw() {
  const pic = await openPic();
  const canisterId = await pic.createCanister();
  await pic.installCode({ canisterId, wasm: await rawCanisterWasm() });
  return { pic, canisterId };
}
