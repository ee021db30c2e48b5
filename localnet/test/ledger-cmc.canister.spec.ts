import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { beforeEach, describe, expect, it } from 'vitest';
import { hashTreeFromCbor } from '../src/crypto/hash-tree-cbor.ts';
import { decodeCbor } from '../src/crypto/cbor.ts';
import { CMC_SERVICE } from '../src/system/cmc/cmc-idl.ts';
import { INTENT_MEMOS, subaccountOf } from '../src/system/cmc/payments.ts';
import { CYCLES_LEDGER_SERVICE } from '../src/system/cycles-ledger/cycles-idl.ts';
import { installSystemCanisters } from '../src/system/genesis.ts';
import { accountOf } from '../src/system/ledger/core/account.ts';
import { ICP_LEDGER_SERVICE } from '../src/system/ledger/icp/icp-idl.ts';
import { ICP_TRANSFER_FEE_E8S as FEE } from '../src/system/ledger/icp/icp-ledger.ts';
import {
  CMC_ID,
  CYCLES_LEDGER_ID,
  GOVERNANCE_ID,
  ICP_LEDGER_ID,
} from '../src/system/system-ids.ts';
import { forwarderProgram } from './fixtures/forwarder-program.ts';
import { accountId, send } from './fixtures/icp-scenarios.ts';
import {
  account,
  ALICE,
  balance,
  BOB,
  call,
  SECOND_NS,
  supply,
  transfer,
  type Answer,
  type LedgerWorld,
} from './fixtures/ledger-world.ts';
import { newClient } from './fixtures/ledger-worlds.ts';

const TRILLION = 1_000_000_000_000n;
const ICP = 100_000_000n;
const ALICE_E8S = 1_000n * ICP;
/** One ICP is 100 XDR by default. */
const CYCLES_PER_ICP = 100n * TRILLION;
const CYCLES_FEE = 100_000_000n;
const TARGET_ID = Principal.fromText('bkyz2-fmaaa-aaaaa-qaaaq-cai');
const NOWHERE = Principal.fromUint8Array(Uint8Array.of(0, 0, 0, 0, 0, 0x11, 0x22, 0x33, 1, 1));

let icp: LedgerWorld;
let cycles: LedgerWorld;
let cmc: LedgerWorld;

beforeEach(() => {
  const client = newClient();
  installSystemCanisters(client.replica, {
    icp: [{ account: accountOf(ALICE), amountE8s: ALICE_E8S }],
    cycles: [{ account: accountOf(ALICE), amount: 50n * TRILLION }],
    icpArchive: { triggerThreshold: 20, blocksToArchive: 15 },
  });
  client.replica.installNative(TARGET_ID, forwarderProgram(), 0n);
  client.advance(SECOND_NS);
  icp = { client, ledgerId: ICP_LEDGER_ID, service: ICP_LEDGER_SERVICE };
  cycles = { client, ledgerId: CYCLES_LEDGER_ID, service: CYCLES_LEDGER_SERVICE };
  cmc = { client, ledgerId: CMC_ID, service: CMC_SERVICE };
});

type Intent = keyof typeof INTENT_MEMOS;

/** Pays the CMC for `beneficiary`; returns the block. */
function pay(beneficiary: Principal, memo: bigint, amount = ICP): bigint {
  const to = accountId(CMC_ID, subaccountOf(beneficiary));
  icp.client.advance(1n);
  return (send(icp, ALICE, { to, amount, memo }) as { Ok: bigint }).Ok;
}

function payFor(intent: Intent, beneficiary: Principal, amount = ICP): bigint {
  return pay(beneficiary, INTENT_MEMOS[intent], amount);
}

function topUp(block: bigint, canisterId = TARGET_ID): Answer {
  return call(cmc, ALICE, 'notify_top_up', { block_index: block, canister_id: canisterId });
}

function mintCycles(block: bigint): Answer {
  const arg = { block_index: block, to_subaccount: [], deposit_memo: [] };
  return call(cmc, ALICE, 'notify_mint_cycles', arg);
}

