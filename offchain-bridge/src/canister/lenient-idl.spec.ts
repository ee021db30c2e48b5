import { IDL } from '@dfinity/candid';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lenient } from './lenient-idl.ts';
import { caseOf } from './wire-values.ts';

/** What a newer canister sends. */
const Newer = IDL.Record({
  job: IDL.Variant({
    Provision: IDL.Null,
    Migrate: IDL.Record({ to: IDL.Text, sizes: IDL.Vec(IDL.Nat) }),
    Zap: IDL.Null,
  }),
  added: IDL.Text,
  id: IDL.Nat64,
});

/** What this bridge knows of it. */
const service = lenient(({ IDL: known }) => {
  const Job = known.Variant({ Provision: known.Null, Zap: known.Null });
  const Row = known.Record({ id: known.Nat64, job: Job });
  return known.Service({ rows: known.Func([Row], [known.Vec(Row)], ['query']) });
})({ IDL });
const [, method] = service._fields[0] ?? ['', undefined];
const known = method?.retTypes ?? [];

interface Row {
  readonly id: bigint;
  readonly job: object;
}

function read(rows: readonly unknown[]): readonly Row[] {
  const bytes = IDL.encode([IDL.Vec(Newer)], [rows]);
  const [decoded] = IDL.decode(known, bytes);
  return decoded as unknown as readonly Row[];
}

const jobs = fc.oneof(
  fc.constant({ Provision: null }),
  fc.constant({ Zap: null }),
  fc
    .record(
      { to: fc.string(), sizes: fc.array(fc.bigInt({ min: 0n, max: 2n ** 80n })) },
      { noNullPrototype: true },
    )
    .map((migrate) => ({ Migrate: migrate })),
);

describe('lenient', () => {
  it('reads everything around a case that it does not know', () => {
    const rows = fc.array(
      fc.record(
        { job: jobs, added: fc.string(), id: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
        { noNullPrototype: true },
      ),
    );
    fc.assert(
      fc.property(rows, (sent) => {
        const got = read(sent);
        expect(got.map(({ id }) => id)).toEqual(sent.map(({ id }) => id));
        const cases = sent.map(({ job }) => ('Migrate' in job ? undefined : caseOf(job)));
        expect(got.map(({ job }) => caseOf(job))).toEqual(cases);
      }),
    );
  });

  it('still refuses what is no variant', () => {
    const Other = IDL.Record({ id: IDL.Nat64, job: IDL.Nat });
    const bytes = IDL.encode([IDL.Vec(Other)], [[{ id: 1n, job: 2n }]]);
    expect(() => IDL.decode(known, bytes)).toThrow();
  });

  it('writes as before', () => {
    const [argument] = method?.argTypes ?? [];
    if (argument === undefined) throw new Error('the method has an argument');
    const bytes = IDL.encode([argument], [{ id: 7n, job: { Zap: null } }]);
    const Plain = IDL.Record({
      id: IDL.Nat64,
      job: IDL.Variant({ Provision: IDL.Null, Zap: IDL.Null }),
    });
    expect(IDL.decode([Plain], bytes)).toEqual([{ id: 7n, job: { Zap: null } }]);
  });
});
