import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { canister } from '../composition.ts';
import type { EscrowId } from '../core/ids.ts';
import { verifyEscrow } from '../flows/audits/verify-escrow.flow.ts';
import { FEE_SCHEDULE } from '../flows/fee-schedule.ts';
import { solvency } from '../flows/solvency.ts';
import { resultOf } from './wire/error-wire.ts';
import { idFromWire } from './wire/id-wire.ts';
import * as wires from './wire/solvency-wire.ts';

const SolvencyResult = resultOf(wires.solvency);
const ProofResult = resultOf(wires.escrowProof);

/** What anybody can check about the treasury. */
export class SolvencyEndpoints {
  /** Whether all of a token is there, and whose it is. */
  @query([IDL.Principal], SolvencyResult.type)
  solvency(ledger: Principal): WireResult<unknown> {
    return SolvencyResult.to(solvency(canister, ledger));
  }

  /** Reads an escrow's balance on its ledger now. Anybody who is signed in; one at a time for each. */
  @update([IDL.Nat64], ProofResult.type)
  async verify_escrow(raw: bigint): Promise<WireResult<unknown>> {
    const id = idFromWire<EscrowId>('escrow_id', raw);
    return ProofResult.to(id.kind === 'ok' ? await verifyEscrow(canister, id.value) : id);
  }

  /** What is taken, how it is rounded, how long things wait. */
  @query([], wires.feeSchedule.type)
  fee_schedule(): unknown {
    return wires.feeSchedule.to(FEE_SCHEDULE);
  }
}
