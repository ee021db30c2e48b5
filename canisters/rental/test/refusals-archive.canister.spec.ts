import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import type {
  _SERVICE as Archive,
  RentalInput,
} from '../../../dist/canisters/archive/declarations/archive.did.ts';
import { idlFactory } from '../../../dist/canisters/archive/declarations/archive.did.ts';
import { idlFactory as rentalIdl } from '../../../dist/canisters/rental/declarations/rental.did.ts';
import type { _SERVICE as Rental } from '../../../dist/canisters/rental/declarations/rental.did.ts';
import { userPrincipal } from '@decent-cloud/localnet/testing/replica-world.ts';
import { handedRental } from '../../archive/src/testing/handed-rental.fake.ts';
import { wasmOf } from '../../token-value/test/support/price-canister.ts';
import { sshLine } from '../src/testing/rentals.fake.ts';
import { ANONYMOUS } from './support/busy-market.ts';
import { RENTER, SELLER } from './support/market.ts';
import { okOf } from './support/ok-of.ts';
import { active, stateOf, Worker } from './support/rent.ts';
import * as fixture from './support/rental-world.ts';
import { OPERATOR_ID, rentalWorld, STRANGER } from './support/rental-world.ts';

const { DAY_NS, HOUR_NS, MINUTE_NS } = fixture;
const WRITER = userPrincipal('writer');
const NOBODY = 2n ** 64n - 1n;
const PAGE = { from: [] as [], limit: 10, newest_first: true };

function handed(id: number, change: Partial<RentalInput> = {}): RentalInput {
  const { renter, provider, closedAt, body, readers } = handedRental({ id, readers: [RENTER] });
  return {
    id: BigInt(id),
    renter: BigInt(renter),
    provider: BigInt(provider),
    closed_at_ns: closedAt,
    readers: [...readers],
    body,
    ...change,
  };
}

/** An archive that keeps one rental. */
function archiveWorld() {
  const r = rentalWorld();
  okOf(r.archive(OPERATOR_ID).set_writer(WRITER, true));
  okOf(r.archive(WRITER).store_rentals([handed(7)]));
  return r;
}

type Call<Method extends keyof Archive> = readonly [
  leaf: string,
  by: Principal,
  ...args: Parameters<Archive[Method]>,
];
type Table = { readonly [Method in keyof Archive]: readonly Call<Method>[] };

const REFUSED: Table = {
  store_rentals: [
    ['NotAuthenticated', ANONYMOUS, [handed(8)]],
    ['NotAllowed', STRANGER, [handed(8)]],
    ['NotAllowed', RENTER, [handed(8)]],
    ['NotAllowed', OPERATOR_ID, [handed(8)]],
    ['rentals', WRITER, Array.from({ length: 51 }, () => handed(8))],
    ['rentals', WRITER, [handed(8, { body: new Uint8Array(1_048_577) })]],
  ],
  get_rental: [
    ['NotAuthenticated', ANONYMOUS, 7n],
    ['NotAllowed', STRANGER, 7n],
    ['NotAllowed', SELLER, 7n],
    ['NotAllowed', WRITER, 7n],
    ['NotFound', RENTER, 8n],
    ['NotFound', RENTER, NOBODY],
  ],
  list_my_rentals: [
    ['NotAuthenticated', ANONYMOUS, PAGE],
    ['limit', RENTER, { ...PAGE, limit: 0 }],
    ['limit', RENTER, { ...PAGE, limit: 2 ** 32 - 1 }],
  ],
  export_my_rentals: [
    ['NotAuthenticated', ANONYMOUS, { Csv: null }, PAGE],
    ['limit', RENTER, { Json: null }, { ...PAGE, limit: 0 }],
    ['limit', RENTER, { Csv: null }, { ...PAGE, limit: 51 }],
  ],
  set_writer: [
    ['NotAuthenticated', ANONYMOUS, STRANGER, true],
    ['NotAllowed', STRANGER, STRANGER, true],
    ['NotAllowed', WRITER, STRANGER, true],
    ['NotAllowed', RENTER, WRITER, false],
    ['writer', OPERATOR_ID, ANONYMOUS, true],
  ],
  // These answer everybody.
  is_writer: [],
  http_request: [],
  version: [],
};

/** Of one row of a batch; the others are kept. */
const REFUSED_ROWS: readonly (readonly [string, RentalInput])[] = [
  ['Conflict', { ...handed(7), closed_at_ns: 1n }],
  ['body', handed(8, { body: new Uint8Array() })],
  ['body', handed(8, { body: Uint8Array.of(0xff, 0xfe) })],
  ['body', handed(8, { body: new TextEncoder().encode('{"format":"none"}') })],
  ['body', handed(8, { id: 9n })],
  ['body', handed(8, { id: NOBODY })],
  ['readers', handed(8, { readers: [ANONYMOUS] })],
  ['readers', handed(8, { readers: Array.from({ length: 5_000 }, () => STRANGER) })],
];

interface Refusal {
  readonly kind: Readonly<Record<string, readonly object[]>>;
  readonly message: string;
}

