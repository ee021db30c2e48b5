import { describe, expect, it } from 'vitest';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import { rentalIn, THEN } from '../../testing/rental-states.fake.ts';
import { timeToReady } from './time-to-ready.ts';

describe('timeToReady', () => {
  it('counts from the confirmed payment', () => {
    const span = durationNs({ seconds: 61 });
    expect(timeToReady(rentalIn('provisioning'), after(THEN, span))).toBe(span);
  });

  it.each(['quoted', 'awaiting-payment', 'active', 'ending', 'closed'] as const)(
    'knows nothing of a rental that is %s',
    (kind) => {
      expect(timeToReady(rentalIn(kind), after(THEN, durationNs({ days: 1 })))).toBe(0n);
    },
  );
});
