import { createIdentity, type Actor } from '@dfinity/pic';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import type { _SERVICE as Rental } from '../../../dist/canisters/rental/declarations/rental.did.ts';
import { idlFactory } from '../../../dist/canisters/rental/declarations/rental.did.ts';
import { CONTROLLER, installCanister } from '../../kit/test/support/built-canister.ts';

const alice = createIdentity('alice');
const bob = createIdentity('bob');

const install = () => installCanister<Rental>({ name: 'rental', idlFactory });

const refusedAs = (reason: object) => ({ Err: { kind: { RequestError: [reason] } } });

const nameOf = async (actor: Actor<Rental>) => {
  const account = await actor.get_my_account();
  return 'Ok' in account ? [account.Ok.id, account.Ok.display_name] : account;
};

const settings = {
  treasury: Principal.fromText('rwlgt-iiaaa-aaaaa-aaaaa-cai'),
  archive: Principal.fromText('rrkah-fqaaa-aaaaa-aaaaq-cai'),
  installation: 'test',
  platform_agents: [],
  retention_ns: 30n * 86_400_000_000_000n,
};

describe('rental', () => {
  it('keeps accounts and settings across an upgrade', async () => {
    const { actor, upgrade } = await install();
    actor.setIdentity(alice);
    expect(await actor.put_my_profile({ display_name: 'Ada' })).toHaveProperty('Ok.id', 0n);
    actor.setIdentity(bob);
    expect(await actor.put_my_profile({ display_name: 'Grace' })).toHaveProperty('Ok.id', 1n);
    actor.setPrincipal(CONTROLLER);
    expect(await actor.set_settings(settings)).toEqual({ Ok: settings });
    await upgrade();
    expect(await actor.settings()).toEqual({ Ok: settings });
    actor.setIdentity(bob);
    expect(await nameOf(actor)).toEqual([1n, 'Grace']);
    actor.setIdentity(alice);
    expect(await nameOf(actor)).toEqual([0n, 'Ada']);
  });

  it('shows everybody what is offered, and lets nobody act without an identity', async () => {
    const { actor } = await install();
    const nobody = refusedAs({ NotAuthenticated: null });
    expect(await actor.get_my_account()).toMatchObject(nobody);
    expect(await actor.put_my_profile({ display_name: 'Nobody' })).toMatchObject(nobody);
    expect(await actor.cancel_rental(0n)).toMatchObject(nobody);
    expect(await actor.list_recipes({ from: [], limit: 10 })).toEqual({
      Ok: { rows: [], next: [] },
    });
  });

  it('takes settings from controllers only', async () => {
    const { actor } = await install();
    actor.setIdentity(alice);
    expect(await actor.set_settings(settings)).toMatchObject(refusedAs({ NotAllowed: null }));
    expect(await actor.settings()).toMatchObject(refusedAs({ NotConfigured: null }));
  });

  it('names the argument that is wrong', async () => {
    const { actor } = await install();
    actor.setIdentity(alice);
    const wrong = (argument: string) => refusedAs({ InvalidArgument: { argument } });
    const unsealed = { age_recipient: ['age1'] as [string], sealed_age_identity: [] as [] };
    expect(await actor.put_my_profile({ display_name: ' ' })).toMatchObject(wrong('display_name'));
    expect(await actor.set_age_key(unsealed)).toMatchObject(wrong('age_recipient'));
    expect(await actor.get_my_account()).toMatchObject({ Ok: { age_recipient: [] } });
  });

  it('tells its version, health and metrics', async () => {
    const { actor, readPage } = await install();
    actor.setIdentity(alice);
    await actor.put_my_profile({ display_name: 'Ada' });
    expect(await actor.version()).toBe('0.1.0');
    expect(JSON.parse(await readPage('/healthz'))).toEqual({
      status: 'degraded',
      version: '0.1.0',
      troubles: ['set_settings is missing'],
    });
    actor.setPrincipal(CONTROLLER);
    await actor.set_settings(settings);
    expect(JSON.parse(await readPage('/healthz'))).toEqual({ status: 'ok', version: '0.1.0' });
    const metrics = await readPage('/metrics');
    expect(metrics).toContain('\ndc_rental_accounts 1\n');
    expect(metrics).toMatch(/\ndc_rental_started_at_seconds [1-9]\d+\n/);
  });
});
