import { createIdentity } from '@dfinity/pic';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import type { _SERVICE as TokenValue } from '../../../dist/canisters/token-value/declarations/token-value.did.ts';
import { idlFactory } from '../../../dist/canisters/token-value/declarations/token-value.did.ts';
import { CONTROLLER, installCanister } from '../../kit/test/support/built-canister.ts';

const install = () => installCanister<TokenValue>({ name: 'token-value', idlFactory });
const pool = {
  origin: {
    IcpSwapPool: {
      pool: Principal.fromText('mohjv-bqaaa-aaaag-qjyia-cai'),
      base: Principal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai'),
      quote: Principal.fromText('xevnm-gaaaa-aaaar-qafnq-cai'),
    },
  },
  min_depth_usd_e8: 1_000_000_000_000n,
  is_enabled: true,
};
const rate = {
  origin: {
    ExchangeRate: {
      canister: Principal.fromText('uf6dk-hyaaa-aaaaq-qaaaq-cai'),
      base_symbol: 'ICP',
      quote_symbol: 'USD',
    },
  },
  min_depth_usd_e8: 0n,
  is_enabled: true,
};

describe('token-value', () => {
  it('keeps sources of every kind across an upgrade', async () => {
    const { actor, upgrade } = await install();
    actor.setPrincipal(CONTROLLER);
    expect(await actor.add_source(pool)).toEqual({ Ok: 0n });
    expect(await actor.add_source(rate)).toEqual({ Ok: 1n });
    expect(await actor.set_source_enabled(1n, false)).toMatchObject({ Ok: { is_enabled: false } });
    await upgrade();
    actor.setIdentity(createIdentity('somebody'));
    const page = await actor.list_sources({ from: [], limit: 50, newest_first: true });
    expect(page).toMatchObject({
      Ok: {
        rows: [
          {
            seq: 1n,
            value: { origin: [{ ExchangeRate: { base_symbol: 'ICP' } }], is_enabled: false },
          },
          { seq: 0n, value: { min_depth_usd_e8: pool.min_depth_usd_e8, is_enabled: true } },
        ],
        next: [],
      },
    });
    expect(await actor.get_source(0n)).toHaveProperty('Ok.origin.0.IcpSwapPool');
  });

  it.each(['anonymous', 'somebody'])('lets no %s configure a source', async (who) => {
    const { actor } = await install();
    if (who !== 'anonymous') actor.setIdentity(createIdentity(who));
    const leaf = who === 'anonymous' ? { NotAuthenticated: null } : { NotAllowed: null };
    const refused = { Err: { kind: { RequestError: [leaf] } } };
    expect(await actor.add_source(pool)).toMatchObject(refused);
    expect(await actor.set_source_enabled(0n, true)).toMatchObject(refused);
  });

  it('answers for ids beyond any row', async () => {
    const { actor } = await install();
    for (const id of [0n, 2n ** 32n - 1n, 2n ** 64n - 1n]) {
      expect(await actor.get_source(id)).toMatchObject({
        Err: { kind: { RequestError: [{ NotFound: null }] } },
      });
    }
  });

  it('tells its version, health and metrics', async () => {
    const { actor, readPage } = await install();
    expect(await actor.version()).toBe('0.1.0');
    expect(JSON.parse(await readPage('/healthz'))).toEqual({ status: 'ok', version: '0.1.0' });
    expect(await readPage('/metrics')).toContain('\ndc_token_value_sources 0\n');
  });
});
