import type {
  EventPage,
  PageRequest,
} from '../../dist/canisters/treasury/declarations/treasury.did.ts';
import type { Evidence, JournalEntry } from './judge/evidence.ts';
import type { Sim } from './sim.ts';
import { STRANGER } from './world/cast.ts';
import { expectOk } from './world/money-world.ts';

const PAGE = 50;

/** Reads everything that a verdict needs, and lets the treasury check itself. */
export function gatherEvidence(sim: Sim): {
  readonly evidence: Evidence;
  readonly troubles: readonly string[];
} {
  const { treasuryId, tokens } = sim.net;
  const troubles: string[] = [];
  for (const id of sim.known.escrows.keys()) {
    const report = expectOk(sim.net.as(STRANGER).check_escrow(id));
    troubles.push(...report.troubles);
    if (report.checked === 0n) troubles.push(`nothing to replay about escrow ${id}`);
  }
  troubles.push(...expectOk(sim.net.as(STRANGER).check_invariants(0n, 200)).troubles);
  const evidence: Evidence = {
    treasury: treasuryId,
    atNs: sim.now,
    ledgers: tokens.map(({ ledgerId, symbol, decimals, hasIcrc3, ledger }) => {
      return { ledgerId, symbol, decimals, hasIcrc3, blocks: ledger.blocks() };
    }),
    claims: tokens.map(({ ledgerId }) => ({
      ledgerId,
      ...expectOk(sim.net.as(STRANGER).solvency(ledgerId)),
    })),
    journal: readJournal(sim),
    known: sim.known,
  };
  return { evidence, troubles };
}

function readJournal(sim: Sim): readonly JournalEntry[] {
  const entries: JournalEntry[] = [];
  for (let from: bigint | undefined = 0n; from !== undefined;) {
    const request: PageRequest = { from: [from], limit: PAGE, newest_first: false };
    const page: EventPage = expectOk(sim.net.as(STRANGER).list_events(request));
    for (const { seq, value } of page.rows) {
      const [event] = value.event;
      if (event === undefined) throw new Error(`BUG: the interface has no words for event ${seq}`);
      entries.push({ seq, atNs: value.at_ns, event });
    }
    [from] = page.next;
  }
  return entries;
}
