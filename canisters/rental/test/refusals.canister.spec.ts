import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { beforeAll, describe, expect, it } from 'vitest';
import { isQuery } from '@decent-cloud/localnet/testing/sync-actor.ts';
import type { _SERVICE as Rental } from '../../../dist/canisters/rental/declarations/rental.did.ts';
import { idlFactory } from '../../../dist/canisters/rental/declarations/rental.did.ts';
import { busyMarket, type BusyMarket } from './support/busy-market.ts';
import { HONEST, methodCalls, type MethodCalls } from './support/method-calls.ts';
import type { Leaf, Refusals, RefusalTable } from './support/refusal-table.ts';
import { marketRefusals, recipeRefusals } from './support/refusals-of-market.ts';
import { accountRefusals, sellerRefusals } from './support/refusals-of-people.ts';
import { jobRefusals, platformRefusals, rentingRefusals } from './support/refusals-of-rentals.ts';
import { strayRefusals } from './support/refusals-of-rentals.ts';
import { copiesOf, type RentalWorld } from './support/rental-world.ts';

type Method = keyof Rental;
interface Attempt {
  readonly leaf: Leaf;
  readonly by: Principal;
  readonly args: readonly unknown[];
}

const methods = idlFactory({ IDL })._fields.map(([name, func]) => ({
  method: name as Method,
  isUpdate: !isQuery(func),
}));
/** Answer everybody, whatever they say; or refuse only before the canister is set up. */
const NEVER_REFUSED = new Set<Method>(['version', 'http_request', 'settings']);

let market: BusyMarket;
let copy: () => RentalWorld;
let calls: MethodCalls;
let refusals: RefusalTable;
let stored: Buffer;

beforeAll(() => {
  market = busyMarket();
  copy = copiesOf(market.r);
  calls = methodCalls(market, market.honest, HONEST);
  refusals = {
    ...accountRefusals(market, calls),
    ...sellerRefusals(market, calls),
    ...marketRefusals(market, calls),
    ...recipeRefusals(market, calls),
    ...rentingRefusals(market, calls),
    ...jobRefusals(market, calls),
    ...platformRefusals(market, calls),
    ...strayRefusals(market, calls),
  };
  stored = storedBy(copy());
});

function storedBy({ world, rentalId }: RentalWorld): Buffer {
  const bytes = world.replica.canister(rentalId)?.stableMemory();
  if (bytes === undefined) throw new Error('the canister is gone');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function attemptsOf(method: Method): Attempt[] {
  const { callers = {}, wrong = [] } = refusals[method] as Refusals<Method>;
  const { as, args } = calls[method];
  const byOthers = Object.entries(callers).flatMap(([leaf, people]) =>
    people.map((by) => ({ leaf, by, args })),
  );
  return [...byOthers, ...wrong.map(([leaf, bad, by = as]) => ({ leaf, by, args: bad }))];
}

interface Told {
  readonly arm: string;
  readonly leaf: object;
  readonly message: string;
}

function refusalOf(answer: unknown): Told | undefined {
  if (typeof answer !== 'object' || answer === null || !('Err' in answer)) return undefined;
  const { kind, message } = answer.Err as { kind: Record<string, [object]>; message: string };
  const [arm = '', [leaf = {}] = []] = Object.entries(kind)[0] ?? [];
  return { arm, leaf, message };
}

function wantedOf(leaf: Leaf): object {
  if (typeof leaf === 'object') return leaf;
  const isLeaf = leaf.charAt(0) !== leaf.charAt(0).toLowerCase();
  return isLeaf ? { [leaf]: null } : { InvalidArgument: { argument: leaf } };
}

/** What callers are told to do stands at the beginning of a sentence, or after a colon or comma. */
const ADVICE =
  /(?:^|[.:,] |, or |First: )(?:allow|ask|call|cancel|change|choose|do|give|leave|link|look|make|read|rent|retire|save|send|sign in|stop|take|tell|the seller can|use|wait)\b|\b(?:ask for|publish a|see [a-z]+_)/i;

function isHelpful({ leaf, message }: Told): boolean {
  if ('InvalidArgument' in leaf) {
    const { argument } = leaf.InvalidArgument as { readonly argument: string };
    return message.startsWith(`${argument}: `) && message.length > argument.length + 10;
  }
  return ADVICE.test(message);
}

function troubleOf(method: Method, { leaf, by, args }: Attempt, r: RentalWorld): string[] {
  const actor = r.as(by) as unknown as Readonly<Record<Method, (...of: unknown[]) => unknown>>;
  const told = refusalOf(actor[method](...args));
  const wanted = wantedOf(leaf);
  const where = `${by.toText()} wanted ${Object.keys(wanted).join()}`;
  if (told === undefined) return [`${where}, and was not refused`];
  if (!carries(told.leaf, wanted)) return [`${where}, was told: ${told.message}`];
  const isNamed = told.arm === 'RequestError' && !LEAK.test(told.message);
  return isNamed && isHelpful(told) ? [] : [`${where}, in vain: ${told.message}`];
}

/** The leaf has the name, and all that is wanted of what it carries. */
function carries(leaf: object, wanted: object): boolean {
  return Object.entries(wanted).every(([name, value]) => {
    const told = (leaf as Readonly<Record<string, unknown>>)[name];
    if (typeof value !== 'object' || value === null) return told === value;
    return typeof told === 'object' && told !== null && carries(told, value as object);
  });
}

const LEAK = /\n\s+at |\.[jt]s\b|BUG|undefined|\[object /;

describe('refusals', () => {
  it('are known of every method of the contract', () => {
    expect(Object.keys(refusals).sort()).toEqual(methods.map(({ method }) => method).sort());
    const without = methods.filter(({ method }) => attemptsOf(method).length === 0);
    expect(new Set(without.map(({ method }) => method))).toEqual(NEVER_REFUSED);
  });

  const refusing = methods.filter(({ method }) => !NEVER_REFUSED.has(method));

  it.each(refusing)('of $method name their reason and change nothing', ({ method, isUpdate }) => {
    const r = copy();
    expect(attemptsOf(method).flatMap((attempt) => troubleOf(method, attempt, r))).toEqual([]);
    if (isUpdate) expect(storedBy(r).equals(stored)).toBe(true);
  });

  it('are not of calls that are in order', () => {
    const refusedRightly = new Set<Method>(['unlink_login', 'delete_cloud_account']);
    const refused = methods.filter(({ method }) => {
      const { as, args } = calls[method];
      const actor = copy().as(as) as unknown as Record<Method, (...of: unknown[]) => unknown>;
      return refusalOf(actor[method](...args)) !== undefined;
    });
    expect(new Set(refused.map(({ method }) => method))).toEqual(refusedRightly);
  });
});
