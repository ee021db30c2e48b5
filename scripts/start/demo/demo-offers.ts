import type {
  MachineChoice,
  OfferingInput,
} from '../../../dist/canisters/rental/declarations/rental.did.ts';

const HOUR_NS = 3_600_000_000_000n;
const DAY_NS = 24n * HOUR_NS;
const USD_E8 = 100_000_000n;
const CENT_E8 = USD_E8 / 100n;

/** A seller of the demo market, with one account at the stand-in cloud. */
export interface DemoSeller {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly cloudLabel: string;
  readonly offers: readonly DemoOffer[];
}

export interface DemoOffer {
  readonly title: string;
  readonly description: string;
  /** By name; undefined offers a bare machine. */
  readonly recipe: string | undefined;
  readonly choices: readonly MachineChoice[];
  readonly monthlyUsdE8: bigint;
}

function machine(machine_type: string, location: string): MachineChoice {
  return { machine_type, location, image: 'ubuntu-24.04' };
}

const SMALL_EU = [machine('cx23', 'fsn1'), machine('cx23', 'nbg1'), machine('cx23', 'hel1')];
const MEDIUM_EU = [machine('cx33', 'fsn1'), machine('cx33', 'hel1')];
const ARM_EU = [machine('cax11', 'fsn1'), machine('cax11', 'hel1')];
const SMALL_NORTH = [machine('cpx22', 'hel1'), machine('cpx22', 'nbg1')];

/** Two sellers; names and prices say that they are a demo's. */
export const DEMO_SELLERS: readonly DemoSeller[] = [
  {
    key: 'seller-one',
    name: 'Demo seller One',
    description: 'A seller of this local market. Its machines run on your own computer.',
    cloudLabel: 'One: main project',
    offers: [
      {
        title: 'Static site on a small machine',
        description: 'Two cores, 4 GB, in Germany or Finland.',
        recipe: 'static-site',
        choices: SMALL_EU,
        monthlyUsdE8: 790n * CENT_E8,
      },
      {
        title: 'Guest book on a small machine',
        description: 'Two cores, 4 GB, in Germany or Finland.',
        recipe: 'guest-book',
        choices: SMALL_EU,
        monthlyUsdE8: 850n * CENT_E8,
      },
      {
        title: 'Bare machine, two cores',
        description: 'Ubuntu 24.04 with your SSH keys, and nothing else.',
        recipe: undefined,
        choices: SMALL_EU,
        monthlyUsdE8: 740n * CENT_E8,
      },
    ],
  },
  {
    key: 'seller-two',
    name: 'Demo seller Two',
    description: 'Another seller of this local market, with machines of its own.',
    cloudLabel: 'Two: main project',
    offers: [
      {
        title: 'Bare machine, four cores',
        description: 'Ubuntu 24.04 with your SSH keys, on four shared cores and 8 GB.',
        recipe: undefined,
        choices: MEDIUM_EU,
        monthlyUsdE8: 1_150n * CENT_E8,
      },
      {
        title: 'Bare ARM machine',
        description: 'Two ARM cores and 4 GB: the cheapest way to have a machine of your own.',
        recipe: undefined,
        choices: ARM_EU,
        monthlyUsdE8: 820n * CENT_E8,
      },
      {
        title: 'Guest book in the north',
        description: 'Two AMD cores and 4 GB in Helsinki.',
        recipe: 'guest-book',
        choices: SMALL_NORTH,
        monthlyUsdE8: 2_290n * CENT_E8,
      },
    ],
  },
];

/** All that an offer of the demo market says. */
export function offeringOf(
  offer: DemoOffer,
  ids: { readonly cloudAccount: bigint; readonly recipe: bigint | undefined },
): OfferingInput {
  return {
    cloud_account_id: ids.cloudAccount,
    title: offer.title,
    description: offer.description,
    choices: [...offer.choices],
    recipe:
      ids.recipe === undefined
        ? []
        : [{ recipe_id: ids.recipe, range: { Compatible: { from: '1.0.0' } } }],
    price_per_month_usd_e8: offer.monthlyUsdE8,
    min_term_ns: HOUR_NS,
    max_term_ns: 365n * DAY_NS,
    sla_credits: [
      { below_ppm: 999_000, credit_bps: 1_000 },
      { below_ppm: 990_000, credit_bps: 3_000 },
    ],
    notice_ns: 0n,
    provision_within_ns: HOUR_NS / 2n,
    provider_penalty_bps: 1_000,
    visibility: { Public: null },
  };
}
