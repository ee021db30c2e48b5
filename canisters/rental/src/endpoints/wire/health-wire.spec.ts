import { IDL } from '@dfinity/candid';
import { describe, expect, it } from 'vitest';
import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import { durationNs, timestampNs } from '@decent-cloud/domain/time.ts';
import { fromWire, type Wire } from '@decent-cloud/kit/wire/wire.ts';
import { flipReport, healthRows, healthSlots, providerTrust, uptimeReport } from './health-wire.ts';

function throughCandid<T>(wire: Wire<T>, value: T): unknown {
  const bytes = new Uint8Array(IDL.encode([wire.type], [wire.to(value)]));
  return IDL.decode([wire.type], bytes)[0];
}

const at = timestampNs(7n);
const flip = {
  at,
  isUp: true,
  checks: [{ what: 'TCP 22', result: 'open', latencyMs: 3 }],
  nextCheck: at,
};

describe('health on the wire', () => {
  it('reads what agents send', () => {
    const rows = [{ rentalId: 5 as RentalId, hour: 490_000, slots: 0xfff001, upto: 6 }];
    expect(throughCandid(healthRows, rows)).toEqual([
      { rental_id: 5n, hour: 490_000, slots: 0xfff001, upto: 6 },
    ]);
    expect(fromWire(healthRows, throughCandid(healthRows, rows))).toEqual(rows);
    const report = { rentalId: 5 as RentalId, ...flip };
    expect(fromWire(flipReport, throughCandid(flipReport, report))).toEqual(report);
  });

  it('writes an uptime of which nothing is known as null', () => {
    const counts = { up: 0, down: 0, excluded: 0, unknown: 4 };
    const none = { ppm: undefined, counts };
    const report = {
      measured: { from: at, to: at, finalTo: at },
      lastFlip: flip,
      isExcluded: false,
      hours24: none,
      days7: none,
      days30: none,
      days90: { ...none, ppm: 999_000 },
      period: { ...none, belowPpm: 990_000, allowedDowntimeNs: durationNs({ minutes: 5 }) },
      days: [{ day: 20_000, ...counts }],
    };
    expect(throughCandid(uptimeReport, report)).toMatchObject({
      measured: { from_ns: 7n, to_ns: 7n, final_to_ns: 7n },
      last_flip: [{ at_ns: 7n, is_up: true, next_check_ns: 7n }],
      hours24: { ppm: [], counts },
      days90: { ppm: [999_000] },
      period: { ppm: [], below_ppm: [990_000], allowed_downtime_ns: [300_000_000_000n] },
      days: [{ day: 20_000, unknown: 4 }],
    });
  });

  it('writes slots as bytes and trust with its numbers', () => {
    const slots = Uint8Array.of(1, 2, 3);
    const measured = { from: at, to: at, finalTo: at };
    const days = [{ day: 1, slots }];
    expect(throughCandid(healthSlots, { measured, days })).toMatchObject({ days });
    const trust = {
      provider: 1 as AccountId,
      score: undefined,
      runs: 0,
      succeeded: 0,
      cancelled: 0,
      upSlots: 0,
      downSlots: 0,
      uptimePpm: undefined,
      since: at,
    };
    expect(throughCandid(providerTrust, trust)).toMatchObject({
      score: [],
      runs: 0n,
      since_ns: 7n,
    });
  });
});
