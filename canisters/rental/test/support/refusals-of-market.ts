import type { Principal } from '@dfinity/principal';
import type {
  Catalogue,
  OfferingInput,
  RecipeField,
  SearchFilter,
  VersionInput,
} from '../../../../dist/canisters/rental/declarations/rental.did.ts';
import * as busy from './busy-market.ts';
import type { BusyMarket } from './busy-market.ts';
import { AUTHOR, RENTER, versionInput } from './market.ts';
import type { MethodCalls } from './method-calls.ts';
import * as table from './refusal-table.ts';
import { badLimits, LONG, NOBODY, type Refused, type RefusalTable } from './refusal-table.ts';
import { DAY_NS, HOUR_NS, MINUTE_NS, STRANGER } from './rental-world.ts';

const { NEEDS_ACCOUNT, NEEDS_LOGIN, OWN_OF_AUTHOR, OWN_OF_SELLER } = table;
const NUL = 'a\0b';
const PAGE = { from: [] as [], limit: 10 };

/** Each one is an offer with one thing wrong. */
function badOffers(good: OfferingInput): [string, OfferingInput][] {
  const choice = { machine_type: 'cx23', location: 'fsn1', image: 'ubuntu-24.04' };
  const row = { below_ppm: 990_000, credit_bps: 100 };
  const shared = (principals: Principal[]) => ({ Shared: { principals } });
  const bad: [string, Partial<OfferingInput>][] = [
    ['title', { title: 'ab' }],
    ['title', { title: LONG }],
    ['title', { title: `\u202e${good.title}` }],
    ['description', { description: LONG }],
    ['choices', { choices: [] }],
    ['choices', { choices: [choice, choice] }],
    ['choices', { choices: Array.from({ length: 9 }, () => choice) }],
    ['choices', { choices: [{ ...choice, machine_type: 'no-such' }] }],
    ['choices', { choices: [{ ...choice, location: 'moon1' }] }],
    ['choices', { choices: [{ ...choice, image: LONG }] }],
    ['price_per_month_usd_e8', { price_per_month_usd_e8: 0n }],
    ['price_per_month_usd_e8', { price_per_month_usd_e8: 12_345n }],
    ['price_per_month_usd_e8', { price_per_month_usd_e8: 2n ** 4_000n }],
    ['min_term_ns', { min_term_ns: 0n }],
    ['max_term_ns', { max_term_ns: MINUTE_NS }],
    ['max_term_ns', { max_term_ns: NOBODY }],
    ['notice_ns', { notice_ns: 400n * DAY_NS }],
    ['provision_within_ns', { provision_within_ns: MINUTE_NS }],
    ['provision_within_ns', { provision_within_ns: 49n * HOUR_NS }],
    ['sla_credits', { sla_credits: [row, row] }],
    ['sla_credits', { sla_credits: [{ ...row, below_ppm: 1_000_001 }] }],
    ['sla_credits', { sla_credits: Array.from({ length: 6 }, () => row) }],
    ['provider_penalty_bps', { provider_penalty_bps: 10_001 }],
    ['visibility', { visibility: shared([]) }],
    ['visibility', { visibility: shared([busy.ANONYMOUS]) }],
    ['visibility', { visibility: shared([RENTER, RENTER]) }],
    ['visibility', { visibility: shared(Array.from({ length: 3_000 }, () => RENTER)) }],
  ];
  return bad.map(([argument, change]) => [argument, { ...good, ...change }]);
}

function badCatalogues(good: Catalogue): Refused<'publish_catalogue'>[] {
  const [place, image, type] = [good.locations[0], good.images[0], good.types[0]];
  if (place === undefined || image === undefined || type === undefined) throw new Error('empty');
  const many = <T>(length: number, item: T) => Array.from({ length }, () => item);
  const at = { location: 'moon1', is_available: true, unavailable_after_ns: [] as [] };
  const bad: [string, Partial<Catalogue>][] = [
    ['currency', { currency: 'dollars' }],
    ['locations', { locations: many(61, place) }],
    ['locations', { locations: [place, place] }],
    ['locations', { locations: [{ ...place, name: LONG }] }],
    ['images', { images: many(201, image) }],
    ['types', { types: many(301, type) }],
    ['types', { types: [type, type] }],
    ['types', { types: [{ ...type, cores: 0 }] }],
    ['types', { types: [{ ...type, at: [{ ...at, price_per_month: '3.49' }] }] }],
    ['read_at_ns', { read_at_ns: good.read_at_ns + HOUR_NS }],
  ];
  return bad.map(([argument, change]) => [argument, [{ ...good, ...change }]]);
}

