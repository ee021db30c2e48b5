import { describe, expect, it } from 'vitest';
import type { Rental } from '../api/wire.ts';
import {
  alternativesTo,
  ANY_MACHINE,
  chosenRow,
  filterOf,
  machineRows,
  optionsOf,
  placeText,
  specText,
} from './machine-choice.service.ts';

type MachineView = Rental.OfferingView['machines'][number];

function machine(
  pair: string,
  { cores = 2, reason = '' }: { readonly cores?: number; readonly reason?: string } = {},
): MachineView {
  const [type = '', location = ''] = pair.split('@');
  const choice = { machine_type: type, location, image: 'ubuntu-24.04' };
  const size = { cores, memory_mb: cores * 2_048, disk_gb: 40, arch: { X86: null }, country: 'DE' };
  return { choice, spec: [{ ...choice, ...size }], is_orderable: reason === '', reason };
}

const SOLD_OUT = 'cx33 is sold out in Falkenstein (fsn1) now';
const MACHINES = [
  machine('cx23@fsn1'),
  machine('cx23@nbg1'),
  machine('cx33@fsn1', { cores: 4, reason: SOLD_OUT }),
  machine('cx33@hel1', { cores: 4 }),
];
const ROWS = machineRows(MACHINES, undefined);

describe('optionsOf', () => {
  it('greys what the other select leaves no machine for, and says why', () => {
    const types = optionsOf(ROWS, { part: 'type', filter: { ...ANY_MACHINE, location: 'fsn1' } });
    expect(types).toEqual([
      { value: 'cx23', whyNot: undefined },
      { value: 'cx33', whyNot: SOLD_OUT },
    ]);
    const places = optionsOf(ROWS, { part: 'location', filter: { ...ANY_MACHINE, type: 'cx33' } });
    expect(places).toEqual([
      { value: 'fsn1', whyNot: SOLD_OUT },
      { value: 'nbg1', whyNot: 'not offered with cx33' },
      { value: 'hel1', whyNot: undefined },
    ]);
  });

  it('greys nothing that can be had while nothing is chosen', () => {
    const types = optionsOf(ROWS, { part: 'type', filter: ANY_MACHINE });
    expect(types.every(({ whyNot }) => whyNot === undefined)).toBe(true);
  });

  it('never lets a pair be chosen that cannot be had', () => {
    for (const { location } of ROWS) {
      const filter = { ...ANY_MACHINE, location };
      for (const { value, whyNot } of optionsOf(ROWS, { part: 'type', filter })) {
        const row = chosenRow(ROWS, { ...filter, type: value });
        expect(row === undefined).toBe(whyNot !== undefined);
      }
    }
  });
});

describe('chosenRow', () => {
  it('takes the first that can be had', () => {
    expect(chosenRow(ROWS, ANY_MACHINE)?.index).toBe(0);
    expect(chosenRow(ROWS, { ...ANY_MACHINE, type: 'cx33' })?.index).toBe(3);
    expect(chosenRow(ROWS, { ...ANY_MACHINE, type: 'cx33', location: 'fsn1' })).toBeUndefined();
  });
});

describe('alternativesTo', () => {
  it('names the same type elsewhere before another type at the same place', () => {
    const [, , wanted] = ROWS;
    const filter = wanted === undefined ? ANY_MACHINE : filterOf(wanted);
    const near = alternativesTo(ROWS, { filter, spec: wanted?.spec });
    expect(near.map(({ index }) => index)).toEqual([3, 0, 1]);
  });
});

describe('machineRows', () => {
  it('refuses machines that the recipe does not run on', () => {
    const needs = {
      min_machine: { cores: 3, memory_mb: 512, disk_gb: 5, archs: [] },
      images: ['ubuntu-24.04'],
    };
    expect(machineRows(MACHINES, needs).map(({ whyNot }) => whyNot)).toEqual([
      'the recipe needs 3 cores',
      'the recipe needs 3 cores',
      SOLD_OUT,
      undefined,
    ]);
    const arm = {
      min_machine: { ...needs.min_machine, cores: 1, archs: [{ Arm: null }] },
      images: [],
    };
    expect(machineRows(MACHINES, arm)[0]?.whyNot).toBe('the recipe does not run on X86');
    const other = { min_machine: { ...needs.min_machine, cores: 1 }, images: ['debian-13'] };
    expect(machineRows(MACHINES, other)[0]?.whyNot).toBe('the recipe does not run on ubuntu-24.04');
  });
});

describe('words', () => {
  it('say a machine and a place', () => {
    const spec = { cores: 1, memory_mb: 512, disk_gb: 20, arch: { Arm: null } };
    expect(specText(spec)).toBe('1 core · 512 MB memory · 20 GB disk · ARM');
    expect(placeText({ location: 'fsn1', city: 'Falkenstein', country: 'DE' })).toBe(
      'Falkenstein, Germany (fsn1)',
    );
    expect(placeText({ location: 'local', city: '', country: '' })).toBe('local');
  });
});
