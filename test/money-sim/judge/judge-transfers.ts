import type { Evidence, LedgerEvidence, Verdict } from './evidence.ts';
import type { JournalledTransfer } from './journalled-transfers.ts';
import { hex, movementsOf, type Movement } from './ledger-accounts.ts';
import { memoOf } from './treasury-accounts.ts';

/** Beyond those that the journal has: a generation that nobody wrote down would be found as well. */
const MORE_GENERATIONS = 3;

/** Compares every transfer of the journal with every block of the ledgers, both ways round. */
export function judgeTransfers(
  evidence: Evidence,
  transfers: ReadonlyMap<bigint, JournalledTransfer>,
): Verdict {
  const findings = new Findings();
  for (const ledger of evidence.ledgers) {
    const own = [...transfers.values()].filter(
      ({ ledgerId }) => ledgerId.compareTo(ledger.ledgerId) === 'eq',
    );
    judgeLedger({ evidence, ledger, own, findings });
  }
  return findings;
}

class Findings implements Verdict {
  exactlyOnce = 0;
  double = 0;
  lost = 0;
  readonly insolvent = 0;
  parked = 0;
  readonly troubles: string[] = [];
}

interface Case {
  readonly evidence: Evidence;
  readonly ledger: LedgerEvidence;
  readonly own: readonly JournalledTransfer[];
  readonly findings: Findings;
}

function judgeLedger({ evidence, ledger, own, findings }: Case): void {
  const treasuryOwner = `${hex(evidence.treasury.toUint8Array())}.`;
  const movements = movementsOf(ledger.blocks).filter(
    ({ from, to }) => from.startsWith(treasuryOwner) || (to?.startsWith(treasuryOwner) ?? false),
  );
  const byMemo = new Map<string, Movement[]>();
  for (const movement of movements) {
    const same = byMemo.get(movement.memo) ?? [];
    byMemo.set(movement.memo, [...same, movement]);
  }
  const claimed = new Set<bigint>();
  for (const transfer of own) {
    const blocks = blocksOf(transfer, byMemo);
    for (const { index } of blocks) claimed.add(index);
    judgeTransfer({ evidence, ledger, transfer, blocks, findings });
  }
  for (const { index, from } of movements) {
    // What comes in without being asked for is a donation; what leaves must be in the journal.
    if (claimed.has(index) || !from.startsWith(treasuryOwner)) continue;
    findings.double += 1;
    findings.troubles.push(
      `${ledger.symbol} block ${index} left the treasury and is in no journal`,
    );
  }
}

/** The blocks of all generations that moved tokens out of, or for a deposit into, its account. */
function blocksOf(
  transfer: JournalledTransfer,
  byMemo: ReadonlyMap<string, readonly Movement[]>,
): readonly Movement[] {
  const found: Movement[] = [];
  for (let one = 1; one <= transfer.generations + MORE_GENERATIONS; one += 1) {
    const same = byMemo.get(hex(memoOf(transfer.id, one))) ?? [];
    found.push(...same.filter(({ from }) => from === transfer.from));
  }
  return found;
}

function judgeTransfer(judged: {
  readonly evidence: Evidence;
  readonly ledger: LedgerEvidence;
  readonly transfer: JournalledTransfer;
  readonly blocks: readonly Movement[];
  readonly findings: Findings;
}): void {
  const { ledger, transfer, blocks, findings } = judged;
  const name = `transfer ${transfer.id} (${ledger.symbol}, ${transfer.end})`;
  const tell = (text: string) => findings.troubles.push(`${name} ${text}`);
  const indexes = blocks.map(({ index }) => index.toString()).join(', ');
  if (blocks.length > 1) {
    findings.double += 1;
    tell(`was carried out ${blocks.length} times: blocks ${indexes}`);
    return;
  }
  const [block] = blocks;
  switch (transfer.end) {
    case 'parked':
      findings.parked += 1;
      return;
    case 'open':
      tell('never ended');
      return;
    case 'failed':
      if (block === undefined) findings.exactlyOnce += 1;
      else lose(findings, tell, `moved tokens all the same: block ${indexes}`);
      return;
    case 'paid':
      if (block === undefined) lose(findings, tell, 'is in no block');
      else judgePaid({ transfer, block, tell, findings, ledger });
  }
}

function judgePaid(paid: {
  readonly ledger: LedgerEvidence;
  readonly transfer: JournalledTransfer;
  readonly block: Movement;
  readonly tell: (text: string) => void;
  readonly findings: Findings;
}): void {
  const { transfer, block, tell, findings, ledger } = paid;
  if (block.to !== transfer.to) {
    lose(findings, tell, `went to another account: block ${block.index}`);
    return;
  }
  if (block.amount !== transfer.amount) {
    lose(findings, tell, `moved ${block.amount} instead of ${transfer.amount}`);
    return;
  }
  if (block.fee !== transfer.fee) tell(`cost ${block.fee} where the books say ${transfer.fee}`);
  const isNamed = transfer.block === block.index;
  if (ledger.hasIcrc3 && !isNamed) tell(`is in block ${block.index}, not ${transfer.block ?? '-'}`);
  findings.exactlyOnce += 1;
}

function lose(findings: Findings, tell: (text: string) => void, text: string): void {
  findings.lost += 1;
  tell(text);
}