/** Of catalogues and offers. */
export function marketRefusals(b: BusyMarket, calls: MethodCalls) {
  const [good] = calls.create_offering.args;
  const [catalogue] = calls.publish_catalogue.args;
  const [filter] = calls.search_offerings.args;
  const { bareOfferingId: offering_id, cloudAccountId } = b.honest;
  const other = { ...good, cloud_account_id: b.rival.cloudAccountId };
  const range = { Compatible: { from: '1.0.0' } };
  const pinned = { Pinned: { version: '7.7.7' } };
  const withRecipe = (recipe_id: bigint, of: typeof range | typeof pinned) => ({
    ...good,
    recipe: [{ recipe_id, range: of }] as OfferingInput['recipe'],
  });
  return {
    publish_catalogue: {
      callers: table.OWN_OF_AGENT,
      wrong: [
        ['NotAllowed', [{ ...catalogue, cloud_account_id: NOBODY }]],
        ['Conflict', [{ ...catalogue, read_at_ns: catalogue.read_at_ns - DAY_NS }]],
        ...badCatalogues(catalogue),
      ],
    },
    get_catalogue: {
      wrong: [
        ['NotFound', [{ cloud_account_id: NOBODY, from: [], limit: 10 }]],
        ...badLimits((limit) => [{ ...PAGE, cloud_account_id: cloudAccountId, limit }]),
      ],
    },
    create_offering: {
      callers: table.NEEDS_SELLER,
      wrong: [
        ['NotFound', [other]],
        ['NotFound', [{ ...good, cloud_account_id: NOBODY }]],
        ['NotFound', [withRecipe(NOBODY, range)]],
        [{ RecipeUnavailable: {} }, [withRecipe(b.honest.recipeId, pinned)]],
        ...badOffers(good).map(([leaf, input]) => [leaf, [input]] as [string, [OfferingInput]]),
      ],
    },
    update_offering: {
      callers: OWN_OF_SELLER,
      wrong: [
        ['NotFound', [{ offering_id: NOBODY, input: good }]],
        [{ WrongState: { state: 'retired' } }, [{ offering_id: b.retiredId, input: good }]],
        ['NotFound', [{ offering_id, input: other }]],
        ...badOffers(good).map(
          ([leaf, input]) =>
            [leaf, [{ offering_id, input }]] as [
              string,
              [{ offering_id: bigint; input: OfferingInput }],
            ],
        ),
      ],
    },
    set_offering_status: {
      callers: OWN_OF_SELLER,
      wrong: [
        ['NotFound', [{ offering_id: NOBODY, status: { Open: null } }]],
        [
          { WrongState: { state: 'retired' } },
          [{ offering_id: b.retiredId, status: { Open: null } }],
        ],
      ],
    },
    get_offering: { wrong: [['NotFound', [NOBODY]]] },
    list_provider_offerings: {
      wrong: [
        ['from', [{ ...PAGE, from: [NOBODY], provider: b.sellerAccount, is_retired: false }]],
        ...badLimits((limit) => [{ ...PAGE, provider: b.sellerAccount, is_retired: false, limit }]),
      ],
    },
    list_shared_with_me: {
      callers: NEEDS_LOGIN,
      wrong: [
        ['from', [{ ...PAGE, from: [NOBODY] }]],
        ...badLimits((limit) => [{ ...PAGE, limit }]),
      ],
    },
    search_offerings: {
      wrong: [
        ...badLimits((limit) => [{ ...filter, limit }] as [SearchFilter]),
        ['words', [{ ...filter, words: LONG }]],
        ['location', [{ ...filter, location: [LONG] }]],
        ['country', [{ ...filter, country: [LONG] }]],
      ],
    },
  } satisfies Partial<RefusalTable>;
}

