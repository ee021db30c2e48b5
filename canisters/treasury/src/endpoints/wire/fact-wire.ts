import { IDL } from '@dfinity/candid';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';
import type { Fact } from '../../core/escrow/fact.ts';
import type { EscrowId } from '../../core/ids.ts';
import type { ReportedFact } from '../../flows/report-fact.flow.ts';
import type { TreasuryError } from '../../flows/treasury-errors.ts';
import { idFromWire } from './id-wire.ts';

const At = lazy(() => IDL.Record({ at_ns: IDL.Nat64 }));

/** Causes that may be reported; `DisputeDecided` is the treasury's own. */
const CAUSES = {
  RenterCancelled: 'renter-cancelled',
  ProviderCancelled: 'provider-cancelled',
  TermEnded: 'term-ended',
  NotProvisioned: 'not-provisioned',
  ProviderFailed: 'provider-failed',
} as const;
type WireCause = Partial<Record<keyof typeof CAUSES, null>>;

export const FactReport = lazy(() =>
  IDL.Record({
    escrow_id: IDL.Nat64,
    seq: IDL.Nat64,
    fact: IDL.Variant({
      Started: At,
      Paused: At,
      Resumed: At,
      Outage: IDL.Record({ from_ns: IDL.Nat64, to_ns: IDL.Nat64 }),
      Unproven: IDL.Record({ unknown_ppm: IDL.Nat32 }),
      Ended: IDL.Record({
        at_ns: IDL.Nat64,
        cause: IDL.Variant(
          Object.fromEntries(Object.keys(CAUSES).map((cause) => [cause, IDL.Null])),
        ),
      }),
    }),
  }),
);

interface WireAt {
  readonly at_ns: bigint;
}

/** Exactly one arm is there. */
interface WireFact {
  readonly Started?: WireAt;
  readonly Paused?: WireAt;
  readonly Resumed?: WireAt;
  readonly Outage?: { readonly from_ns: bigint; readonly to_ns: bigint };
  readonly Unproven?: { readonly unknown_ppm: number };
  readonly Ended?: WireAt & { readonly cause: WireCause };
}

export interface WireFactReport {
  readonly escrow_id: bigint;
  readonly seq: bigint;
  readonly fact: WireFact;
}

export function factFromWire(wire: WireFactReport): Result<ReportedFact, TreasuryError> {
  const escrowId = idFromWire<EscrowId>('escrow_id', wire.escrow_id);
  if (escrowId.kind === 'err') return escrowId;
  return ok({ escrowId: escrowId.value, seq: Number(wire.seq), fact: readFact(wire.fact) });
}

function readFact({ Started, Paused, Resumed, Outage, Unproven, Ended }: WireFact): Fact {
  if (Started !== undefined) return { kind: 'started', at: Started.at_ns as TimestampNs };
  if (Paused !== undefined) return { kind: 'paused', at: Paused.at_ns as TimestampNs };
  if (Resumed !== undefined) return { kind: 'resumed', at: Resumed.at_ns as TimestampNs };
  if (Outage !== undefined) {
    const { from_ns, to_ns } = Outage;
    return { kind: 'outage', from: from_ns as TimestampNs, to: to_ns as TimestampNs };
  }
  if (Unproven !== undefined) return { kind: 'unproven', unknownPpm: Unproven.unknown_ppm };
  if (Ended !== undefined) {
    return { kind: 'ended', at: Ended.at_ns as TimestampNs, cause: readCause(Ended.cause) };
  }
  throw new Error('BUG: a variant has no arm');
}

function readCause(wire: WireCause) {
  for (const [name, cause] of Object.entries(CAUSES)) if (name in wire) return cause;
  throw new Error('BUG: a variant has no arm');
}
