import { InvariantError, present } from '@decent-cloud/domain/assert.ts';
import { runBatch } from '@decent-cloud/kit/runtime/batch.ts';
import { escrowAccount } from '../core/accounts.ts';
import { dueAction, type DueAction } from '../core/escrow/due-action.ts';
import type { EscrowId, TransferId } from '../core/ids.ts';
import { recordEvent } from './record-event.flow.ts';
import { planPayout } from './transfers/plan-transfer.flow.ts';
import { runTransfer } from './transfers/run-transfer.flow.ts';
import type { TreasuryCanister } from './treasury-canister.ts';

/** Far more than any escrow has to say at one time. */
const MAX_EVENTS_IN_A_ROW = 8;
/** With a tick each 10 s this is 1.7 million settlements a day. */
const MAX_PER_TICK = 200;

/**
 * Starts what is due by the clock: lapses, deadlines, releases, settlements, payouts. Each escrow is
 * settled in a message of its own, so that one that traps does not keep others from their money.
 */
export function tickEscrows(canister: TreasuryCanister): void {
  const { runtime, storage } = canister;
  const due = storage.escrowsDue.due(runtime.time(), MAX_PER_TICK);
  let next = 0;
  runBatch(runtime, {
    step: () => {
      const entry = due[next];
      if (entry === undefined) return 'done';
      next += 1;
      startSettling(canister, entry.id);
      return 'more';
    },
  });
}

/** Settles an escrow in a message of its own, as soon as this one is over. */
export function startSettling(canister: TreasuryCanister, id: EscrowId): void {
  canister.timers.once({ afterSeconds: 0, run: () => settleEscrow(canister, id) });
}

/**
 * Does everything that is due about one escrow, payouts one after another. Does nothing where nothing
 * is due, so it may run at any time and twice.
 */
async function settleEscrow(canister: TreasuryCanister, id: EscrowId): Promise<void> {
  for (;;) {
    const transferId = recordWhatIsDue(canister, id);
    if (transferId === undefined || !hasRoom(canister, transferId)) return;
    const outcome = await runTransfer(canister, transferId);
    if (outcome.kind !== 'paid') return;
  }
}

/** Gives the transfer that was planned; it is the last thing to do, for now. */
function recordWhatIsDue(canister: TreasuryCanister, id: EscrowId): TransferId | undefined {
  const { runtime, storage } = canister;
  for (let events = 0; events < MAX_EVENTS_IN_A_ROW; events += 1) {
    const action = whatIsDue(canister, id);
    switch (action.kind) {
      case 'none':
        return undefined;
      case 'event':
        recordEvent(storage, { at: runtime.time(), event: action.event });
        break;
      case 'payout': {
        const { party, to, ...terms } = action.plan;
        const { ledger } = present(storage.quotes.get(id), 'an escrow has no quote').terms;
        const from = escrowAccount(runtime.self(), id);
        return planPayout(canister, { escrowId: id, party, ledger, from, to, terms });
      }
    }
  }
  throw new InvariantError(`BUG: escrow ${id} never comes to rest`);
}

function whatIsDue({ runtime, storage }: TreasuryCanister, id: EscrowId): DueAction {
  const quote = present(storage.quotes.get(id), 'an escrow has no quote');
  const { ledger, provider, author } = quote.terms;
  return dueAction({
    quote,
    escrow: present(storage.escrows.get(id), 'a due escrow is missing'),
    fee: present(storage.tokens.get(ledger), 'an escrow has no token').fee,
    // Read when a payout to them is decided: mostly there is none.
    payees: {
      get provider() {
        return storage.payees.get(provider);
      },
      get author() {
        return author === undefined ? undefined : storage.payees.get(author);
      },
    },
    self: runtime.self(),
    now: runtime.time(),
  });
}

/** A ledger that stalls must not hold all calls. What is planned is sent when there is room again. */
function hasRoom({ memory, storage }: TreasuryCanister, id: TransferId): boolean {
  const transfer = present(storage.transfers.get(id), 'a planned transfer is missing');
  return memory.live.hasRoom(transfer.ledger, new Map());
}