function badVersions(): [string, VersionInput][] {
  const good = versionInput('2.0.0');
  const field: RecipeField = {
    name: 'PORT',
    label: 'Port',
    help: '',
    is_required: true,
    field_type: { Port: { default: 80 } },
  };
  const text = (of: { default: string; max_length: number }) => ({
    ...field,
    field_type: { Text: of },
  });
  const number = { default: 9n, min: 0n, max: 3n };
  const bad: [string, Partial<VersionInput>][] = [
    ['semver', { semver: '1' }],
    ['Conflict', { semver: '1.0.0' }],
    ['semver', { semver: '2.0.0+build' }],
    ['semver', { semver: LONG }],
    ['script', { script: '' }],
    ['script', { script: LONG }],
    ['script', { script: 'a\n'.repeat(4_001) }],
    ['script', { script: `echo ${NUL}` }],
    ['rollback_script', { rollback_script: [LONG] }],
    ['fields', { fields: Array.from({ length: 25 }, () => field) }],
    ['fields', { fields: [field, field] }],
    ['fields', { fields: [{ ...field, name: 'port' }] }],
    ['fields', { fields: [{ ...field, label: LONG }] }],
    ['fields', { fields: [{ ...field, help: LONG }] }],
    ['fields', { fields: [{ ...field, field_type: { Port: { default: 0 } } }] }],
    ['fields', { fields: [{ ...field, field_type: { Number: number } }] }],
    ['fields', { fields: [{ ...field, field_type: { Number: { ...number, min: 4n } } }] }],
    ['fields', { fields: [text({ default: '', max_length: 0 })] }],
    ['fields', { fields: [text({ default: 'abc', max_length: 1 })] }],
    ['fields', { fields: [{ ...field, field_type: { Choice: { options: [], default: '' } } }] }],
    ['fields', { fields: [{ ...field, field_type: { GeneratedSecret: { length: 0 } } }] }],
    ['min_machine', { min_machine: { ...good.min_machine, cores: 2 ** 32 - 1 } }],
    ['images', { images: Array.from({ length: 300 }, () => 'ubuntu-24.04') }],
    ['health', { health: { Http: { port: 0, path: '/', status: 200, contains: '' } } }],
    ['health', { health: { Http: { port: 80, path: 'x', status: 200, contains: '' } } }],
    ['health', { health: { Command: { command: '' } } }],
    ['service_url', { service_url: 'javascript:alert(1)' }],
    ['service_url', { service_url: 'https://{nothing}/' }],
    ['post_install_notes', { post_install_notes: LONG }],
    ['changelog', { changelog: LONG }],
    ['expected_downtime_ns', { expected_downtime_ns: 7n * HOUR_NS }],
  ];
  return bad.map(([argument, change]) => [argument, { ...good, ...change }]);
}

