import { createIdentity } from '@dfinity/pic';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import type { _SERVICE as Treasury } from '../../../dist/canisters/treasury/declarations/treasury.did.ts';
import { idlFactory } from '../../../dist/canisters/treasury/declarations/treasury.did.ts';
import { userPrincipal } from '@decent-cloud/localnet/testing/replica-world.ts';
import { CONTROLLER, installCanister } from '../../kit/test/support/built-canister.ts';

const install = () => installCanister<Treasury>({ name: 'treasury', idlFactory });
const token = {
  ledger: Principal.fromText('xevnm-gaaaa-aaaar-qafnq-cai'),
  symbol: 'ckUSDC',
  decimals: 6,
  fee: 10_000n,
  min_payout: 1_000_000n,
  has_icrc3_blocks: true,
  is_enabled: true,
};
const settings = {
  rental: userPrincipal('rental'),
  arbiter: userPrincipal('arbiter'),
  token_value: userPrincipal('prices'),
};
const all = { from: [] as [], limit: 50, newest_first: false };

describe('treasury', () => {
  it('shows tokens, settings and the journal to anybody, across an upgrade', async () => {
    const { actor, upgrade } = await install();
    actor.setPrincipal(CONTROLLER);
    expect(await actor.set_token(token)).toEqual({ Ok: 0n });
    expect(await actor.set_token({ ...token, is_enabled: false })).toEqual({ Ok: 1n });
    expect(await actor.set_settings(settings)).toEqual({ Ok: 2n });
    await upgrade();
    actor.setIdentity(createIdentity('somebody'));
    expect(await actor.get_token(token.ledger)).toMatchObject({
      Ok: { symbol: 'ckUSDC', decimals: 6, fee: 10_000n, is_enabled: false },
    });
    const shown = await actor.settings();
    if (!('Ok' in shown)) throw new Error(shown.Err.message);
    expect(shown.Ok.rental.toText()).toBe(settings.rental.toText());
    const tokens = await actor.list_tokens(all);
    expect(tokens).toMatchObject({ Ok: { rows: [{ seq: 0n }], next: [] } });
    const newest = await actor.list_events({ ...all, limit: 2, newest_first: true });
    expect(newest).toMatchObject({
      Ok: {
        rows: [
          { seq: 2n, value: { event: [{ SettingsChanged: {} }] } },
          { seq: 1n, value: { event: [{ TokenConfigured: { config: { is_enabled: false } } }] } },
        ],
        next: [0n],
      },
    });
  });

  it.each(['anonymous', 'somebody'])('lets no %s configure anything', async (who) => {
    const { actor } = await install();
    if (who !== 'anonymous') actor.setIdentity(createIdentity(who));
    const leaf = who === 'anonymous' ? { NotAuthenticated: null } : { NotAllowed: null };
    const refused = { Err: { kind: { RequestError: [leaf] } } };
    expect(await actor.set_token(token)).toMatchObject(refused);
    expect(await actor.set_settings(settings)).toMatchObject(refused);
    const to = { owner: settings.rental, subaccount: [] as [] };
    const withdrawal = { ledger: token.ledger, to, amount: [] as [] };
    expect(await actor.withdraw_fees(withdrawal)).toMatchObject(refused);
    expect(await actor.resolve_transfer(0n, { Replan: null })).toMatchObject(refused);
    expect(await actor.list_events(all)).toMatchObject({ Ok: { rows: [] } });
  });

  it('refuses pages that are too large and things that do not exist', async () => {
    const { actor } = await install();
    const leaf = { InvalidArgument: { argument: 'limit' } };
    const tooLarge = { Err: { kind: { RequestError: [leaf] } } };
    expect(await actor.list_tokens({ ...all, limit: 51 })).toMatchObject(tooLarge);
    expect(await actor.check_invariants(0n, 201)).toMatchObject(tooLarge);
    const notFound = { Err: { kind: { RequestError: [{ NotFound: null }] } } };
    expect(await actor.settings()).toMatchObject(notFound);
    expect(await actor.get_token(token.ledger)).toMatchObject(notFound);
    expect(await actor.get_quote(0n)).toMatchObject(notFound);
    expect(await actor.get_escrow(0n)).toMatchObject(notFound);
    expect(await actor.get_transfer(0n)).toMatchObject(notFound);
    expect(await actor.check_escrow(0n)).toMatchObject(notFound);
    const noNumber = { Err: { kind: { RequestError: [{ InvalidArgument: {} }] } } };
    expect(await actor.get_escrow(2n ** 63n)).toMatchObject(noNumber);
    expect(await actor.list_escrows_of_rental(1n, all)).toMatchObject({ Ok: { rows: [] } });
    expect(await actor.parked_transfers(all)).toMatchObject({ Ok: { rows: [] } });
  });

  it('tells its version, health and metrics', async () => {
    const { actor, readPage } = await install();
    actor.setPrincipal(CONTROLLER);
    await actor.set_token(token);
    expect(await actor.version()).toBe('0.1.0');
    expect(JSON.parse(await readPage('/healthz'))).toEqual({ status: 'ok', version: '0.1.0' });
    const metrics = await readPage('/metrics');
    expect(metrics).toContain('\ndc_treasury_events 1\n');
    expect(metrics).toContain('\ndc_treasury_parked_transfers{token="ckUSDC"} 0\n');
    expect(metrics).toContain('\ndc_treasury_overdue_seconds 0\n');
  });
});