function createCanister(block: bigint, options: Record<string, unknown> = {}): Answer {
  return call(cmc, ALICE, 'notify_create_canister', {
    ...{ block_index: block, controller: ALICE, settings: [] },
    ...{ subnet_type: [], subnet_selection: [], ...options },
  });
}

function cyclesOf(id: Principal): bigint {
  return cmc.client.replica.canister(id)?.cycles ?? 0n;
}

function methodOf(service: IDL.ServiceClass, method: string): IDL.FuncClass | undefined {
  return service._fields.find(([name]) => name === method)?.[1];
}

const TOP_UP = methodOf(CMC_SERVICE, 'notify_top_up');

function encodeTopUp(arg: unknown): Uint8Array {
  return IDL.encode(TOP_UP?.argTypes ?? [], [arg]);
}

function decodeTopUp(data: Uint8Array): Answer {
  return IDL.decode(TOP_UP?.retTypes ?? [], new Uint8Array(data))[0];
}

function outcomeName(answer: Answer): string {
  return 'Ok' in (answer as object) ? 'Ok' : errorName(answer);
}

function errorName(answer: Answer): string {
  return Object.keys((answer as { Err: object }).Err)[0] ?? '';
}

describe('genesis', () => {
  it('makes the anonymous principal rich and backs every cycle on the ledger', () => {
    const anonymous = Principal.anonymous();
    expect(balance(icp, anonymous)).toBe(1_000_000_000n * ICP);
    expect(balance(cycles, anonymous)).toBe(1_000_000_000n * TRILLION);
    expect(cyclesOf(CYCLES_LEDGER_ID)).toBeGreaterThan(supply(cycles) as bigint);
  });

  it('names the subnet as the one canisters are created on', () => {
    const { subnetId } = cmc.client.replica;
    expect(call(cmc, ALICE, 'get_default_subnets')).toEqual([subnetId]);
    expect(call(cmc, ALICE, 'get_subnet_types_to_subnets')).toEqual({ data: [] });
    const method = 'get_principals_authorized_to_create_canisters_to_subnets';
    expect(call(cmc, ALICE, method)).toEqual({ data: [] });
  });
});

describe('CMC notify_top_up', () => {
  it('gives a canister cycles for ICP, burns the ICP, and does so once', () => {
    const before = { cycles: cyclesOf(TARGET_ID), supply: supply(icp) as bigint };
    const block = payFor('top-up', TARGET_ID);
    expect(topUp(block)).toEqual({ Ok: CYCLES_PER_ICP });
    expect(cyclesOf(TARGET_ID) - before.cycles).toBe(CYCLES_PER_ICP);
    expect(before.supply - (supply(icp) as bigint)).toBe(ICP + FEE);

    expect(topUp(block)).toEqual({ Ok: CYCLES_PER_ICP });
    expect(cyclesOf(TARGET_ID) - before.cycles).toBe(CYCLES_PER_ICP);
  });

  it('processes a payment once although it is claimed several times at once', () => {
    const arg = { block_index: payFor('top-up', TARGET_ID), canister_id: TARGET_ID };
    const target = { sender: ALICE, canisterId: CMC_ID, method: 'notify_top_up' };
    const responses = cmc.client.updatesAtOnce(target, encodeTopUp(arg), 5);
    const names = responses.map((response) =>
      response.kind === 'reply' ? outcomeName(decodeTopUp(response.data)) : 'rejected',
    );
    expect(names.filter((name) => name !== 'Processing')).toContain('Ok');
    expect(names.every((name) => name === 'Ok' || name === 'Processing')).toBe(true);
    expect(cyclesOf(TARGET_ID)).toBe(CYCLES_PER_ICP);
  });

  it('reads the intent from an 8-byte ICRC-1 memo too', () => {
    const memo = new Uint8Array(8);
    new DataView(memo.buffer).setBigUint64(0, INTENT_MEMOS['top-up'], true);
    const to = account(CMC_ID, subaccountOf(TARGET_ID));
    const { Ok: block } = transfer(icp, ALICE, { to, amount: 2n * ICP, memo }) as { Ok: bigint };
    expect(topUp(block)).toEqual({ Ok: 2n * CYCLES_PER_ICP });
  });

  it('finds a payment that has been archived', () => {
    const block = payFor('top-up', TARGET_ID);
    for (let count = 0; count < 20; count += 1) pay(BOB, 1n, 1n);
    const { archives } = call(icp, ALICE, 'archives') as { archives: unknown[] };
    expect(archives).toHaveLength(1);
    expect(topUp(block)).toEqual({ Ok: CYCLES_PER_ICP });
  });

  it('refuses a payment to another account, of another kind, or that does not exist', () => {
    const block = payFor('top-up', TARGET_ID);
    expect(errorName(topUp(block, CYCLES_LEDGER_ID))).toBe('InvalidTransaction');
    expect(errorName(mintCycles(payFor('top-up', ALICE)))).toBe('InvalidTransaction');
    expect(errorName(topUp(999n))).toBe('InvalidTransaction');
    expect(errorName(topUp(1n))).toBe('InvalidTransaction');
    expect(topUp(block)).toEqual({ Ok: CYCLES_PER_ICP });
  });

  it('sends the ICP back, less fees, when there is no such canister', () => {
    const before = balance(icp, ALICE) as bigint;
    const block = payFor('top-up', NOWHERE);
    const answer = topUp(block, NOWHERE) as { Err: { Refunded: { block_index: bigint[] } } };
    expect(answer.Err.Refunded.block_index).toEqual([block + 1n]);
    // Its own transfer, the transfer back, and two fees for the trouble.
    expect(before - (balance(icp, ALICE) as bigint)).toBe(4n * FEE);
    expect(topUp(block, NOWHERE)).toEqual(answer);
    expect(before - (balance(icp, ALICE) as bigint)).toBe(4n * FEE);
  });

  it('sends a payment with an unknown memo back at once, and only once', () => {
    const before = balance(icp, ALICE) as bigint;
    const block = pay(TARGET_ID, 0xdeadbeefn);
    const answer = topUp(block);
    expect(errorName(answer)).toBe('Refunded');
    expect(topUp(block)).toEqual(answer);
    expect(before - (balance(icp, ALICE) as bigint)).toBe(2n * FEE);
    expect(cyclesOf(TARGET_ID)).toBe(0n);
  });
});

