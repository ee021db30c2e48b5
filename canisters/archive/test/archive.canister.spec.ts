import { createIdentity } from '@dfinity/pic';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import type { _SERVICE as Archive } from '../../../dist/canisters/archive/declarations/archive.did.ts';
import { idlFactory } from '../../../dist/canisters/archive/declarations/archive.did.ts';
import { CONTROLLER, installCanister } from '../../kit/test/support/built-canister.ts';

const [market, renter, provider] = ['market', 'renter', 'provider'].map((name) =>
  Principal.fromText(createIdentity(name).getPrincipal().toText()),
) as [Principal, Principal, Principal];

const rental = {
  id: 7n,
  renter,
  provider,
  offering: 'cx23 in Falkenstein',
  started_at_ns: [10n] as [bigint],
  closed_at_ns: 20n,
  outcome: { Cancelled: { Renter: null } },
  ledger: Principal.fromText('xevnm-gaaaa-aaaar-qafnq-cai'),
  paid: 100n,
  refunded: 40n,
};
const page = { from: [] as [], limit: 2, newest_first: true };
const refusal = (leaf: object) => ({ Err: { kind: { RequestError: [leaf] } } });

async function installWithWriter() {
  const canister = await installCanister<Archive>({ name: 'archive', idlFactory });
  canister.actor.setPrincipal(CONTROLLER);
  expect(await canister.actor.set_writer(market, true)).toEqual({ Ok: null });
  canister.actor.setIdentity(createIdentity('market'));
  return canister;
}

describe('archive', () => {
  it('keeps what the market hands over, for its parties, across an upgrade', async () => {
    const { actor, upgrade } = await installWithWriter();
    for (const id of [1n, 2n, 3n]) {
      expect(await actor.store_rental({ ...rental, id })).toMatchObject({ Ok: { id } });
    }
    await upgrade();
    for (const party of ['renter', 'provider']) {
      actor.setIdentity(createIdentity(party));
      expect(await actor.get_rental(2n)).toMatchObject({
        Ok: { id: 2n, outcome: [rental.outcome], started_at_ns: [10n], paid: 100n },
      });
    }
    actor.setIdentity(createIdentity('renter'));
    expect(await actor.list_my_rentals(page)).toMatchObject({
      Ok: { rows: [{ value: { id: 3n } }, { value: { id: 2n } }], next: [0n] },
    });
  });

  it('takes the same rental twice and another one under its id never', async () => {
    const { actor } = await installWithWriter();
    expect(await actor.store_rental(rental)).toHaveProperty('Ok');
    expect(await actor.store_rental(rental)).toHaveProperty('Ok');
    const other = { ...rental, refunded: 0n };
    expect(await actor.store_rental(other)).toMatchObject(refusal({ Conflict: null }));
  });

  it('refuses strangers and the anonymous caller', async () => {
    const { actor } = await installWithWriter();
    await actor.store_rental(rental);
    actor.setIdentity(createIdentity('stranger'));
    const notAllowed = refusal({ NotAllowed: null });
    expect(await actor.store_rental({ ...rental, id: 8n })).toMatchObject(notAllowed);
    expect(await actor.get_rental(7n)).toMatchObject(notAllowed);
    expect(await actor.set_writer(market, false)).toMatchObject(notAllowed);
    expect(await actor.list_my_rentals(page)).toMatchObject({ Ok: { rows: [] } });
    actor.setPrincipal(Principal.anonymous() as never);
    const notAuthenticated = refusal({ NotAuthenticated: null });
    expect(await actor.store_rental({ ...rental, id: 8n })).toMatchObject(notAuthenticated);
    expect(await actor.get_rental(7n)).toMatchObject(notAuthenticated);
    expect(await actor.list_my_rentals(page)).toMatchObject(notAuthenticated);
    expect(await actor.is_writer(market)).toBe(true);
  });

  it('refuses an id that is no rental id', async () => {
    const { actor } = await installWithWriter();
    const wrongId = refusal({ InvalidArgument: { argument: 'id' } });
    expect(await actor.store_rental({ ...rental, id: 2n ** 63n })).toMatchObject(wrongId);
    expect(await actor.get_rental(2n ** 64n - 1n)).toMatchObject(wrongId);
  });

  it('tells its version, health and metrics', async () => {
    const { actor, readPage } = await installWithWriter();
    await actor.store_rental(rental);
    expect(await actor.version()).toBe('0.1.0');
    expect(JSON.parse(await readPage('/healthz'))).toEqual({ status: 'ok', version: '0.1.0' });
    expect(await readPage('/metrics')).toContain('\ndc_archive_rentals 1\n');
  });
});
