import { formatDecimal } from '@decent-cloud/domain/amount.ts';
import type { Rental } from '../api/wire.ts';
import { typedLength, type TypedLength } from './offering-length.service.ts';

export type VisibilityName = 'Public' | 'Shared' | 'Private';

/** A row of the SLA table as it is typed, both in percent. */
export interface TypedSlaRow {
  below: string;
  credit: string;
}

/** An offer as it is typed. */
export interface OfferingForm {
  cloudAccountId: string;
  title: string;
  description: string;
  choices: Rental.MachineChoice[];
  /** Its number as text; empty offers a bare machine. */
  recipeId: string;
  range: 'Compatible' | 'Pinned';
  /** The version that is pinned, or from which on it may be. */
  version: string;
  /** US dollars for 30 days. */
  price: string;
  minTerm: TypedLength;
  maxTerm: TypedLength;
  notice: TypedLength;
  provisionWithin: TypedLength;
  /** In percent. */
  penalty: string;
  sla: TypedSlaRow[];
  visibility: VisibilityName;
  /** Principals, one a line. */
  sharedWith: string;
}

const USD_DECIMALS = 8;
const BPS_DECIMALS = 2;
const PPM_DECIMALS = 4;

/** An offer to begin with: what most sellers promise. */
export function newOfferingForm(cloudAccountId: string): OfferingForm {
  return {
    cloudAccountId,
    title: '',
    description: '',
    choices: [],
    recipeId: '',
    range: 'Compatible',
    version: '',
    price: '',
    minTerm: { count: '1', unit: 'hours' },
    maxTerm: { count: '365', unit: 'days' },
    notice: { count: '0', unit: 'hours' },
    provisionWithin: { count: '30', unit: 'minutes' },
    penalty: '10',
    sla: [
      { below: '99.9', credit: '10' },
      { below: '99', credit: '30' },
    ],
    visibility: 'Public',
    sharedWith: '',
  };
}

/** The offer as it would be typed; reading it back gives the very same offer. */
export function formOf(offering: Rental.OfferingInput): OfferingForm {
  const [recipe] = offering.recipe;
  const { visibility } = offering;
  return {
    cloudAccountId: offering.cloud_account_id.toString(),
    title: offering.title,
    description: offering.description,
    choices: offering.choices.map((choice) => ({ ...choice })),
    ...recipeOf(recipe),
    price: dollars(offering.price_per_month_usd_e8),
    minTerm: typedLength(offering.min_term_ns),
    maxTerm: typedLength(offering.max_term_ns),
    notice: typedLength(offering.notice_ns),
    provisionWithin: typedLength(offering.provision_within_ns),
    penalty: percent(offering.provider_penalty_bps, BPS_DECIMALS),
    sla: offering.sla_credits.map(({ below_ppm: below, credit_bps: credit }) => ({
      below: percent(below, PPM_DECIMALS),
      credit: percent(credit, BPS_DECIMALS),
    })),
    visibility: 'Public' in visibility ? 'Public' : 'Shared' in visibility ? 'Shared' : 'Private',
    sharedWith:
      'Shared' in visibility
        ? visibility.Shared.principals.map((one) => one.toText()).join('\n')
        : '',
  };
}

function recipeOf(
  recipe: Rental.OfferedRecipe | undefined,
): Pick<OfferingForm, 'recipeId' | 'range' | 'version'> {
  if (recipe === undefined) return { recipeId: '', range: 'Compatible', version: '' };
  const recipeId = recipe.recipe_id.toString();
  return 'Pinned' in recipe.range
    ? { recipeId, range: 'Pinned', version: recipe.range.Pinned.version }
    : { recipeId, range: 'Compatible', version: recipe.range.Compatible.from };
}

/** With two digits at least, as prices are written. */
function dollars(amount: bigint): string {
  const [whole = '', fraction = ''] = formatDecimal({ amount, decimals: USD_DECIMALS }).split('.');
  return `${whole}.${fraction.padEnd(2, '0')}`;
}

function percent(parts: number, decimals: number): string {
  return formatDecimal({ amount: BigInt(parts), decimals });
}