describe('CMC notify_create_canister', () => {
  it('creates a canister of the caller, once per payment', () => {
    const block = payFor('create', ALICE, 2n * ICP);
    const { Ok: id } = createCanister(block) as { Ok: Principal };
    const view = cmc.client.replica.canister(id);
    expect(view?.controllers.map(String)).toEqual([ALICE.toText()]);
    expect(view?.cycles).toBeGreaterThan(CYCLES_PER_ICP);
    expect(createCanister(block)).toEqual({ Ok: id });
    expect(errorName(mintCycles(block))).toBe('InvalidTransaction');
  });

  it('creates for the caller only, on a subnet that exists', () => {
    const block = payFor('create', ALICE);
    expect(createCanister(block, { controller: BOB })).toMatchObject({
      Err: { Other: { error_code: 5n } },
    });
    const both = { subnet_type: ['x'], subnet_selection: [{ Filter: { subnet_type: [] } }] };
    expect(createCanister(block, both)).toMatchObject({ Err: { Other: { error_code: 4n } } });
    const before = balance(icp, ALICE) as bigint;
    expect(errorName(createCanister(block, { subnet_type: ['fast'] }))).toBe('Refunded');
    expect((balance(icp, ALICE) as bigint) - before).toBe(ICP - 5n * FEE);
  });
});

describe('CMC notify_mint_cycles', () => {
  it('puts cycles on the account of the caller', () => {
    const before = balance(cycles, ALICE) as bigint;
    const answer = mintCycles(payFor('mint', ALICE, 3n * ICP)) as { Ok: { minted: bigint } };
    expect(answer.Ok.minted).toBe(3n * CYCLES_PER_ICP);
    const minted = 3n * CYCLES_PER_ICP - CYCLES_FEE;
    expect((balance(cycles, ALICE) as bigint) - before).toBe(minted);
  });
});

