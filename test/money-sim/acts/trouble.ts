import type { Fault, FaultKind } from '@decent-cloud/localnet/system/ledger/faults/fault.ts';
import { accountKey } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import { note } from '../judge/knowledge.ts';
import { escrowAccountOf, platformAccountOf } from '../judge/treasury-accounts.ts';
import type { Sim } from '../sim.ts';
import { give } from './real-ledgers.ts';
import type { TokenLedger } from '../world/money-world.ts';

const TRANSFERS = ['icrc1_transfer', 'icrc2_transfer_from'] as const;
/** Payouts more often: they outlive the payer, who would look again. */
const SENDS = ['icrc1_transfer', 'icrc1_transfer', 'icrc2_transfer_from'] as const;
const READS = ['icrc1_balance_of', 'icrc3_get_blocks'] as const;

/** One call of a ledger will go wrong. */
export function armFault(sim: Sim): void {
  const token = sim.tokenInUse();
  const reads = token.hasIcrc3 ? READS : (['icrc1_balance_of'] as const);
  const method = sim.random.isOneIn(4) ? sim.random.pick(reads) : sim.random.pick(SENDS);
  const isTransfer = TRANSFERS.some((name) => name === method);
  const fault = isTransfer ? transferFault(sim, token) : readFault(sim);
  token.ledger.faults.next(method, fault);
  sim.say(`${token.symbol} ${method} will meet ${fault.kind}`);
}

/** For a while a part of all calls of a ledger goes wrong. */
export function badWeather(sim: Sim): void {
  const token = sim.tokenInUse();
  const faults = [transferFault(sim, token), transferFault(sim, token), transferFault(sim, token)];
  const probability = sim.random.pick([0.05, 0.1, 0.25]);
  token.ledger.faults.random({
    seed: sim.random.below(2 ** 31),
    probabilities: faults.map((fault) => ({ fault, probability })),
    methods: TRANSFERS,
  });
  sim.say(`${token.symbol} has bad weather: ${faults.map(({ kind }) => kind).join(', ')}`);
}

export function clearWeather(sim: Sim): void {
  const token = sim.tokenInUse();
  token.ledger.faults.clear();
}

/** Held calls of one ledger are answered, late as they are. */
export function release(sim: Sim): void {
  const token = sim.tokenInUse();
  if (token.ledger.faults.release() > 0) sim.say(`${token.symbol} answers what it held`);
}

/** A ledger takes another fee from now on. */
export function changeFee(sim: Sim): void {
  const token = sim.tokenInUse();
  const fee = randomFee(sim, token);
  token.ledger.setFee(fee);
  sim.say(`${token.symbol} takes a fee of ${fee}`);
}

function randomFee(sim: Sim, token: TokenLedger): bigint {
  const fee = sim.random.pick([
    1n,
    token.fee / 2n,
    token.fee,
    token.fee,
    2n * token.fee,
    5n * token.fee,
  ]);
  note(sim.known.fees, token.ledgerId.toText(), fee);
  return fee;
}

function transferFault(sim: Sim, token: TokenLedger): Fault {
  const { random } = sim;
  const kind = random.weighted<FaultKind>({
    'lost-reply': 5,
    'reject-before': 3,
    'trap-before': 2,
    'temporarily-unavailable': 2,
    'generic-error': 3,
    'fee-change': 3,
    'never-reply': 4,
    'delay-reply': 3,
    'garbage-reply': 2,
    'archive-split': 2,
  });
  switch (kind) {
    case 'reject-before':
      return { kind, code: random.pick([2, 3, 4, 5]) };
    case 'generic-error':
      return { kind, errorCode: 7n, message: 'no', isExecuted: random.isOneIn(2) };
    case 'fee-change':
      return { kind, fee: randomFee(sim, token) };
    case 'never-reply':
      return { kind, executes: random.pick(['at-once', 'when-released', 'never']) };
    case 'delay-reply':
      return {
        kind,
        rounds: 1 + random.below(30),
        executes: random.pick(['at-once', 'when-released']),
      };
    default:
      return { kind };
  }
}

function readFault(sim: Sim): Fault {
  const { random } = sim;
  const kind = random.weighted({
    ...{ 'lost-reply': 1, 'reject-before': 1, 'trap-before': 1 },
    ...{ 'garbage-reply': 1, 'delay-reply': 1, 'never-reply': 1 },
  });
  switch (kind) {
    case 'reject-before':
      return { kind, code: random.pick([2, 3, 4, 5]) };
    case 'delay-reply':
      return { kind, rounds: 1 + random.below(30), executes: 'at-once' };
    case 'never-reply':
      return { kind, executes: random.pick(['at-once', 'when-released', 'never']) };
    default:
      return { kind };
  }
}

/**
 * Somebody sends tokens to an account of the treasury. Where blocks cannot be read the sum stays
 * within a fee: who sends as much as a payment can make it look unpaid, and then pays for a second
 * one out of their own pocket.
 */
export function donate(sim: Sim): void {
  const token = sim.tokenInUse();
  const { treasuryId } = sim.net;
  const ids = [...sim.known.escrows.values()]
    .filter(({ quote }) => quote.terms.ledger.compareTo(token.ledgerId) === 'eq')
    .map(({ quote }) => quote.id);
  const id = sim.random.isOneIn(4) ? undefined : sim.pickFrom(ids);
  const to = id === undefined ? platformAccountOf(treasuryId) : escrowAccountOf(treasuryId, id);
  const account = accountKey(to);
  const most = token.hasIcrc3 ? 100n * token.fee : 1n + sim.big(token.fee / 10n);
  const amount = 1n + sim.big(most);
  if (!give(sim, token, { to, amount })) return;
  sim.known.donations.push({ ledgerId: token.ledgerId, account, amount });
  sim.count('donation');
  sim.say(`${amount} ${token.symbol} are sent to ${id === undefined ? 'P' : `escrow ${id}`}`);
}

/** What token-value says changes, or it says nothing. */
export function changePrices(sim: Sim): void {
  const { prices } = sim.net;
  const { random } = sim;
  if (prices.isDead || random.isOneIn(3)) {
    prices.isDead = !prices.isDead;
    sim.say(`token-value ${prices.isDead ? 'is dead' : 'lives'}`);
    return;
  }
  const token = random.pick(sim.net.tokens);
  const ledger = token.ledgerId.toText();
  if (random.isOneIn(4)) {
    prices.prices.set(ledger, { kind: 'no-price', reason: 'no source' });
    return;
  }
  const usdE8 = (token.usdE8 * BigInt(80 + random.below(50))) / 100n;
  const capUsdE8 = 10n ** 8n * BigInt(random.below(5_000));
  prices.prices.set(ledger, { kind: 'price', usdE8, ...(random.isOneIn(4) ? { capUsdE8 } : {}) });
  note(sim.known.prices, ledger, usdE8);
}