function expectRefusal(answer: object, leaf: string): void {
  expect(answer).toHaveProperty('Err');
  const { kind, message } = (answer as { readonly Err: Refusal }).Err;
  const isLeaf = leaf.charAt(0) !== leaf.charAt(0).toLowerCase();
  const told = isLeaf ? { [leaf]: null } : { InvalidArgument: { argument: leaf } };
  expect(kind).toEqual({ RequestError: [told] });
  expect(message.length).toBeGreaterThan(20);
  expect(message).not.toMatch(/\n\s+at |\.[jt]s\b|BUG|undefined/);
}

const methods = idlFactory({ IDL })._fields.map(([name]) => name as keyof Archive);

describe('refusals of the archive', () => {
  it('are known of every method of the contract', () => {
    expect(Object.keys(REFUSED).sort()).toEqual([...methods].sort());
  });

  it.each(methods)('of %s name their reason and change nothing', (method) => {
    const r = archiveWorld();
    const before = stored(r);
    for (const [leaf, by, ...args] of REFUSED[method]) {
      const actor = r.archive(by) as unknown as Record<string, (...of: unknown[]) => object>;
      expectRefusal(actor[method]?.(...args) ?? {}, leaf);
    }
    expect(stored(r).equals(before)).toBe(true);
  });

  it('of one rental of a batch change nothing, and keep no other from being stored', () => {
    const r = archiveWorld();
    const before = stored(r);
    for (const [leaf, row] of REFUSED_ROWS) {
      const [answer] = okOf(r.archive(WRITER).store_rentals([row]));
      expectRefusal(answer ?? {}, leaf);
    }
    expect(stored(r).equals(before)).toBe(true);
    const mixed = [...REFUSED_ROWS.map(([, row]) => row), handed(8)];
    expect(okOf(r.archive(WRITER).store_rentals(mixed)).at(-1)).toHaveProperty('Ok');
  });
});

function stored({ world, archiveId }: fixture.RentalWorld): Buffer {
  const bytes = world.replica.canister(archiveId)?.stableMemory() ?? new Uint8Array();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

describe('a rental that moved to the archive', () => {
  it('is refused by every method with the canister that has it', () => {
    const r = rentalWorld();
    const { rentalId: rental_id } = active(r);
    okOf(r.as(RENTER).cancel_rental(rental_id));
    r.world.elapse(MINUTE_NS);
    Worker.claim(r, 'Terminate').gone();
    r.world.advance(3n * DAY_NS);
    r.world.elapse(30n * MINUTE_NS);
    expect(stateOf(r, rental_id)).toBe('Closed');
    const closed = r.as(RENTER).set_power({ rental_id, action: { Off: null } });
    expect(closed).toMatchObject({ Err: { kind: { RequestError: [{ WrongState: {} }] } } });
    r.world.advance(31n * DAY_NS);
    r.world.elapse(HOUR_NS);
    const renter = r.as(RENTER);
    const page = { from: [] as [], limit: 10 };
    const inputs = { values: [], secret_names: [] };
    const answers: object[] = [
      renter.get_rental(rental_id),
      renter.cancel_rental(rental_id),
      r.as(SELLER).provider_cancel_rental(rental_id),
      r.as(OPERATOR_ID).operator_cancel_rental(rental_id),
      renter.accept_quote({ rental_id, max_amount: 1n, from_subaccount: [] }),
      renter.quote_extension({ rental_id, term_ns: DAY_NS }),
      renter.set_power({ rental_id, action: { Off: null } }),
      renter.rotate_ssh_keys({ rental_id, ssh_keys: [sshLine(1)] }),
      renter.upgrade_recipe({ rental_id, to: 1, inputs, sealed_secrets: [] }),
      renter.skip_version({ rental_id, number: 0 }),
      renter.get_timeline(rental_id, { ...page, newest_first: true }),
      renter.get_connection(rental_id),
      renter.list_rental_jobs({ rental_id, page }),
      renter.export_rental(rental_id),
      renter.get_uptime(rental_id),
      renter.get_health_slots({ rental_id, day: 0, count: 1 }),
    ];
    const archived = { Archived: { archive: r.archiveId } };
    for (const answer of answers) {
      expect(answer).toMatchObject({ Err: { kind: { RequestError: [archived] } } });
    }
    expect(okOf(r.archive(RENTER).get_rental(rental_id)).id).toBe(rental_id);
  });
});

describe('a market that is not set up', () => {
  it('says so, and who has to do what', () => {
    const { world } = rentalWorld();
    const canisterId = world.install({ wasm: wasmOf('rental') });
    world.runUntilIdle();
    const answer = world.actor<Rental>(canisterId, rentalIdl, STRANGER).settings();
    expect(answer).toMatchObject({ Err: { kind: { RequestError: [{ NotConfigured: null }] } } });
    const { Err: refusal } = answer as { readonly Err: Refusal };
    expect(refusal.message).toContain('A controller has to call set_settings');
  });
});