describe('cycles ledger create_canister', () => {
  function create(options: { amount?: bigint; createdAtNs?: bigint } = {}): Answer {
    return call(cycles, ALICE, 'create_canister', {
      from_subaccount: [],
      created_at_time: options.createdAtNs === undefined ? [] : [options.createdAtNs],
      amount: options.amount ?? 2n * TRILLION,
      creation_args: [],
    });
  }

  it('creates a canister of the caller through the CMC, paid from the account', () => {
    const reserve = cyclesOf(CMC_ID);
    const before = balance(cycles, ALICE) as bigint;
    const createdAtNs = cycles.client.nowNs;
    const { Ok: created } = create({ createdAtNs }) as {
      Ok: { block_id: bigint; canister_id: Principal };
    };
    const view = cmc.client.replica.canister(created.canister_id);
    expect(view?.controllers.map(String)).toEqual([ALICE.toText()]);
    expect(before - (balance(cycles, ALICE) as bigint)).toBe(2n * TRILLION + CYCLES_FEE);
    expect(cyclesOf(CMC_ID)).toBe(reserve);
    expect(create({ createdAtNs })).toEqual({
      Err: { Duplicate: { duplicate_of: created.block_id, canister_id: [created.canister_id] } },
    });
  });

  it('returns what the CMC refuses, less fees', () => {
    const before = balance(cycles, ALICE) as bigint;
    const answer = create({ amount: 1_000n * CYCLES_FEE - 1n }) as {
      Err: { FailedToCreate: { refund_block: bigint[] } };
    };
    expect(answer.Err.FailedToCreate.refund_block).toHaveLength(1);
    expect(before - (balance(cycles, ALICE) as bigint)).toBe(2n * CYCLES_FEE);
    expect(create({ amount: 1n << 90n })).toMatchObject({
      Err: { InsufficientFunds: { balance: before - 2n * CYCLES_FEE } },
    });
  });
});

describe('CMC conversion rate', () => {
  interface CertifiedRate {
    readonly data: { timestamp_seconds: bigint; xdr_permyriad_per_icp: bigint };
    readonly hash_tree: Uint8Array;
  }

  function rate(method = 'get_icp_xdr_conversion_rate'): CertifiedRate {
    return call(cmc, ALICE, method) as CertifiedRate;
  }

  function setRate(sender: Principal, permyriad: bigint, secondsAhead = 1n): Answer {
    return call(cmc, sender, 'set_icp_xdr_conversion_rate', {
      data_source: 'test',
      timestamp_seconds: cmc.client.nowNs / SECOND_NS + secondsAhead,
      xdr_permyriad_per_icp: permyriad,
    });
  }

  function expectCertified(answer: CertifiedRate): void {
    const tree = hashTreeFromCbor(decodeCbor(answer.hash_tree));
    expect(tree.hash).toEqual(cmc.client.replica.canister(CMC_ID)?.certifiedData);
  }

  it('is certified, and stays fresh', () => {
    const first = rate();
    expectCertified(first);
    cmc.client.advance(600n * SECOND_NS);
    const later = rate();
    expectCertified(later);
    expect(later.data.timestamp_seconds - first.data.timestamp_seconds).toBe(600n);
    expect(later.data.xdr_permyriad_per_icp).toBe(1_000_000n);
  });

  it('is set by governance alone, forward in time, and moves the average from the next day', () => {
    expect(setRate(ALICE, 5n)).toEqual({ reject: 5 });
    expect(setRate(GOVERNANCE_ID, 30_000n)).toEqual({ Ok: null });
    expect(rate().data.xdr_permyriad_per_icp).toBe(30_000n);
    expect(errorName(setRate(GOVERNANCE_ID, 0n, 5n))).not.toBe('');
    expect(errorName(setRate(GOVERNANCE_ID, 9n, -400n))).not.toBe('');
    expectCertified(rate());
    const average = 'get_average_icp_xdr_conversion_rate';
    expect(rate(average).data.xdr_permyriad_per_icp).toBe(1_000_000n);
    cmc.client.advance(86_400n * SECOND_NS);
    expect(rate(average).data.xdr_permyriad_per_icp).toBe((1_000_000n + 30_000n) / 2n);
    expectCertified(rate(average));
    expect(topUp(payFor('top-up', TARGET_ID))).toEqual({ Ok: 3n * TRILLION });
  });
});