/** Of recipes. */
export function recipeRefusals(b: BusyMarket, calls: MethodCalls) {
  const [recipe] = calls.publish_recipe.args;
  const [{ input }] = calls.update_recipe.args;
  const { recipeId: recipe_id } = b.honest;
  const reason = 'It is old.';
  const input2 = versionInput('2.0.0');
  return {
    publish_recipe: {
      callers: NEEDS_LOGIN,
      wrong: [
        ['Conflict', [{ ...recipe, name: 'hello-web' }]],
        ...['', 'ab', 'Upper', '-a-', 'a--b', LONG].map(
          (name) => ['name', [{ ...recipe, name }]] as [string, [typeof recipe]],
        ),
        ['description', [{ ...recipe, description: LONG }]],
        ['icon', [{ ...recipe, icon: '<script>' }]],
        ['icon', [{ ...recipe, icon: '🌍'.repeat(3_000) }]],
        ['tags', [{ ...recipe, tags: ['web', 'web'] }]],
        ['tags', [{ ...recipe, tags: Array.from({ length: 5_000 }, () => 'web') }]],
        ['tags', [{ ...recipe, tags: [LONG] }]],
        ['author_bps', [{ ...recipe, author_bps: 1_001 }]],
      ],
    },
    update_recipe: {
      callers: OWN_OF_AUTHOR,
      wrong: [
        ['NotFound', [{ recipe_id: NOBODY, input }]],
        ['description', [{ recipe_id, input: { ...input, description: NUL } }]],
        ['icon', [{ recipe_id, input: { ...input, icon: 'ab' } }]],
        ['tags', [{ recipe_id, input: { ...input, tags: ['a'] } }]],
        ['author_bps', [{ recipe_id, input: { ...input, author_bps: 65_535 } }]],
      ],
    },
    deprecate_recipe: {
      callers: OWN_OF_AUTHOR,
      wrong: [['NotFound', [{ recipe_id: NOBODY, is_deprecated: true }]]],
    },
    set_recipe_payee: {
      callers: OWN_OF_AUTHOR,
      wrong: [
        ['NotFound', [{ recipe_id: NOBODY, payee: AUTHOR }]],
        ['payee', [{ recipe_id, payee: STRANGER }]],
        ['payee', [{ recipe_id, payee: busy.ANONYMOUS }]],
      ],
    },
    publish_version: {
      callers: OWN_OF_AUTHOR,
      wrong: [
        ['NotFound', [{ recipe_id: NOBODY, input: input2 }]],
        ...badVersions().map(
          ([leaf, bad]) =>
            [leaf, [{ recipe_id, input: bad }]] as [
              string,
              [{ recipe_id: bigint; input: VersionInput }],
            ],
        ),
      ],
    },
    deprecate_version: {
      callers: OWN_OF_AUTHOR,
      wrong: [
        ['NotFound', [{ recipe_id: NOBODY, number: 0, reason }]],
        ['NotFound', [{ recipe_id, number: 2 ** 32 - 1, reason }]],
        ['reason', [{ recipe_id, number: 0, reason: '' }]],
        ['reason', [{ recipe_id, number: 0, reason: LONG }]],
      ],
    },
    yank_version: {
      callers: OWN_OF_AUTHOR,
      wrong: [
        ['NotFound', [{ recipe_id, number: 99, reason }]],
        ['reason', [{ recipe_id, number: 0, reason: NUL }]],
        ['reason', [{ recipe_id, number: 0, reason: LONG }]],
      ],
    },
    get_recipe: { wrong: [['NotFound', [NOBODY]]] },
    get_recipe_by_name: {
      wrong: [
        ['NotFound', ['no-such']],
        ['name', [LONG]],
      ],
    },
    list_recipes: {
      wrong: [
        ['from', [{ ...PAGE, from: [NOBODY] }]],
        ...badLimits((limit) => [{ ...PAGE, limit }]),
      ],
    },
    list_recipes_by_tag: {
      wrong: [
        ['tag', [{ tag: LONG, page: PAGE }]],
        ...badLimits((limit) => [{ tag: 'web', page: { ...PAGE, limit } }]),
      ],
    },
    list_my_recipes: {
      callers: NEEDS_ACCOUNT,
      wrong: badLimits((limit) => [{ ...PAGE, limit }]),
    },
    get_version: {
      wrong: [
        ['NotFound', [{ recipe_id: NOBODY, number: 0 }]],
        ['NotFound', [{ recipe_id, number: 99 }]],
      ],
    },
    list_versions: {
      wrong: [
        ['NotFound', [NOBODY, { ...PAGE, newest_first: true }]],
        ...badLimits((limit) => [recipe_id, { ...PAGE, newest_first: true, limit }], 20),
      ],
    },
    get_script: {
      wrong: [
        ['NotFound', ['0'.repeat(64)]],
        ['sha256', ['no hash']],
        ['sha256', [LONG]],
      ],
    },
    preview_upgrade: {
      wrong: [
        ['NotFound', [{ recipe_id: NOBODY, from: 0, to: 1 }]],
        ['to', [{ recipe_id, from: 1, to: 0 }]],
        ['NotFound', [{ recipe_id, from: 0, to: 99 }]],
      ],
    },
  } satisfies Partial<RefusalTable>;
}
