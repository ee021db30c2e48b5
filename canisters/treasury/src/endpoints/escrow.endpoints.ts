import { IDL } from '@dfinity/candid';
import { andThen, type Result } from '@decent-cloud/domain/result.ts';
import { update } from '@decent-cloud/kit/azle/azle.methods.ts';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { canister } from '../composition.ts';
import { agreeSplit, decideDispute, openDispute } from '../flows/dispute.flow.ts';
import { reportFact, type FactReceipt } from '../flows/report-fact.flow.ts';
import { Complaint, complaintFromWire, Part, partFromWire } from './wire/dispute-wire.ts';
import type { WireComplaint, WirePart } from './wire/dispute-wire.ts';
import { resultOf } from './wire/error-wire.ts';
import { FactReport, factFromWire, type WireFactReport } from './wire/fact-wire.ts';
import { bool, list, nothing, record, type Wire } from '@decent-cloud/kit/wire/wire.ts';
import type { TreasuryError } from '../flows/treasury-errors.ts';

const MAX_FACTS = 50;

const FactResult = resultOf(record<FactReceipt>({ isDuplicate: bool }));
const factAnswers: Wire<readonly Result<FactReceipt, TreasuryError>[]> = list(FactResult);
const FactsResult = resultOf(factAnswers);
const NothingResult = resultOf(nothing);
const Facts = lazy(() => IDL.Vec(FactReport));

/** What happens to money that is paid. None of these methods takes an amount of a payout. */
export class EscrowEndpoints {
  /** The rental canister that asked for the quotes only. */
  @update([Facts], FactsResult.type)
  report_facts(wire: readonly WireFactReport[]): WireResult<unknown> {
    if (wire.length > MAX_FACTS) {
      const rule = `at most ${MAX_FACTS} at once; nothing was taken in`;
      return FactsResult.to(invalidArgument({ argument: 'facts', rule }));
    }
    const answers = wire.map((one) =>
      andThen(factFromWire(one), (fact) => reportFact(canister, fact)),
    );
    return FactsResult.to({ kind: 'ok', value: answers });
  }

  @update([Complaint], NothingResult.type)
  open_dispute(wire: WireComplaint): WireResult<unknown> {
    return NothingResult.to(
      andThen(complaintFromWire(wire), (complaint) => openDispute(canister, complaint)),
    );
  }

  @update([Part], NothingResult.type)
  agree_split(wire: WirePart): WireResult<unknown> {
    return NothingResult.to(andThen(partFromWire(wire), (part) => agreeSplit(canister, part)));
  }

  @update([Part], NothingResult.type)
  decide_dispute(wire: WirePart): WireResult<unknown> {
    return NothingResult.to(andThen(partFromWire(wire), (part) => decideDispute(canister, part)));
  }
}
