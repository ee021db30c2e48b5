import type { HealthRowAnswer, HealthTarget, RentalPort } from '../ports/rental.port.ts';
import { rowAnswersFromWire, targetFromWire } from './account-wire.ts';
import type { CanisterCalls } from './canister-calls.ts';
import { allPages } from './walk-pages.ts';
import { nsOfMs } from './wire-values.ts';

/** The most that the canister gives or takes at once. */
const PAGE = 50;
const MAX_ROWS = 2_000;
const MAX_TEXT = 200;
const MAX_CHECKS = 8;

type HealthCalls = Pick<
  RentalPort,
  'healthTargets' | 'reportHealth' | 'reportFlip' | 'reportMachineLost'
>;

/** What agents do who measure. */
export function healthCalls(calls: CanisterCalls): HealthCalls {
  const { actor } = calls;
  return {
    healthTargets: async (id) => {
      const account = { cloud_account_id: BigInt(id), limit: PAGE };
      const rows = await allPages((from) =>
        calls.ask('health_targets', actor.health_targets, { ...account, from }),
      );
      const targets = rows.map(targetFromWire).filter((row) => row !== undefined);
      return [
        ...new Map(targets.map((row): [number, HealthTarget] => [row.rentalId, row])).values(),
      ];
    },
    reportHealth: async (rows) => {
      const answers: HealthRowAnswer[] = [];
      for (let at = 0; at < rows.length; at += MAX_ROWS) {
        const part = rows
          .slice(at, at + MAX_ROWS)
          .map(({ rentalId, ...row }) => ({ rental_id: BigInt(rentalId), ...row }));
        const bytes = await calls.ask('report_health', actor.report_health, part);
        answers.push(...rowAnswersFromWire(Uint8Array.from(bytes)));
      }
      return answers;
    },
    reportFlip: async ({ rentalId, atMs, isUp, checks, nextCheckMs }) => {
      await calls.ask('report_flip', actor.report_flip, {
        rental_id: BigInt(rentalId),
        at_ns: nsOfMs(atMs),
        is_up: isUp,
        checks: checks.slice(0, MAX_CHECKS).map(({ what, result, latencyMs }) => ({
          what: what.slice(0, MAX_TEXT),
          result: result.slice(0, MAX_TEXT),
          latency_ms: Math.max(0, Math.round(latencyMs)),
        })),
        next_check_ns: nsOfMs(nextCheckMs),
      });
    },
    reportMachineLost: (rentalId) =>
      calls.ask('report_machine_lost', actor.report_machine_lost, BigInt(rentalId)),
  };
}
