import { describe, expect, it } from 'vitest';
import { after, durationNs, timestampNs } from '@decent-cloud/domain/time.ts';
import { MEMORY_IDS } from '../../storage/memory-ids.ts';
import { FakeMemories } from '@decent-cloud/kit/testing/memories.fake.ts';
import {
  asPerson,
  givenAgent,
  givenCloudAccount,
  givenProvider,
} from '../../testing/accounts.fake.ts';
import { fakeCanister, personCalled } from '../../testing/fake-canister.fake.ts';
import { catalogueInput, machineType, typeAt } from '../../testing/market.fake.ts';
import { accepted } from '../../testing/recipes.fake.ts';
import { CatalogueStore } from '../../storage/market/catalogue-store.ts';
import { publishCatalogue } from './publish-catalogue.flow.ts';
import { readCatalogue } from './read-catalogue.ts';

function market() {
  const c = fakeCanister();
  const provider = givenProvider(c, 'seller');
  const account = givenCloudAccount(c, provider);
  const publish = (who: string, input = catalogueInput(account.id, c.runtime.now)) =>
    asPerson(c, who, () => publishCatalogue(c, input));
  return { c, provider, account, publish };
}

function leafOf(result: ReturnType<typeof publishCatalogue>): string {
  return result.kind === 'ok' ? 'ok' : (result.error.leaf?.kind ?? '');
}

describe('publishCatalogue', () => {
  it('keeps what the agent of the account has read', () => {
    const { c, account, publish } = market();
    expect(accepted(publish('bridge'))).toEqual({
      readAt: c.runtime.now,
      staleAt: after(c.runtime.now, durationNs({ minutes: 15 })),
      changes: 8,
    });
    const page = accepted(readCatalogue(c, { cloudAccountId: account.id, limit: 2 }));
    const { locations, images, types } = catalogueInput(account.id, c.runtime.now);
    expect(page).toMatchObject({ currency: 'EUR', isStale: false, locations, images, next: 2 });
    expect(page.types).toEqual(types.slice(0, 2));
    const rest = accepted(readCatalogue(c, { cloudAccountId: account.id, from: 2, limit: 50 }));
    expect(rest).toMatchObject({ locations: [], images: [], types: types.slice(2) });
    expect(rest.next).toBeUndefined();
    c.runtime.now = after(c.runtime.now, durationNs({ minutes: 16 }));
    expect(accepted(readCatalogue(c, { cloudAccountId: account.id, limit: 1 })).isStale).toBe(true);
  });

  it('is for the account’s own agent, with the scope, as long as it has it', () => {
    const { c, provider, publish } = market();
    expect(leafOf(publish('nobody'))).toBe('not-allowed');
    expect(leafOf(publish('seller'))).toBe('not-allowed');
    givenAgent(c, provider, { agent: personCalled('other bridge') });
    expect(leafOf(publish('other bridge'))).toBe('not-allowed');
    givenAgent(c, provider, { agent: personCalled('bridge'), scopes: ['provision', 'health'] });
    expect(leafOf(publish('bridge'))).toBe('not-allowed');
    givenAgent(c, provider, { agent: personCalled('bridge'), expiresInDays: 1 });
    expect(leafOf(publish('bridge'))).toBe('ok');
    c.runtime.now = after(c.runtime.now, durationNs({ days: 2 }));
    expect(leafOf(publish('bridge'))).toBe('not-allowed');
  });

  it('refuses an older reading, and takes one from the near future as of now', () => {
    const { c, account, publish } = market();
    const now = c.runtime.now;
    const readAt = (shift: bigint) => catalogueInput(account.id, timestampNs(now + shift));
    expect(accepted(publish('bridge', readAt(60_000_000_000n))).readAt).toBe(now);
    expect(leafOf(publish('bridge', readAt(-1n)))).toBe('conflict');
    expect(leafOf(publish('bridge', readAt(301_000_000_000n)))).toBe('invalid-argument');
    expect(leafOf(publish('bridge', { ...readAt(0n), currency: '' }))).toBe('invalid-argument');
    expect(leafOf(publish('bridge', readAt(0n)))).toBe('ok');
  });

  it('tells nothing of an account without a catalogue', () => {
    const { c, account } = market();
    const result = readCatalogue(c, { cloudAccountId: account.id, limit: 1 });
    expect(result.kind === 'err' && result.error.leaf?.kind).toBe('not-found');
  });
});

describe('CatalogueStore', () => {
  it('writes only what has changed, and drops what is gone', () => {
    const { c, account } = market();
    const memories = new FakeMemories();
    const [headers, items] = [MEMORY_IDS.catalogue_headers, MEMORY_IDS.machine_types];
    const store = new CatalogueStore({
      headers: memories.open(headers),
      items: memories.open(items),
    });
    const input = catalogueInput(account.id, c.runtime.now);
    expect(store.publish(input)).toBe(8);
    const writes = () => memories.stores.get(items)?.writes;
    const first = writes();
    expect(store.publish({ ...input, readAt: timestampNs(input.readAt + 1n) })).toBe(0);
    expect(writes()).toBe(first);
    const soldOut = machineType({ at: [typeAt('fsn1', { isAvailable: false })] });
    expect(store.publish({ ...input, types: [soldOut], images: input.images.slice(1) })).toBe(4);
    const lookup = store.lookup(account.id);
    expect(lookup.type('cx23')).toEqual(soldOut);
    expect(lookup.type('cx43')).toBeUndefined();
    expect(lookup.image('ubuntu-24.04')).toBeUndefined();
    expect(memories.stores.get(items)?.size()).toBe(5);
  });
});
