import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openPic } from '../../src/testing/pic.ts';
import { openSubject, type SubjectWorld } from './world.ts';

const NS_PER_MS = 1_000_000n;
const GENESIS_MS = 1_620_328_630_000;
const HOUR_MS = 3_600_000;

/** What the time is, for rounds and for queries, and when timers run. */
export function timeScenarios(): void {
  describe('time', () => {
    let world: SubjectWorld;
    let laterMs: number;

    beforeEach(async () => {
      world = await openSubject();
      laterMs = Date.now() + 365 * 24 * HOUR_MS;
    });

    it('starts in May 2021 and stands still between calls', async () => {
      const pic = await openPic();
      expect(await pic.getTime()).toBe(GENESIS_MS);
      expect(await pic.getTime()).toBe(GENESIS_MS);
    });

    it('grows by one nanosecond a round', async () => {
      const { pic, subject } = world;
      const before = await subject.nowQuery();
      await pic.tick(3);
      expect(await subject.nowQuery()).toBe(before + 3n);
    });

    it('is set for the next round, and not seen by queries before', async () => {
      const { pic, subject } = world;
      const before = await subject.nowQuery();
      await pic.setTime(new Date(laterMs));
      expect(await pic.getTime()).toBe(laterMs);
      expect(await subject.nowQuery()).toBe(before);
      await pic.tick();
      expect(await subject.nowQuery()).toBe(BigInt(laterMs) * NS_PER_MS);
      await pic.tick();
      expect(await subject.nowQuery()).toBe(BigInt(laterMs) * NS_PER_MS + 1n);
    });

    it('is seen by queries at once when it is certified', async () => {
      const { pic, subject } = world;
      await pic.setCertifiedTime(laterMs);
      expect(await subject.nowQuery()).toBe(BigInt(laterMs) * NS_PER_MS);
      expect(await subject.now()).toBeGreaterThanOrEqual(BigInt(laterMs) * NS_PER_MS);
    });

    it('advances by what it is told, also by nothing', async () => {
      const { pic, subject } = world;
      await pic.setCertifiedTime(laterMs);
      await pic.advanceTime(HOUR_MS);
      await pic.advanceTime(0);
      expect(await subject.now()).toBe(BigInt(laterMs + HOUR_MS) * NS_PER_MS);
      await pic.advanceCertifiedTime(HOUR_MS);
      const expected = BigInt(laterMs + 2 * HOUR_MS) * NS_PER_MS;
      expect(await subject.nowQuery()).toBe(expected);
      await pic.advanceCertifiedTime(0);
      expect(await subject.nowQuery()).toBe(expected);
    });

    it('can be reset to the wall clock', async () => {
      const { pic, subject } = world;
      vi.useFakeTimers({ toFake: ['Date'], now: laterMs });
      try {
        await pic.resetTime();
        await pic.tick();
        expect(await subject.nowQuery()).toBe(BigInt(laterMs) * NS_PER_MS);
        vi.setSystemTime(laterMs + 1);
        await pic.resetCertifiedTime();
        expect(await subject.nowQuery()).toBe(BigInt(laterMs + 1) * NS_PER_MS);
      } finally {
        vi.useRealTimers();
      }
    });

    it('never goes back', async () => {
      const { pic } = world;
      await expect(pic.setTime(0)).rejects.toThrow(/SettingTimeIntoPast/);
      await expect(pic.setCertifiedTime(0)).rejects.toThrow(/SettingTimeIntoPast/);
    });

    it('lets a timer run in the first round after it is due', async () => {
      const { pic, subject } = world;
      await subject.armTimer(BigInt(HOUR_MS) * NS_PER_MS);
      await pic.tick(2);
      expect(await subject.timersRun()).toBe(0n);
      await pic.advanceTime(HOUR_MS);
      expect(await subject.timersRun()).toBe(0n);
      await pic.tick(3);
      expect(await subject.timersRun()).toBe(1n);
    });
  });
}
