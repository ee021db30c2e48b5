import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import { majorityOf, openHour } from './merge.ts';
import { ALL, SLOTS_PER_HOUR, statusAt, type HourSlots } from './slots.ts';
import { newWatch, type Reporter, type Watch } from './watch.ts';

/** `u`, `d`, `x` excluded, anything else unknown. */
function hourOf(letters: string): HourSlots {
  const status = (letter: string | undefined) =>
    letter === 'u' ? 0 : letter === 'd' ? 1 : letter === 'x' ? 2 : 3;
  let slots = 0;
  for (let index = 0; index < SLOTS_PER_HOUR; index += 1) {
    slots |= status(letters[index]) << (2 * index);
  }
  return slots;
}

function watchWith(
  reports: readonly (readonly [platform: 'platform' | 'own', letters: string])[],
): Watch {
  const watch = newWatch({
    provider: 1 as AccountId,
    at: timestampNs(0n),
    periodEndAt: timestampNs(2n ** 63n),
    dueAt: timestampNs(0n),
  });
  const reporters = reports.map(([kind, letters], index): Reporter => ({
    name: String(index),
    isPlatform: kind === 'platform',
    hours: [hourOf(letters), ALL, ALL],
  }));
  return { ...watch, reporters };
}

describe('majorityOf', () => {
  it.each<[string[], string]>([
    [[], '????????????'],
    [['ud?'], 'ud?'],
    [['uudd?', 'ud?d?'], 'u?dd?'],
    [['uuu', 'udd', 'dd?'], 'ud?'],
    [['uudd', 'uudd', 'dduu', '????'], 'uudd'],
  ])('of %j is %s', (hours, wanted) => {
    expect(majorityOf(hours.map(hourOf))).toBe(hourOf(wanted));
  });

  it('does not depend on the order', () => {
    const hour = fc
      .array(fc.constantFrom('u', 'd', '?'), { minLength: 12, maxLength: 12 })
      .map((letters) => hourOf(letters.join('')));
    fc.assert(
      fc.property(fc.array(hour, { maxLength: 5 }), (hours) => {
        expect(majorityOf(hours.toReversed())).toBe(majorityOf(hours));
        const balance = (index: number) =>
          hours.filter((slots) => statusAt(slots, index) === 0).length -
          hours.filter((slots) => statusAt(slots, index) === 1).length;
        for (let index = 0; index < SLOTS_PER_HOUR; index += 1) {
          const wanted = balance(index) === 0 ? 3 : balance(index) > 0 ? 0 : 1;
          expect(statusAt(majorityOf(hours), index)).toBe(wanted);
        }
      }),
    );
  });
});

describe('openHour', () => {
  it('never lets the sellers agents outvote one of the platform', () => {
    const watch = watchWith([
      ['own', 'uuu?'],
      ['platform', 'd?ud'],
      ['own', 'uud?'],
      ['own', 'uud?'],
    ]);
    expect(openHour(watch, 0)).toBe(hourOf('duud'));
  });

  it('leaves a slot unknown about which agents of the platform disagree', () => {
    const watch = watchWith([
      ['platform', 'ud'],
      ['platform', 'dd'],
      ['own', 'uu'],
    ]);
    expect(openHour(watch, 0)).toBe(hourOf('?d'));
  });

  it('excludes time whatever is said about it', () => {
    const watch = watchWith([['platform', 'dddddddddddd']]);
    expect(openHour({ ...watch, excludedFrom: 10 }, 0)).toBe(hourOf('ddddddddddxx'));
    expect(openHour({ ...watch, excludedFrom: 10 }, 7)).toBe(hourOf('xxxxxxxxxxxx'));
    expect(openHour({ ...watch, excluded: [0b1100, 0, 0] }, 0)).toBe(hourOf('dxdddddddddd'));
  });

  it('knows nothing about hours that nobody could report', () => {
    expect(openHour(watchWith([['own', 'uuuuuuuuuuuu']]), 3)).toBe(ALL);
  });
});
