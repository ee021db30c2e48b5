import { createIdentity } from '@dfinity/pic';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import type { _SERVICE as Treasury } from '../../../dist/canisters/treasury/declarations/treasury.did.ts';
import { idlFactory } from '../../../dist/canisters/treasury/declarations/treasury.did.ts';
import { CONTROLLER, installCanister } from '../../kit/test/support/built-canister.ts';

const install = () => installCanister<Treasury>({ name: 'treasury', idlFactory });
const token = {
  ledger: Principal.fromText('xevnm-gaaaa-aaaar-qafnq-cai'),
  symbol: 'ckUSDC',
  decimals: 6,
  fee: 10_000n,
  has_icrc3_blocks: true,
  is_enabled: true,
};
const all = { from: [] as [], limit: 50, newest_first: false };

describe('treasury', () => {
  it('shows tokens and the journal to anybody, across an upgrade', async () => {
    const { actor, upgrade } = await install();
    actor.setPrincipal(CONTROLLER);
    expect(await actor.set_token(token)).toEqual({ Ok: 0n });
    expect(await actor.set_token({ ...token, is_enabled: false })).toEqual({ Ok: 1n });
    await upgrade();
    actor.setIdentity(createIdentity('somebody'));
    expect(await actor.get_token(token.ledger)).toMatchObject({
      Ok: { symbol: 'ckUSDC', decimals: 6, fee: 10_000n, is_enabled: false },
    });
    const tokens = await actor.list_tokens(all);
    expect(tokens).toMatchObject({ Ok: { rows: [{ seq: 0n }], next: [] } });
    const newest = await actor.list_events({ ...all, limit: 1, newest_first: true });
    expect(newest).toMatchObject({
      Ok: {
        rows: [
          { seq: 1n, value: { event: [{ TokenConfigured: { config: { is_enabled: false } } }] } },
        ],
        next: [0n],
      },
    });
  });

  it.each(['anonymous', 'somebody'])('lets no %s configure a token', async (who) => {
    const { actor } = await install();
    if (who !== 'anonymous') actor.setIdentity(createIdentity(who));
    const leaf = who === 'anonymous' ? { NotAuthenticated: null } : { NotAllowed: null };
    expect(await actor.set_token(token)).toMatchObject({ Err: { kind: { RequestError: [leaf] } } });
    expect(await actor.list_events(all)).toMatchObject({ Ok: { rows: [] } });
  });

  it('refuses pages that are too large and tokens that do not exist', async () => {
    const { actor } = await install();
    const leaf = { InvalidArgument: { argument: 'limit' } };
    expect(await actor.list_tokens({ ...all, limit: 51 })).toMatchObject({
      Err: { kind: { RequestError: [leaf] } },
    });
    expect(await actor.get_token(token.ledger)).toMatchObject({
      Err: { kind: { RequestError: [{ NotFound: null }] } },
    });
  });

  it('tells its version, health and metrics', async () => {
    const { actor, readPage } = await install();
    actor.setPrincipal(CONTROLLER);
    await actor.set_token(token);
    expect(await actor.version()).toBe('0.1.0');
    expect(JSON.parse(await readPage('/healthz'))).toEqual({ status: 'ok', version: '0.1.0' });
    expect(await readPage('/metrics')).toContain('\ndc_treasury_events 1\n');
  });
});
