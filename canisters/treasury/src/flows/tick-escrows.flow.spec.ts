import { describe, expect, it } from 'vitest';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import { FakeMemories } from '@decent-cloud/kit/testing/memories.fake.ts';
import { FakeRuntime, FakeTimers } from '@decent-cloud/kit/testing/runtime.fake.ts';
import { Principal } from '@dfinity/principal';
import type { EscrowId } from '../core/ids.ts';
import type { Quote } from '../core/quotes/quote.ts';
import { openStorage } from '../storage/treasury-storage.ts';
import { OpenReads } from './audits/open-reads.ts';
import { AUDIT_LIMITS } from './audits/tick-audits.flow.ts';
import { VERIFY_LIMITS } from './audits/verify-escrow.flow.ts';
import { PriceClient } from './price-client.ts';
import { recordEvent } from './record-event.flow.ts';
import { startSettling, tickEscrows } from './tick-escrows.flow.ts';
import { transferMemory } from './transfers/transfer-canister.ts';

const ledger = Principal.fromUint8Array(Uint8Array.of(9, 1));
const someone = Principal.fromUint8Array(Uint8Array.of(1));

function newCanister() {
  const runtime = new FakeRuntime();
  const timers = new FakeTimers();
  const storage = openStorage(new FakeMemories().open);
  const prices = new PriceClient(runtime);
  const canister = {
    ...{ runtime, timers, storage, prices, memory: transferMemory() },
    audits: new OpenReads(AUDIT_LIMITS),
    verifications: new OpenReads(VERIFY_LIMITS),
    priceHint: () => undefined,
  };
  const fee = 10n as TokenUnits;
  const config = { ledger, symbol: 'T', decimals: 6, fee, minPayout: fee };
  const kind = 'token-configured';
  const event = { kind, by: someone, config: { ...config, hasIcrc3Blocks: true, isEnabled: true } };
  recordEvent(storage, { at: runtime.now, event: { ...event, kind } });
  return canister;
}

type TestCanister = ReturnType<typeof newCanister>;

/** A quote that lapses in ten minutes. */
function addQuote({ runtime, storage }: TestCanister): EscrowId {
  const id = storage.ids.escrows.next();
  const split = { platformBps: 300, authorBps: 0 };
  const quote = {
    id,
    terms: {
      ...{ rentalId: id, draftHash: new Uint8Array(32), payer: someone, ledger, provider: someone },
      ...{ totalUsdE8: 100n, termNs: durationNs({ days: 1 }), author: undefined, split },
      ...{ noticeNs: 0n, provisionWithinNs: durationNs({ hours: 1 }), slaCredits: [] },
      providerPenaltyBps: 0,
    },
    ...{ amount: 1_000n, ledgerFee: 10n, minPayout: 10n, tokenPriceUsdE8: 1n },
    ...{ priceAt: runtime.now, sourcesHash: new Uint8Array(0), createdAt: runtime.now },
    expiresAt: after(runtime.now, durationNs({ minutes: 10 })),
    ...{ reporter: someone, arbiter: someone },
  };
  recordEvent(storage, {
    at: runtime.now,
    event: { kind: 'quoted', quote: quote as unknown as Quote },
  });
  return id;
}

function phaseOf({ storage }: TestCanister, id: EscrowId): string | undefined {
  return storage.escrows.get(id)?.phase.kind;
}

/** Runs every message that waits; says how many trapped. */
async function runAll({ timers }: TestCanister): Promise<number> {
  let traps = 0;
  for (let isMore = true; isMore;) {
    try {
      isMore = await timers.fireNext();
    } catch {
      traps += 1;
    }
  }
  return traps;
}

describe('tickEscrows', () => {
  it('settles what is due in messages of its own, and nothing else', async () => {
    const canister = newCanister();
    const due = addQuote(canister);
    canister.runtime.now = after(canister.runtime.now, durationNs({ minutes: 10 }));
    const later = addQuote(canister);
    tickEscrows(canister);
    expect(canister.timers.delays).toHaveLength(1);
    expect(phaseOf(canister, due)).toBe('quoted');
    expect(await runAll(canister)).toBe(0);
    expect([phaseOf(canister, due), phaseOf(canister, later)]).toEqual(['lapsed', 'quoted']);
    tickEscrows(canister);
    expect(canister.timers.delays).toHaveLength(0);
  });

  it('gets on with the others when one traps', async () => {
    const canister = newCanister();
    const [first, second] = [addQuote(canister), addQuote(canister)];
    const broken = 99 as EscrowId;
    canister.storage.escrowsDue.schedule(broken, canister.runtime.now);
    canister.runtime.now = after(canister.runtime.now, durationNs({ minutes: 10 }));
    tickEscrows(canister);
    expect(await runAll(canister)).toBe(1);
    expect([phaseOf(canister, first), phaseOf(canister, second)]).toEqual(['lapsed', 'lapsed']);
  });

  it('does nothing twice', async () => {
    const canister = newCanister();
    const id = addQuote(canister);
    canister.runtime.now = after(canister.runtime.now, durationNs({ minutes: 10 }));
    for (let times = 0; times < 3; times += 1) startSettling(canister, id);
    const before = canister.storage.journal.length();
    expect(await runAll(canister)).toBe(0);
    expect(canister.storage.journal.length()).toBe(before + 1);
  });

  it('stops at its budget and takes the rest up with the next tick', async () => {
    const canister = newCanister();
    const ids = Array.from({ length: 300 }, () => addQuote(canister));
    canister.runtime.now = after(canister.runtime.now, durationNs({ minutes: 10 }));
    canister.runtime.instructionsNow = 10n ** 10n;
    tickEscrows(canister);
    expect(canister.timers.delays).toHaveLength(1);
    canister.runtime.instructionsNow = 0n;
    await runAll(canister);
    for (let ticks = 0; ticks < 2; ticks += 1) {
      tickEscrows(canister);
      expect(canister.timers.delays.length).toBeLessThanOrEqual(200);
      await runAll(canister);
    }
    expect(ids.filter((id) => phaseOf(canister, id) !== 'lapsed')).toEqual([]);
  });
});
