import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RentalId } from './ids.ts';
import type { MachineSpec } from './job-work.ts';
import { choiceOf, isOfRental, isOurs, labelsFor } from './server-labels.ts';
import { serverNameOf } from './server-name.ts';
import { planDelete, planServer, type FoundServer } from './server-plan.ts';

const MACHINE: MachineSpec = {
  machineType: 'cx23',
  location: 'fsn1',
  image: 'ubuntu-24.04',
  arch: 'x86',
  cores: 2,
  memoryMb: 4_096,
  diskGb: 40,
  country: 'DE',
};

const rentals = fc
  .record({
    installation: fc.stringMatching(/^[a-z0-9-]{1,24}$/),
    rentalId: fc.maxSafeNat(),
  })
  .map(({ installation, rentalId }) => ({ installation, rentalId: rentalId as RentalId }));

const statuses = fc.constantFrom('starting', 'running', 'stopping', 'off', 'deleting', 'other');

function labelsOf(
  rental: { readonly installation: string; readonly rentalId: RentalId },
  choiceIndex: number,
  userData = 'data',
) {
  const body = { name: serverNameOf(rental), machine: MACHINE, userData };
  return labelsFor(rental, { choiceIndex, body });
}

describe('serverNameOf', () => {
  it('gives a label of RFC 1123 that is different for different rentals', () => {
    fc.assert(
      fc.property(rentals, rentals, (a, b) => {
        expect(serverNameOf(a)).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])$/);
        const isSame = a.installation === b.installation && a.rentalId === b.rentalId;
        expect(serverNameOf(a) === serverNameOf(b)).toBe(isSame);
      }),
    );
  });

  it('refuses what no name can be made of', () => {
    for (const installation of ['', 'A', 'a.b', 'x'.repeat(60)]) {
      expect(() => serverNameOf({ installation, rentalId: 1 as RentalId })).toThrow(RangeError);
    }
  });
});

describe('labelsFor', () => {
  it('gives labels that every cloud takes and that can be read again', () => {
    fc.assert(
      fc.property(rentals, fc.nat(7), (rental, choice) => {
        const labels = labelsOf(rental, choice);
        for (const value of Object.values(labels)) {
          expect(value).toMatch(/^[a-z0-9]$|^[a-z0-9-]{1,63}$/);
        }
        expect(isOfRental(labels, rental)).toBe(true);
        expect(choiceOf(labels)).toBe(choice);
      }),
    );
  });

  it('tells by the hash what a server was made of', () => {
    const rental = { installation: 'test', rentalId: 7 as RentalId };
    const spec = (userData: string) => labelsOf(rental, 0, userData)['dc-spec'];
    expect(spec('a')).toMatch(/^[0-9a-f]{40}$/);
    expect(spec('a')).toBe(spec('a'));
    expect(spec('a')).not.toBe(spec('b'));
  });

  it('makes nobody elses server ours', () => {
    const rental = { installation: 'test', rentalId: 7 as RentalId };
    const labels = labelsOf(rental, 0);
    expect(isOurs(labels, 'other')).toBe(false);
    expect(isOurs({ ...labels, 'managed-by': 'somebody' }, 'test')).toBe(false);
    expect(isOfRental(labels, { ...rental, rentalId: 8 as RentalId })).toBe(false);
    expect(choiceOf({ 'dc-choice': 'x' })).toBeUndefined();
  });
});

describe('planServer', () => {
  const wanted = fc.record({ rental: rentals, choiceIndex: fc.nat(7) });
  const found = fc.record({
    status: statuses,
    ipv4: fc.option(fc.constant('127.20.0.1'), { nil: undefined }),
    choice: fc.nat(7),
    isOwn: fc.boolean(),
  });

  it('makes a server only where there is none', () => {
    fc.assert(
      fc.property(wanted, fc.option(found, { nil: undefined }), (want, seen) => {
        const plan = planServer(
          { ...want.rental, choiceIndex: want.choiceIndex },
          seen === undefined ? undefined : serverOf(want.rental, seen),
        );
        expect(plan.kind === 'create').toBe(seen === undefined);
      }),
    );
  });

  it('touches only what is of this rental, and adopts only what is wanted', () => {
    fc.assert(
      fc.property(wanted, found, (want, seen) => {
        const server = serverOf(want.rental, seen);
        const plan = planServer({ ...want.rental, choiceIndex: want.choiceIndex }, server);
        expect(plan.kind === 'foreign').toBe(!seen.isOwn);
        if (plan.kind !== 'adopt') return;
        expect(seen).toMatchObject({ isOwn: true, choice: want.choiceIndex, ipv4: '127.20.0.1' });
        expect(seen.status).not.toBe('deleting');
      }),
    );
  });

  it('waits for an address only while the server starts', () => {
    const rental = { installation: 'test', rentalId: 1 as RentalId };
    const planOf = (status: string) =>
      planServer(
        { ...rental, choiceIndex: 0 },
        serverOf(rental, { status, ipv4: undefined, choice: 0, isOwn: true }),
      ).kind;
    expect(planOf('starting')).toBe('await-address');
    expect(planOf('running')).toBe('replace');
    expect(planOf('deleting')).toBe('await-deletion');
  });

  function serverOf(
    rental: { readonly installation: string; readonly rentalId: RentalId },
    seen: {
      readonly status: string;
      readonly ipv4: string | undefined;
      readonly choice: number;
      readonly isOwn: boolean;
    },
  ): FoundServer {
    const own = labelsOf(rental, seen.choice);
    const labels = seen.isOwn ? own : { ...own, 'dc-installation': 'somebody' };
    return { externalId: 'srv-1', labels, ipv4: seen.ipv4, status: seen.status };
  }
});

describe('planDelete', () => {
  it('deletes nothing without the labels of that very rental', () => {
    fc.assert(
      fc.property(rentals, rentals, statuses, (mine, other, status) => {
        const plan = planDelete(mine, { labels: labelsOf(other, 0), status });
        const isSame = mine.installation === other.installation && mine.rentalId === other.rentalId;
        const expected = status === 'deleting' ? 'await-deletion' : 'delete';
        expect(plan).toBe(isSame ? expected : 'foreign');
      }),
    );
  });
});
