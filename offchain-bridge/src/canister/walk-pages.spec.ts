import { describe, expect, it } from 'vitest';
import { CanisterRefusal, CanisterUnavailable } from '../ports/canister-errors.ts';
import { FakeClock } from '../testing/fake-clock.fake.ts';
import { allPages, type WirePage } from './walk-pages.ts';
import { within } from './within.ts';

type From = [] | [bigint];

function pages(rows: readonly number[], size: number) {
  return (from: From): Promise<WirePage<number>> => {
    const start = Number(from[0] ?? 0n);
    const end = start + size;
    const next: From = end < rows.length ? [BigInt(end)] : [];
    return Promise.resolve({ rows: rows.slice(start, end), next });
  };
}

const CHANGED = new CanisterRefusal('InvalidArgument', 'the list changed', false);

describe('allPages', () => {
  it('reads to the end', async () => {
    const rows = Array.from({ length: 123 }, (_, index) => index);
    expect(await allPages(pages(rows, 50))).toEqual(rows);
    expect(await allPages(pages([], 50))).toEqual([]);
  });

  it('begins again when a page is lost', async () => {
    const read = pages([1, 2, 3, 4], 2);
    let calls = 0;
    const changing = (from: From) => {
      calls += 1;
      return calls === 2 ? Promise.reject(CHANGED) : read(from);
    };
    expect(await allPages(changing)).toEqual([1, 2, 3, 4]);
  });

  it('does not begin again for ever, nor for another refusal', async () => {
    const read = pages([1, 2, 3], 1);
    const lost = (from: From) => (from.length === 0 ? read(from) : Promise.reject(CHANGED));
    await expect(allPages(lost)).rejects.toBeInstanceOf(CanisterUnavailable);
    await expect(allPages(() => Promise.reject(CHANGED))).rejects.toBe(CHANGED);
  });

  it('gives up a list that goes round in circles', async () => {
    const round = () => Promise.resolve({ rows: [1], next: [7n] as From });
    await expect(allPages(round)).rejects.toBeInstanceOf(CanisterUnavailable);
  });
});

describe('within', () => {
  it('gives what comes in time', async () => {
    const clock = new FakeClock();
    const work = within(clock, 1_000, async () => {
      await clock.sleep(900);
      return 7;
    });
    expect(await clock.give(work)).toBe(7);
  });

  it('ends by itself, and lets the work know', async () => {
    const clock = new FakeClock();
    let told: AbortSignal | undefined;
    const work = within(clock, 1_000, (signal) => {
      told = signal;
      return new Promise<never>(() => undefined);
    });
    await expect(clock.give(work)).rejects.toBeInstanceOf(CanisterUnavailable);
    expect(told?.aborted).toBe(true);
  });
});
