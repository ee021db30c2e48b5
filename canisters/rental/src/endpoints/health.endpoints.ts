import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { blob, bool, count, fromWire } from '@decent-cloud/kit/wire/wire.ts';
import { canister } from '../composition.ts';
import { getHealthSlots, getProviderTrust, getUptime } from '../flows/health/read-health.flow.ts';
import { reportFlip } from '../flows/health/report-flip.flow.ts';
import { reportHealth } from '../flows/health/report-health.flow.ts';
import { listHealthTargets } from '../flows/health/health-targets.ts';
import { reportMachineLost } from '../flows/health/report-machine-lost.flow.ts';
import { resultOf } from './wire/error-wire.ts';
import { healthTargetPage } from './wire/health-target-wire.ts';
import {
  flipReport,
  flipResult,
  healthRows,
  healthSlots,
  healthSlotsRequest,
  providerTrust,
  uptimeReport,
} from './wire/health-wire.ts';
import { serverPageRequest } from './wire/renting-wire.ts';

const TargetsResult = resultOf(healthTargetPage);
const CodesResult = resultOf(blob);
const FlipAnswer = resultOf(flipResult);
const LostResult = resultOf(bool);
const UptimeResult = resultOf(uptimeReport);
const SlotsResult = resultOf(healthSlots);
const TrustResult = resultOf(providerTrust);

/** What agents measure, and what becomes of it. */
export class HealthEndpoints {
  /** Agents that may report, and the account's own. */
  @query([serverPageRequest.type], TargetsResult.type)
  health_targets(wire: unknown): WireResult<unknown> {
    return TargetsResult.to(listHealthTargets(canister, fromWire(serverPageRequest, wire)));
  }

  /** Agents with the scope `health`. */
  @update([healthRows.type], CodesResult.type)
  report_health(wire: unknown): WireResult<unknown> {
    return CodesResult.to(reportHealth(canister, fromWire(healthRows, wire)));
  }

  /** Agents with the scope `health`. */
  @update([flipReport.type], FlipAnswer.type)
  report_flip(wire: unknown): WireResult<unknown> {
    return FlipAnswer.to(reportFlip(canister, fromWire(flipReport, wire)));
  }

  /** The agent of the rental's cloud account. */
  @update([count.type], LostResult.type)
  report_machine_lost(wire: unknown): WireResult<unknown> {
    return LostResult.to(reportMachineLost(canister, fromWire(count, wire) as RentalId));
  }

  @query([count.type], UptimeResult.type)
  get_uptime(wire: unknown): WireResult<unknown> {
    return UptimeResult.to(getUptime(canister, fromWire(count, wire) as RentalId));
  }

  @query([healthSlotsRequest.type], SlotsResult.type)
  get_health_slots(wire: unknown): WireResult<unknown> {
    return SlotsResult.to(getHealthSlots(canister, fromWire(healthSlotsRequest, wire)));
  }

  /** Anybody. */
  @query([count.type], TrustResult.type)
  get_provider_trust(wire: unknown): WireResult<unknown> {
    return TrustResult.to(getProviderTrust(canister, fromWire(count, wire) as AccountId));
  }
}
