import { IDL } from '@dfinity/candid';
import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import {
  transfer as anyTransfer,
  escrow as anyEscrow,
  quote as anyQuote,
} from '../../storage/core-values.arbitrary.ts';
import { eventsByKind } from '../../storage/core-values.arbitrary.ts';
import type { TreasuryEvent } from '../../core/events.ts';
import { phase } from './escrow-wire.ts';
import { journalEntry } from './event-wire.ts';
import { quote } from './quote-wire.ts';
import { transfer } from './transfer-wire.ts';
import {
  count,
  list,
  literals,
  nanoseconds,
  nat,
  optional,
  record,
  text,
  union,
} from '@decent-cloud/kit/wire/wire.ts';
import type { Wire } from '@decent-cloud/kit/wire/wire.ts';

function encoded<T>(wire: Wire<T>, value: T): unknown {
  const bytes = new Uint8Array(IDL.encode([wire.type], [wire.to(value)]));
  return IDL.decode([wire.type], bytes)[0];
}

interface Sample {
  readonly startedAt: bigint;
  readonly noticeNs: bigint;
  readonly totalUsdE8: bigint;
  readonly rentalId: number;
  readonly note: string | undefined;
  readonly shape: { readonly kind: 'round' } | { readonly kind: 'two-sided'; readonly at: bigint };
  readonly why: 'term-ended' | 'expired';
  readonly times: readonly bigint[];
}

const sample = record<Sample>({
  startedAt: nanoseconds,
  noticeNs: nanoseconds,
  totalUsdE8: nat,
  rentalId: count,
  note: optional(text),
  shape: union<Sample['shape']>({ round: {}, 'two-sided': { at: nanoseconds } }),
  why: literals(['term-ended', 'expired']),
  times: list(nanoseconds),
});

const withoutBigint = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value;

describe('wire forms', () => {
  it('name fields and arms as Candid files do', () => {
    const value: Sample = {
      startedAt: 1n,
      noticeNs: 2n,
      totalUsdE8: 3n,
      rentalId: 4,
      note: undefined,
      shape: { kind: 'two-sided', at: 5n },
      why: 'term-ended',
      times: [6n],
    };
    expect(encoded(sample, value)).toEqual({
      started_at_ns: 1n,
      notice_ns: 2n,
      total_usd_e8: 3n,
      rental_id: 4n,
      note: [],
      shape: { TwoSided: { at_ns: 5n } },
      why: { TermEnded: null },
      times_ns: new BigUint64Array([6n]),
    });
    const round: Sample = { ...value, note: 'n', shape: { kind: 'round' } };
    expect(encoded(sample, round)).toMatchObject({ note: ['n'], shape: { Round: null } });
  });

  it('take every quote, escrow phase and transfer that can be stored', () => {
    fc.assert(
      fc.property(anyQuote, anyEscrow, anyTransfer, (aQuote, anEscrow, aTransfer) => {
        expect(encoded(quote, aQuote)).toMatchObject({ id: BigInt(aQuote.id) });
        const name = anEscrow.phase.kind.replace(/^./, (first) => first.toUpperCase());
        expect(JSON.stringify(encoded(phase, anEscrow.phase), withoutBigint)).toContain(
          `"${name}"`,
        );
        expect(encoded(transfer, aTransfer)).toMatchObject({
          id: BigInt(aTransfer.id),
          last_problem: aTransfer.lastProblem === undefined ? [] : [aTransfer.lastProblem],
        });
      }),
    );
  });

  it.each(Object.entries(eventsByKind))('take every event of kind %s', (_kind, events) => {
    const entries = fc.record({
      at: fc.constant(7n as never),
      event: events as fc.Arbitrary<TreasuryEvent>,
    });
    fc.assert(
      fc.property(entries, (entry) => {
        expect(encoded(journalEntry, entry)).toMatchObject({ at_ns: 7n, event: [{}] });
      }),
      { numRuns: 20 },
    );
  });
});
