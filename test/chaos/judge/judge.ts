import type { Evidence } from './evidence.ts';
import { judgeEvidence } from './judge-evidence.ts';
import { judgeHandovers, type HandoverLimits, type HandoversVerdict } from './judge-handovers.ts';
import { judgeRentals, type RentalsVerdict } from './judge-rentals.ts';
import { judgeServers, type ServersVerdict } from './judge-servers.ts';

export type Verdict = ServersVerdict &
  RentalsVerdict &
  HandoversVerdict & {
    /** All that were paid or asked for. */
    readonly rentals: number;
    readonly isSound: boolean;
  };

/** Judges what clouds, canisters and the end of processes left behind; knows nothing else. */
export function judge(evidence: Evidence, limits: HandoverLimits = {}): Verdict {
  const servers = judgeServers(evidence);
  const rentals = judgeRentals(evidence);
  const handovers = judgeHandovers(evidence, limits);
  const troubles = [
    ...servers.troubles,
    ...rentals.troubles,
    ...handovers.troubles,
    ...judgeEvidence(evidence),
  ];
  return {
    rentals: evidence.rentals.length,
    ...servers,
    ...rentals,
    ...handovers,
    troubles,
    isSound: troubles.length === 0,
  };
}
