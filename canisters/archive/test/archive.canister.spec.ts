import { createHash } from 'node:crypto';
import { createIdentity } from '@dfinity/pic';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { RECORD_COLUMNS } from '@decent-cloud/domain/rental-record/record-export.ts';
import { parseCsv } from '@decent-cloud/domain/testing/parse-csv.fake.ts';
import type { _SERVICE as Archive } from '../../../dist/canisters/archive/declarations/archive.did.ts';
import { idlFactory } from '../../../dist/canisters/archive/declarations/archive.did.ts';
import { CONTROLLER, installCanister } from '../../kit/test/support/built-canister.ts';
import { handedRental } from '../src/testing/handed-rental.fake.ts';

const principalOf = (name: string) =>
  Principal.fromText(createIdentity(name).getPrincipal().toText());
const [market, renter, provider] = ['market', 'renter', 'provider'].map(principalOf) as [
  Principal,
  Principal,
  Principal,
];

function rental(id: number, title = 'cx23 in Falkenstein') {
  const given = handedRental({ id, readers: [renter, provider], record: { title } });
  return {
    id: BigInt(given.id),
    renter: BigInt(given.renter),
    provider: BigInt(given.provider),
    closed_at_ns: given.closedAt,
    readers: [...given.readers],
    body: given.body,
  };
}

const hashOf = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
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
    const rentals = [1, 2, 3].map((id) => rental(id));
    expect(await actor.store_rentals(rentals)).toEqual({
      Ok: rentals.map(({ body }) => ({ Ok: hashOf(body) })),
    });
    await upgrade();
    for (const party of ['renter', 'provider']) {
      actor.setIdentity(createIdentity(party));
      const body = new TextDecoder().decode(rental(2).body);
      expect(await actor.get_rental(2n)).toMatchObject({
        Ok: { id: 2n, renter: 1n, provider: 2n, body, sha256: hashOf(body) },
      });
    }
    expect(await actor.list_my_rentals(page)).toMatchObject({
      Ok: { rows: [{ value: { id: 3n } }, { value: { id: 2n } }], next: [0n] },
    });
  });

  it('takes the same rental twice and another one under its id never', async () => {
    const { actor } = await installWithWriter();
    const kept = { Ok: [{ Ok: hashOf(rental(7).body) }] };
    expect(await actor.store_rentals([rental(7)])).toEqual(kept);
    expect(await actor.store_rentals([rental(7)])).toEqual(kept);
    expect(await actor.store_rentals([rental(7, 'another')])).toMatchObject({
      Ok: [refusal({ Conflict: null })],
    });
    expect(await actor.store_rentals([{ ...rental(8), body: Uint8Array.of(0xff) }])).toMatchObject({
      Ok: [refusal({ InvalidArgument: { argument: 'body' } })],
    });
  });

  it('exports as CSV and JSON with the hash of what it gives', async () => {
    const { actor } = await installWithWriter();
    await actor.store_rentals([1, 2, 3].map((id) => rental(id)));
    actor.setIdentity(createIdentity('renter'));
    const all = { from: [] as [], limit: 50, newest_first: false };
    const csv = await actor.export_my_rentals({ Csv: null }, all);
    if (!('Ok' in csv)) throw new Error('refused');
    expect(parseCsv(csv.Ok.content).map(([id]) => id)).toEqual([RECORD_COLUMNS[0], '1', '2', '3']);
    expect(csv.Ok).toMatchObject({ records: 3n, next: [], sha256: hashOf(csv.Ok.content) });
    const json = await actor.export_my_rentals({ Json: null }, { ...all, limit: 1 });
    if (!('Ok' in json)) throw new Error('refused');
    expect(JSON.parse(json.Ok.content)).toMatchObject([
      { sha256: hashOf(rental(1).body), record: { id: 1 } },
    ]);
    expect(json.Ok).toMatchObject({ next: [1n], sha256: hashOf(json.Ok.content) });
  });

  it('refuses strangers and the anonymous caller', async () => {
    const { actor } = await installWithWriter();
    await actor.store_rentals([rental(7)]);
    actor.setIdentity(createIdentity('stranger'));
    const notAllowed = refusal({ NotAllowed: null });
    expect(await actor.store_rentals([rental(8)])).toMatchObject(notAllowed);
    expect(await actor.get_rental(7n)).toMatchObject(notAllowed);
    expect(await actor.set_writer(market, false)).toMatchObject(notAllowed);
    expect(await actor.list_my_rentals(page)).toMatchObject({ Ok: { rows: [] } });
    actor.setPrincipal(Principal.anonymous() as never);
    const notAuthenticated = refusal({ NotAuthenticated: null });
    expect(await actor.store_rentals([rental(8)])).toMatchObject(notAuthenticated);
    expect(await actor.get_rental(7n)).toMatchObject(notAuthenticated);
    expect(await actor.list_my_rentals(page)).toMatchObject(notAuthenticated);
    expect(await actor.export_my_rentals({ Csv: null }, page)).toMatchObject(notAuthenticated);
    expect(await actor.is_writer(market)).toBe(true);
  });

  it('refuses ids and pages that are none', async () => {
    const { actor } = await installWithWriter();
    const wrong = (argument: string) => refusal({ InvalidArgument: { argument } });
    expect(await actor.get_rental(2n ** 64n - 1n)).toMatchObject(refusal({ NotFound: null }));
    expect(await actor.store_rentals([{ ...rental(7), id: 2n ** 63n }])).toMatchObject({
      Ok: [wrong('body')],
    });
    expect(await actor.list_my_rentals({ ...page, limit: 51 })).toMatchObject(wrong('limit'));
    const limit = { ...page, limit: 0 };
    expect(await actor.export_my_rentals({ Csv: null }, limit)).toMatchObject(wrong('limit'));
  });

  it('tells its version, health and metrics', async () => {
    const { actor, readPage } = await installWithWriter();
    await actor.store_rentals([rental(7)]);
    expect(await actor.version()).toBe('0.1.0');
    expect(JSON.parse(await readPage('/healthz'))).toEqual({ status: 'ok', version: '0.1.0' });
    expect(await readPage('/metrics')).toContain('\ndc_archive_rentals 1\n');
  });
});
