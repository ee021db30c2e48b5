export type Architecture = 'x86' | 'arm';

/** When something was announced to go, and from when it cannot be ordered any more. */
export interface Deprecation {
  readonly announced: string;
  readonly unavailable_after: string;
}

export interface ServerType {
  readonly id: number;
  readonly name: string;
  readonly category: string;
  readonly cpuType: 'shared' | 'dedicated';
  readonly architecture: Architecture;
  readonly cores: number;
  readonly memoryGb: number;
  readonly diskGb: number;
  /** Euros a month without VAT and without an address. */
  readonly monthlyNet: string;
  readonly locations: readonly {
    readonly name: string;
    readonly deprecation: Deprecation | null;
  }[];
}

interface Family {
  readonly category: string;
  readonly cpuType: 'shared' | 'dedicated';
  readonly architecture: Architecture;
  readonly at: readonly string[];
  /** Where it was sold once. */
  readonly goneFrom?: readonly string[];
}

/** Id, name, cores, GB of memory, GB of disk, euros a month. */
type Row = readonly [number, string, number, number, number, string];

const EU = ['fsn1', 'nbg1', 'hel1'];
const US = ['ash', 'hil'];
const ASIA = ['sin'];

const OLD_GENERATION: Deprecation = {
  announced: '2025-10-16T06:00:00Z',
  unavailable_after: '2025-12-31T23:59:59Z',
};

const shared = { cpuType: 'shared', architecture: 'x86' } as const;

/** Autumn 2026. Prices: net, of the EU, after the rises of April and June 2026. */
export const SERVER_TYPES: readonly ServerType[] = [
  ...family({ ...shared, category: 'cost_optimized', at: EU }, [
    [114, 'cx23', 2, 4, 40, '5.49'],
    [115, 'cx33', 4, 8, 80, '8.49'],
    [116, 'cx43', 8, 16, 160, '15.99'],
    [117, 'cx53', 16, 32, 320, '29.49'],
  ]),
  ...family({ ...shared, category: 'cost_optimized', architecture: 'arm', at: EU }, [
    [45, 'cax11', 2, 4, 40, '5.99'],
    [93, 'cax21', 4, 8, 80, '10.49'],
    [94, 'cax31', 8, 16, 160, '20.99'],
    [95, 'cax41', 16, 32, 320, '40.99'],
  ]),
  ...family({ ...shared, category: 'regular_performance', at: [...EU, ...ASIA] }, [
    [108, 'cpx12', 1, 2, 40, '11.49'],
    [109, 'cpx22', 2, 4, 80, '19.49'],
    [110, 'cpx32', 4, 8, 160, '35.49'],
    [111, 'cpx42', 8, 16, 320, '69.49'],
    [112, 'cpx52', 12, 24, 480, '100.49'],
    [113, 'cpx62', 16, 32, 640, '129.99'],
  ]),
  ...family({ ...shared, category: 'regular_performance', at: US, goneFrom: EU }, [
    [22, 'cpx11', 2, 2, 40, '17.49'],
    [26, 'cpx51', 16, 32, 360, '237.99'],
  ]),
  ...family(
    {
      category: 'general_purpose',
      cpuType: 'dedicated',
      architecture: 'x86',
      at: [...EU, ...US, ...ASIA],
    },
    [
      [96, 'ccx13', 2, 8, 80, '42.99'],
      [97, 'ccx23', 4, 16, 160, '85.99'],
      [98, 'ccx33', 8, 32, 240, '138.49'],
      [99, 'ccx43', 16, 64, 360, '275.99'],
      [100, 'ccx53', 32, 128, 600, '533.49'],
      [101, 'ccx63', 48, 192, 960, '853.49'],
    ],
  ),
].sort((a, b) => a.id - b.id);

function family(of: Family, rows: readonly Row[]): ServerType[] {
  const gone = (of.goneFrom ?? []).map((name) => ({ name, deprecation: OLD_GENERATION }));
  const locations = [...gone, ...of.at.map((name) => ({ name, deprecation: null }))];
  return rows.map(([id, name, cores, memoryGb, diskGb, monthlyNet]) => ({
    id,
    name,
    category: of.category,
    cpuType: of.cpuType,
    architecture: of.architecture,
    cores,
    memoryGb,
    diskGb,
    monthlyNet,
    locations,
  }));
}

/** By name, or by the id in digits. */
export function findServerType(idOrName: string): ServerType | undefined {
  return SERVER_TYPES.find((type) => type.name === idOrName || type.id.toString() === idOrName);
}

export function serverTypeOf(name: string): ServerType {
  const type = SERVER_TYPES.find((one) => one.name === name);
  if (type === undefined) throw new Error(`BUG: no server type ${name}`);
  return type;
}
