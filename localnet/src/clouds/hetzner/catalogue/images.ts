import type { Architecture } from './server-types.ts';

export interface Image {
  readonly id: number;
  readonly name: string;
  readonly architecture: Architecture;
  readonly description: string;
  readonly flavor: string;
  readonly version: string;
  readonly diskSizeGb: number;
  readonly created: string;
  readonly deprecated: string | null;
}

type Row = readonly [
  flavor: string,
  version: string,
  ids: readonly [x86: number, arm: number],
  created: string,
  deprecated?: string,
];

/** One record per name and architecture, as the API has them. */
export const IMAGES: readonly Image[] = (
  [
    ['ubuntu', '20.04', [15512617, 103907384], '2020-04-23T17:55:14Z', '2025-05-01T00:00:00Z'],
    ['ubuntu', '22.04', [67794396, 103907373], '2022-04-21T13:32:38Z'],
    ['ubuntu', '24.04', [161547269, 161547270], '2024-04-25T13:26:27Z'],
    ['debian', '12', [114690387, 114690389], '2023-06-13T06:00:57Z'],
    ['debian', '13', [310554929, 310554930], '2025-08-18T06:15:25Z'],
    ['rocky', '9', [76766499, 103907392], '2022-07-20T12:41:03Z'],
    ['fedora', '42', [232895451, 232895452], '2025-04-22T06:12:40Z'],
  ] as const satisfies readonly Row[]
).flatMap(([flavor, version, [x86, arm], created, deprecated]) => {
  const common = {
    name: `${flavor}-${version}`,
    description: `${flavor.slice(0, 1).toUpperCase()}${flavor.slice(1)} ${version}`,
    flavor,
    version,
    diskSizeGb: 5,
    created,
    deprecated: deprecated ?? null,
  };
  return [
    { ...common, id: x86, architecture: 'x86' as const },
    { ...common, id: arm, architecture: 'arm' as const },
  ];
});

export function imageOf(id: number): Image {
  const image = IMAGES.find((one) => one.id === id);
  if (image === undefined) throw new Error(`BUG: no image ${id}`);
  return image;
}
