import { describe, expect, it } from 'vitest';
import { present } from '@decent-cloud/domain/assert.ts';
import type { VersionInput } from '../../core/recipes/recipe.ts';
import type { Rental } from '../../core/rentals/rental.ts';
import { asPerson, givenAgent } from '../../testing/accounts.fake.ts';
import { personCalled } from '../../testing/fake-canister.fake.ts';
import { accepted, recipeField } from '../../testing/recipes.fake.ts';
import { givenRental } from '../../testing/rentals.fake.ts';
import { RentWorld } from '../../testing/rent-world.fake.ts';
import { cancelRental } from '../rentals/cancel-rental.flow.ts';
import { setPower } from '../rentals/operate-rental.flow.ts';
import { upgradeRecipe } from '../rentals/upgrade-recipe.flow.ts';
import { listHealthTargets, type HealthTarget } from './health-targets.ts';

const PORT = recipeField({ name: 'PORT', fieldType: { kind: 'port', default: 80 } });
const WEB: Partial<VersionInput> = {
  fields: [PORT],
  health: { kind: 'http', port: 80, path: '/', status: 200, contains: 'hello' },
};
function ask(w: RentWorld, who = 'bridge') {
  const asked = { cloudAccountId: w.offer.account.id, from: undefined, limit: 50 };
  return asPerson(w.c, who, () => listHealthTargets(w.c, asked));
}

function targets(w: RentWorld): readonly HealthTarget[] {
  return accepted(ask(w)).rows;
}

/** Of the rental that runs. */
function target(w: RentWorld): HealthTarget {
  return present(targets(w)[0], 'a target');
}

const withPort = (value: string) => ({
  inputs: { values: [{ name: 'PORT', value }], secretNames: [] },
});

describe('health_targets', () => {
  it('says how to reach a machine and what to look at, with the ports of the renter', async () => {
    const w = new RentWorld([WEB]);
    const rental = await w.active(withPort('8080'));
    const { state } = rental;
    expect(targets(w)).toEqual([
      {
        rentalId: rental.id,
        externalId: '4711',
        card: w.c.storage.jobs.connections.get(rental.id)?.card,
        health: { ...WEB.health, port: 8_080 },
        isExcluded: false,
        startedAt: state.kind === 'active' ? state.since : undefined,
      },
    ]);
  });

  it('asks for nothing but SSH of a bare machine', async () => {
    const w = new RentWorld();
    await w.active();
    expect(target(w)).toMatchObject({ card: { ipv4: '203.0.113.7', sshPort: 22 } });
    expect(target(w).health).toBeUndefined();
  });

  it('leaves out what does not run', async () => {
    const w = new RentWorld();
    const { id } = await w.active();
    await w.paid();
    await w.quoted();
    expect(targets(w).map(({ rentalId }) => rentalId)).toEqual([id]);
    accepted(cancelRental(w.c, id));
    expect(targets(w)).toEqual([]);
  });

  it('is excluded while it is off by the renters order, and while that is being done', async () => {
    const w = new RentWorld();
    const { id } = await w.active();
    const order = (action: 'on' | 'off') => accepted(setPower(w.c, { rentalId: id, action }));
    const done = () => {
      w.work([{ kind: 'succeeded', result: { kind: 'done' } }]);
    };
    const seen: boolean[] = [];
    const look = () => seen.push(target(w).isExcluded);
    order('off');
    look();
    done();
    look();
    order('on');
    look();
    done();
    look();
    expect(seen).toEqual([true, true, true, false]);
  });

  it('looks at what ran before until an upgrade is done', async () => {
    const w = new RentWorld([WEB, { ...WEB, semver: '1.1.0', health: { kind: 'tcp', port: 80 } }]);
    const { id } = await w.active(withPort('8080'));
    const { inputs } = withPort('9090');
    accepted(upgradeRecipe(w.c, { rentalId: id, to: 1, inputs, sealedSecrets: undefined }));
    expect(target(w)).toMatchObject({ isExcluded: true, health: { kind: 'http', port: 8_080 } });
    w.work([{ kind: 'succeeded', result: { kind: 'upgraded' } }]);
    expect(target(w)).toMatchObject({ isExcluded: false, health: { kind: 'tcp', port: 9_090 } });
  });

  it('is for agents that may report about them, and the accounts own', async () => {
    const w = new RentWorld();
    await w.active();
    const { provider } = w.offer;
    givenAgent(w.c, provider, { agent: personCalled('probe'), scopes: ['health'] });
    givenAgent(w.c, provider, { agent: personCalled('second bridge'), scopes: ['provision'] });
    for (const who of ['bridge', 'probe', 'platform-agent']) {
      expect(ask(w, who)).toMatchObject({ value: { rows: [{ externalId: '4711' }] } });
    }
    for (const who of ['second bridge', 'seller', 'renter']) {
      expect(ask(w, who)).toMatchObject({ error: { leaf: { kind: 'not-allowed' } } });
    }
    for (const scope of ['provision', 'health'] as const) {
      givenAgent(w.c, provider, { agent: personCalled('bridge'), scopes: [scope] });
      expect(ask(w).kind).toBe('ok');
    }
    givenAgent(w.c, provider, { agent: personCalled('bridge'), scopes: ['catalogue'] });
    expect(ask(w)).toMatchObject({ error: { leaf: { kind: 'not-allowed' } } });
    const late = { agent: personCalled('probe'), scopes: ['health'], expiresInDays: 0 } as const;
    givenAgent(w.c, provider, late);
    expect(ask(w, 'probe')).toMatchObject({ error: { leaf: { kind: 'not-allowed' } } });
  });

  it('pages over all rentals of the account', () => {
    const w = new RentWorld();
    const rentals = Array.from({ length: 7 }, (_, index): Rental => {
      const state = index % 3 === 0 ? 'provisioning' : 'active';
      const rental = givenRental(w.c, { offer: w.offer, state });
      const card = { ipv4: '203.0.113.7', ipv6: '', sshUser: 'root', sshPort: 22 };
      const rest = { hostKeyFingerprint: '', hostKey: '', serviceUrl: '' };
      const told = { card: { ...card, ...rest }, at: w.c.runtime.now };
      w.c.storage.jobs.connections.set(rental.id, told);
      return rental;
    });
    const found: number[] = [];
    let from: HealthTarget['rentalId'] | undefined;
    let pages = 0;
    do {
      const asked = { cloudAccountId: w.offer.account.id, from, limit: 2 };
      const page = asPerson(w.c, 'bridge', () => accepted(listHealthTargets(w.c, asked)));
      expect(page.rows.length).toBeLessThanOrEqual(2);
      found.push(...page.rows.map(({ rentalId }) => rentalId));
      from = page.next;
      pages += 1;
    } while (from !== undefined);
    const active = rentals.filter(({ state }) => state.kind === 'active').map(({ id }) => id);
    expect(found).toEqual(active.reverse());
    expect(pages).toBe(4);
  });
});
