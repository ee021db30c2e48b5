import { createIdentity } from '@dfinity/pic';
import { describe, expect, it } from 'vitest';
import type { _SERVICE as Rental } from '../../../dist/canisters/rental/declarations/rental.did.ts';
import { idlFactory } from '../../../dist/canisters/rental/declarations/rental.did.ts';
import { installCanister } from '../../kit/test/support/built-canister.ts';

const alice = createIdentity('alice');
const bob = createIdentity('bob');
const profile = { display_name: 'Ada', age_recipient: [] as [] };

const install = () => installCanister<Rental>({ name: 'rental', idlFactory });

describe('rental', () => {
  it('keeps each account its own profile across an upgrade', async () => {
    const { actor, upgrade } = await install();
    actor.setIdentity(alice);
    expect(await actor.put_my_profile(profile)).toMatchObject({ Ok: { id: 0n, ...profile } });
    actor.setIdentity(bob);
    const grace = { ...profile, display_name: 'Grace' };
    expect(await actor.put_my_profile(grace)).toMatchObject({ Ok: { id: 1n } });
    await upgrade();
    expect(await actor.get_my_profile()).toMatchObject({ Ok: { id: 1n, ...grace } });
    actor.setIdentity(alice);
    expect(await actor.get_my_profile()).toMatchObject({ Ok: { id: 0n, ...profile } });
  });

  it('refuses the anonymous caller everywhere', async () => {
    const { actor } = await install();
    const refused = { Err: { kind: { RequestError: [{ NotAuthenticated: null }] } } };
    expect(await actor.get_my_profile()).toMatchObject(refused);
    expect(await actor.put_my_profile(profile)).toMatchObject(refused);
  });

  it('names the argument that is wrong', async () => {
    const { actor } = await install();
    actor.setIdentity(alice);
    const leaf = (argument: string) => ({
      Err: { kind: { RequestError: [{ InvalidArgument: { argument } }] } },
    });
    const nameless = { ...profile, display_name: ' ' };
    expect(await actor.put_my_profile(nameless)).toMatchObject(leaf('display_name'));
    const unsealed = { ...profile, age_recipient: ['age1'] as [string] };
    expect(await actor.put_my_profile(unsealed)).toMatchObject(leaf('age_recipient'));
    expect(await actor.get_my_profile()).toMatchObject({
      Err: { kind: { RequestError: [{ NotFound: null }] } },
    });
  });

  it('tells its version, health and metrics', async () => {
    const { actor, readPage } = await install();
    actor.setIdentity(alice);
    await actor.put_my_profile(profile);
    expect(await actor.version()).toBe('0.1.0');
    expect(JSON.parse(await readPage('/healthz'))).toEqual({ status: 'ok', version: '0.1.0' });
    const metrics = await readPage('/metrics');
    expect(metrics).toContain('\ndc_rental_accounts 1\n');
    expect(metrics).toMatch(/\ndc_rental_started_at_seconds [1-9]\d+\n/);
  });
});
