import type { DemoOffer, DemoSeller } from '../../../scripts/start/demo/demo-offers.ts';
import type { MachineChoice } from '../../../dist/canisters/rental/declarations/rental.did.ts';

const MONTHLY_USD_E8 = 720_000_000_000n;

function machine(machine_type: string, location: string): MachineChoice {
  return { machine_type, location, image: 'ubuntu-24.04' };
}

const CHOICES = [machine('cx23', 'fsn1'), machine('cx23', 'nbg1'), machine('cx33', 'hel1')];

function offer(title: string, recipe: string | undefined): DemoOffer {
  return {
    title,
    description: `${title} of a simulated seller.`,
    recipe,
    choices: CHOICES,
    monthlyUsdE8: MONTHLY_USD_E8,
  };
}

const OFFERS = [
  offer('Bare machine', undefined),
  offer('Machine that runs once', 'runs-once'),
  offer('Machine that always fails', 'always-fails'),
];

function seller(name: string): DemoSeller {
  return {
    key: name,
    name: `Seller ${name}`,
    description: 'A simulated seller.',
    cloudLabel: `Project ${name}`,
    offers: OFFERS,
  };
}

/** One for each project of the cloud. */
export const CHAOS_SELLERS: readonly DemoSeller[] = [seller('one'), seller('two')];
