import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { err, ok } from '@decent-cloud/domain/result.ts';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import { FakeRuntime } from '@decent-cloud/kit/testing/runtime.fake.ts';
import { PriceClient } from './price-client.ts';

const TOKEN_VALUE = Principal.fromUint8Array(Uint8Array.of(3, 1));
const LEDGER = Principal.fromUint8Array(Uint8Array.of(4, 1));
const OTHER = Principal.fromUint8Array(Uint8Array.of(5, 1));

const Ok = IDL.Record({
  symbol: IDL.Text,
  usd_e8: IDL.Nat,
  at_ns: IDL.Nat64,
  sources_hash: IDL.Vec(IDL.Nat8),
  exposure_cap_usd_e8: IDL.Opt(IDL.Nat),
});
const Leaf = IDL.Variant({
  NoPrice: IDL.Record({ reason: IDL.Text, last_good_at_ns: IDL.Opt(IDL.Nat64) }),
  Busy: IDL.Null,
});
const Answer = IDL.Variant({
  Ok,
  Err: IDL.Record({
    kind: IDL.Variant({
      RequestError: IDL.Opt(IDL.Variant({ UnknownToken: IDL.Null, Later: IDL.Null })),
      TemporaryError: IDL.Opt(Leaf),
    }),
    message: IDL.Text,
  }),
});

function world() {
  const runtime = new FakeRuntime();
  let asked = 0;
  const answer = (value: unknown, type: IDL.Type = Answer) => {
    runtime.answerCall = () => {
      asked += 1;
      return Promise.resolve(ok(new Uint8Array(IDL.encode([type], [value]))));
    };
  };
  const price = (usdE8: bigint, cap?: bigint) => {
    const exposure_cap_usd_e8 = cap === undefined ? [] : [cap];
    const hash = new Uint8Array(32);
    const fields = { symbol: 'T', usd_e8: usdE8, at_ns: 5n, sources_hash: hash };
    answer({ Ok: { ...fields, exposure_cap_usd_e8 } });
  };
  const wait = (seconds: number) => {
    runtime.now = after(runtime.now, durationNs({ seconds }));
  };
  const client = new PriceClient(runtime);
  const ask = (ledger = LEDGER) => client.current(TOKEN_VALUE, ledger);
  return { runtime, client, answer, price, wait, ask, asked: () => asked };
}

describe('PriceClient', () => {
  it('asks once in 30 seconds for each token', async () => {
    const { price, wait, ask, asked } = world();
    price(100n, 9n);
    expect(await ask()).toEqual(
      ok({ usdE8: 100n, at: 5n, sourcesHash: new Uint8Array(32), exposureCapUsdE8: 9n }),
    );
    price(200n);
    wait(30);
    expect(await ask()).toMatchObject({ value: { usdE8: 100n } });
    expect(await ask(OTHER)).toMatchObject({ value: { usdE8: 200n } });
    wait(1);
    expect(await ask()).toMatchObject({ value: { usdE8: 200n } });
    expect(asked()).toBe(3);
  });

  it('gives no old price where token-value has none', async () => {
    const { price, answer, wait, ask } = world();
    price(100n);
    await ask();
    wait(31);
    const leaf = { NoPrice: { reason: 'quarantine', last_good_at_ns: [4n] } };
    answer({ Err: { kind: { TemporaryError: [leaf] }, message: '' } });
    expect(await ask()).toMatchObject({
      error: {
        kind: 'temporary',
        leaf: { kind: 'no-price', reason: 'quarantine', lastGoodAt: 4n },
      },
    });
  });

  it.each([
    {
      desc: 'an unknown token',
      value: { RequestError: [{ UnknownToken: null }] },
      kind: 'request',
    },
    { desc: 'an unknown reason', value: { RequestError: [] }, kind: 'request' },
    { desc: 'a busy service', value: { TemporaryError: [{ Busy: null }] }, kind: 'temporary' },
  ])('refuses for $desc', async ({ value, kind }) => {
    const { answer, ask } = world();
    answer({ Err: { kind: value, message: '' } });
    expect(await ask()).toMatchObject({ kind: 'err', error: { kind } });
  });

  it('says that there is no price if the call fails, the answer is odd, or the price is 0', async () => {
    const { runtime, answer, price, ask } = world();
    const noPrice = { error: { kind: 'temporary', leaf: { kind: 'no-price' } } };
    runtime.answerCall = () =>
      Promise.resolve(err({ kind: 'rejected', code: 5, message: 'it trapped' }));
    expect(await ask()).toMatchObject(noPrice);
    answer('no variant', IDL.Text);
    expect(await ask()).toMatchObject(noPrice);
    price(0n);
    expect(await ask()).toMatchObject(noPrice);
  });

  it('hints for half an hour and knows which tokens have no cap', async () => {
    const { client, price, wait, ask } = world();
    expect(client.hint(LEDGER)).toBeUndefined();
    price(100n);
    await ask();
    price(100n, 1n);
    await ask(OTHER);
    expect([client.isUncapped(LEDGER), client.isUncapped(OTHER)]).toEqual([true, false]);
    wait(30 * 60);
    expect(client.hint(LEDGER)).toBe(100n);
    wait(1);
    expect(client.hint(LEDGER)).toBeUndefined();
  });
});
