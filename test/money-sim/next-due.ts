import { isOver, type Sim } from './sim.ts';

const DAY_NS = 86_400_000_000_000n;

/** When something is to be done next; undefined if every escrow is settled. */
export function nextDue(sim: Sim): bigint | undefined {
  let next: bigint | undefined;
  const consider = (dueNs: bigint | undefined): void => {
    if (dueNs !== undefined && (next === undefined || dueNs < next)) next = dueNs;
  };
  for (const id of sim.known.escrows.keys()) {
    const escrow = sim.escrow(id);
    if (escrow === undefined || isOver(escrow)) continue;
    // A transfer under way is looked at within minutes, and after a day at the latest.
    const [live] = escrow.live_transfer;
    if (live !== undefined) consider(sim.transferDue(live));
    else consider(escrow.due_at_ns[0] ?? sim.now + DAY_NS);
  }
  return next;
}
