import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import { safeUint } from '../keys/integer-keys.ts';
import { text } from '../keys/text-key.ts';
import { MemoryStableStore } from '../testing/memory-stable-store.fake.ts';
import { DueQueue } from './due-queue.ts';

const at = (ns: number) => timestampNs(BigInt(ns));

function newQueue() {
  const store = new MemoryStableStore();
  return { store, queue: new DueQueue({ store, id: safeUint }) };
}

describe('DueQueue', () => {
  const step = fc.record({
    do: fc.constantFrom('schedule' as const, 'cancel' as const, 'move' as const),
    id: fc.nat(3),
    from: fc.nat(5),
    to: fc.nat(5),
  });

  it('gives what is due in order of time and id, whatever was done before, and after a restart', () => {
    fc.assert(
      fc.property(fc.array(step), fc.nat(6), fc.nat(10), (steps, now, limit) => {
        const { store, queue } = newQueue();
        const model = new Set<string>();
        for (const { do: what, id, from, to } of steps) {
          if (what === 'schedule') {
            queue.schedule(id, at(to));
            model.add(`${to}.${id}`);
          } else if (what === 'cancel') {
            expect(queue.cancel(id, at(from))).toBe(model.delete(`${from}.${id}`));
          } else {
            queue.reschedule({ id, from: at(from), to: at(to) });
            model.delete(`${from}.${id}`);
            model.add(`${to}.${id}`);
          }
        }
        const all = [...model].sort();
        const due = all.filter((entry) => Number(entry.charAt(0)) <= now).slice(0, limit);
        const reopened = new DueQueue({ store, id: safeUint });
        const found = reopened.due(at(now), limit);
        expect(found.map(({ id, dueAtNs }) => `${dueAtNs.toString()}.${id}`)).toEqual(due);
        expect(reopened.size()).toBe(all.length);
        const [first] = all;
        const next = first === undefined ? undefined : BigInt(first.charAt(0));
        expect(reopened.nextDueAtNs()).toBe(next);
      }),
    );
  });

  it('puts times in order whatever their size', () => {
    const { queue } = newQueue();
    const times = [2n ** 64n - 1n, 256n, 0n, 1_795_000_000_000_000_000n, 255n];
    for (const time of times) queue.schedule(1, timestampNs(time));
    const due = queue.due(timestampNs(2n ** 64n - 1n), 99).map(({ dueAtNs }) => dueAtNs);
    expect(due).toEqual([0n, 255n, 256n, 1_795_000_000_000_000_000n, 2n ** 64n - 1n]);
  });

  it('keeps an entry that moves to where it is', () => {
    const { queue } = newQueue();
    queue.schedule(1, at(5));
    queue.reschedule({ id: 1, from: at(5), to: at(5) });
    expect(queue.due(at(5), 9)).toEqual([{ id: 1, dueAtNs: 5n }]);
  });

  it('takes ids of several bytes, and no fraction as a limit', () => {
    const queue = new DueQueue({ store: new MemoryStableStore(), id: text });
    queue.schedule('rental 7', at(1));
    expect(queue.due(at(1), 1)).toEqual([{ id: 'rental 7', dueAtNs: 1n }]);
    expect(() => queue.due(at(1), 0.5)).toThrow('BUG');
  });
});
