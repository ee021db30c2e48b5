import { accountKey } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import { PARTIES } from './escrow-model.ts';
import type { Evidence, LedgerEvidence, Verdict } from './evidence.ts';
import { judgeTransfers } from './judge-transfers.ts';
import { transfersOf, type JournalledTransfer } from './journalled-transfers.ts';
import { balancesOf, hex, movementsOf } from './ledger-accounts.ts';
import { JournalReplay, type ReplayedEscrow } from './replay-journal.ts';
import { escrowAccountOf, platformAccountOf } from './treasury-accounts.ts';

/**
 * Says whether everybody got what they are owed, exactly once. Rests on the ledgers' blocks, the order
 * of the journal, and what the simulation knows; never on the sums in the treasury's books.
 */
export function judge(evidence: Evidence): Verdict {
  const transfers = transfersOf(evidence.journal, evidence.known);
  const payments = judgeTransfers(evidence, transfers);
  const replay = new JournalReplay(evidence);
  const troubles = [...payments.troubles, ...replay.troubles];
  const trial: Trial = { evidence, replay, transfers, troubles };
  let { lost } = payments;
  for (const [id, escrow] of replay.escrows) lost += judgeEscrow(trial, id, escrow);
  const insolvent = evidence.ledgers.filter((ledger) => !isSolvent(trial, ledger)).length;
  const { exactlyOnce, double, parked } = payments;
  return { exactlyOnce, double, lost, insolvent, parked, troubles };
}

interface Trial {
  readonly evidence: Evidence;
  readonly replay: JournalReplay;
  readonly transfers: ReadonlyMap<bigint, JournalledTransfer>;
  readonly troubles: string[];
}

/** How many are owed something that nothing is on its way for. */
function judgeEscrow(trial: Trial, id: bigint, escrow: ReplayedEscrow): number {
  const { evidence, transfers, troubles } = trial;
  const { model, phase } = escrow;
  const { receipts, facts } = model.known;
  if (receipts.length > 1) troubles.push(`escrow ${id} has ${receipts.length} receipts`);
  if (receipts.length > 0 && model.deposited === 0n)
    troubles.push(`escrow ${id}: a receipt for nothing`);
  if (BigInt(facts.size) !== escrow.facts)
    troubles.push(`escrow ${id}: a fact that was taken is gone`);
  if (phase === 'closed' || phase === 'lapsed') return checkSettled(trial, id, escrow);
  const { live } = escrow;
  const isParked = live !== undefined && transfers.get(live.id)?.end === 'parked';
  const waits = escrow.deferredUntilNs !== undefined && escrow.deferredUntilNs > evidence.atNs;
  if (isParked || (waits && escrow.isFinal)) return 0;
  troubles.push(`escrow ${id} never settled: it is ${phase}`);
  return PARTIES.filter((party) => model.open(party) > 0n).length;
}

/** Nothing is left of a settled escrow but what is not worth its fee. */
function checkSettled(trial: Trial, id: bigint, escrow: ReplayedEscrow): number {
  const { evidence, troubles } = trial;
  const { model } = escrow;
  if (model.undecided !== 0n) troubles.push(`escrow ${id}: ${model.undecided} belong to nobody`);
  const fees = [...(evidence.known.fees.get(model.terms.ledger.toText()) ?? [])];
  const left = model.open('platform');
  if (left > 0n && !fees.some((fee) => fee >= left)) {
    troubles.push(`escrow ${id}: the platform left ${left}`);
  }
  const unpaid = PARTIES.filter((party) => party !== 'platform' && model.open(party) !== 0n);
  return unpaid.length;
}

/** Whether a ledger holds in every account of the treasury exactly what must be there. */
function isSolvent(trial: Trial, ledger: LedgerEvidence): boolean {
  const { evidence, replay, troubles } = trial;
  const due = new Map<string, bigint>();
  const add = (account: string, amount: bigint) =>
    due.set(account, (due.get(account) ?? 0n) + amount);
  for (const [id, { model }] of replay.escrows) {
    if (model.terms.ledger.compareTo(ledger.ledgerId) !== 'eq') continue;
    add(accountKey(escrowAccountOf(evidence.treasury, id)), model.balance);
  }
  const platform = accountKey(platformAccountOf(evidence.treasury));
  add(platform, replay.collected.get(ledger.ledgerId.toText()) ?? 0n);
  for (const gift of evidence.known.donations) {
    if (gift.ledgerId.compareTo(ledger.ledgerId) === 'eq') add(gift.account, gift.amount);
  }
  unbooked(trial, ledger, add);
  const owner = `${hex(evidence.treasury.toUint8Array())}.`;
  const balances = balancesOf(ledger.blocks);
  const accounts = new Set(
    [...due.keys(), ...balances.keys()].filter((key) => key.startsWith(owner)),
  );
  let isEnough = true;
  for (const account of accounts) {
    const [has, owed] = [balances.get(account) ?? 0n, due.get(account) ?? 0n];
    if (has === owed) continue;
    troubles.push(`${ledger.symbol} holds ${has} in ${account}, due are ${owed}`);
    if (has < owed) isEnough = false;
  }
  return checkClaims(trial, ledger) && isEnough;
}

/** What the treasury says in public is what the model computes; false if it says it is short. */
function checkClaims({ evidence, replay, troubles }: Trial, { ledgerId, symbol }: LedgerEvidence) {
  const claims = evidence.claims.find((one) => one.ledgerId.compareTo(ledgerId) === 'eq');
  if (claims === undefined) {
    troubles.push(`the treasury says nothing about ${symbol}`);
    return true;
  }
  const due = { escrow: 0n, owed: 0n, fees: replay.collected.get(ledgerId.toText()) ?? 0n };
  for (const { model } of replay.escrows.values()) {
    if (model.terms.ledger.compareTo(ledgerId) !== 'eq') continue;
    due.escrow += model.undecided;
    due.owed += model.open('payer') + model.open('provider') + model.open('author');
    due.fees += model.open('platform');
  }
  for (const name of ['escrow', 'owed', 'fees'] as const) {
    const [says, is] = [claims[name], due[name]];
    if (says !== is) troubles.push(`${symbol}: solvency says ${says} ${name}, due are ${is}`);
  }
  if (claims.difference === 0n && claims.shortfall === 0n) return true;
  troubles.push(`${symbol}: solvency has a difference of ${claims.difference}`);
  return false;
}

/** What a ledger carried out and the treasury does not know yet: transfers that are parked. */
function unbooked(
  trial: Trial,
  ledger: LedgerEvidence,
  add: (account: string, amount: bigint) => void,
): void {
  const open = [...trial.transfers.values()].filter(
    ({ end, ledgerId }) =>
      (end === 'parked' || end === 'open') && ledgerId.compareTo(ledger.ledgerId) === 'eq',
  );
  const movements = movementsOf(ledger.blocks);
  for (const transfer of open) {
    const named = movements.filter(({ from, to }) => from === transfer.from && to === transfer.to);
    const booked = [...trial.transfers.values()].filter(
      ({ end, from, to }) => end === 'paid' && from === transfer.from && to === transfer.to,
    );
    if (named.length <= booked.length) continue;
    add(transfer.from, -(transfer.amount + transfer.fee));
    add(transfer.to, transfer.amount);
  }
}
