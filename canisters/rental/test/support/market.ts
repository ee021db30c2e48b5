import type { Principal } from '@dfinity/principal';
import { userPrincipal } from '@decent-cloud/localnet/testing/replica-world.ts';
import type { SyncActor } from '@decent-cloud/localnet/testing/sync-actor.ts';
import type {
  _SERVICE as Rental,
  Catalogue,
  OfferingInput,
  VersionInput,
} from '../../../../dist/canisters/rental/declarations/rental.did.ts';
import { ageRecipientOf, ageSealed } from '../../src/testing/accounts.fake.ts';
import { okOf } from './ok-of.ts';
import type { OpenMarket } from './rental-world.ts';

export const RENTER = userPrincipal('renter');
export const SELLER = userPrincipal('seller');
export const AUTHOR = userPrincipal('author');
/** The platform's agent, which works for the seller, too. */
export const BRIDGE = userPrincipal('bridge');
export const ARBITER = userPrincipal('arbiter');

const MINUTE_NS = 60_000_000_000n;
const HOUR_NS = 60n * MINUTE_NS;
const DAY_NS = 24n * HOUR_NS;

/** Two places with one machine type; `soldOut` names places that have none left. */
export function catalogueOf(
  cloudAccountId: bigint,
  readAtNs: bigint,
  soldOut: readonly string[] = [],
): Catalogue {
  const places = ['fsn1', 'nbg1'];
  return {
    cloud_account_id: cloudAccountId,
    read_at_ns: readAtNs,
    currency: 'EUR',
    locations: places.map((name) => ({ name, city: 'City', country: 'DE', zone: 'eu-central' })),
    images: [{ name: 'ubuntu-24.04', archs: [{ X86: null }], unavailable_after_ns: [] }],
    types: [
      {
        name: 'cx23',
        arch: { X86: null },
        cores: 2,
        memory_mb: 4_096,
        disk_gb: 40,
        at: places.map((location) => ({
          location,
          is_available: !soldOut.includes(location),
          unavailable_after_ns: [],
          price_per_month: '3.49',
        })),
      },
    ],
  };
}

export function bareOffering(cloudAccountId: bigint): OfferingInput {
  const choice = { machine_type: 'cx23', image: 'ubuntu-24.04' };
  return {
    cloud_account_id: cloudAccountId,
    title: 'Small server',
    description: 'Yours alone.',
    choices: [
      { ...choice, location: 'fsn1' },
      { ...choice, location: 'nbg1' },
    ],
    recipe: [],
    price_per_month_usd_e8: 1_000_000_000n,
    min_term_ns: HOUR_NS,
    max_term_ns: 90n * DAY_NS,
    sla_credits: [{ below_ppm: 990_000, credit_bps: 1_000 }],
    notice_ns: HOUR_NS,
    provision_within_ns: 30n * MINUTE_NS,
    provider_penalty_bps: 2_000,
    visibility: { Public: null },
  };
}

export function versionInput(semver: string): VersionInput {
  return {
    semver,
    script: `#!/bin/sh\necho version ${semver}\n`,
    rollback_script: [],
    fields: [],
    min_machine: { cores: 1, memory_mb: 1_024, disk_gb: 10, archs: [] },
    images: [],
    health: { Http: { port: 80, path: '/', status: 200, contains: '' } },
    service_url: 'http://{ip}/',
    post_install_notes: '',
    changelog: `What is new in ${semver}.`,
    is_breaking: false,
    expected_downtime_ns: MINUTE_NS,
  };
}

/** A seller with an account and two offers, an author with a recipe of one version. */
export function openMarket(as: (who: Principal) => SyncActor<Rental>, nowNs: bigint): OpenMarket {
  const seller = as(SELLER);
  okOf(
    seller.register_provider({
      name: 'Seller',
      description: '',
      website: '',
      support_contact: 'help@example.org',
    }),
  );
  const scopes = [{ Provision: null }, { Health: null }, { Catalogue: null }];
  const grant = { agent: BRIDGE, label: 'bridge', scopes, expires_at_ns: nowNs + 300n * DAY_NS };
  okOf(seller.grant_agent(grant));
  okOf(as(BRIDGE).agent_heartbeat({ age_recipient: ageRecipientOf('bridge'), version: '1.0.0' }));
  const { id: cloudAccountId } = okOf(
    seller.create_cloud_account({
      backend: { Hetzner: null },
      label: 'main',
      max_concurrent_jobs: 50,
      agent: BRIDGE,
      sealed_credentials: ageSealed('token'),
    }),
  );
  okOf(as(BRIDGE).publish_catalogue(catalogueOf(cloudAccountId, nowNs)));
  const { id: recipeId } = okOf(
    as(AUTHOR).publish_recipe({
      name: 'hello-web',
      description: 'A page that says hello.',
      icon: '',
      tags: ['web'],
      author_bps: 500,
    }),
  );
  okOf(as(AUTHOR).publish_version({ recipe_id: recipeId, input: versionInput('1.0.0') }));
  const bare = bareOffering(cloudAccountId);
  const { id: bareOfferingId } = okOf(seller.create_offering(bare));
  const { id: offeringId } = okOf(
    seller.create_offering({
      ...bare,
      title: 'Hello web',
      price_per_month_usd_e8: 3_000_000_000n,
      recipe: [{ recipe_id: recipeId, range: { Compatible: { from: '1.0.0' } } }],
    }),
  );
  const renter = as(RENTER);
  okOf(renter.put_my_profile({ display_name: 'Renter' }));
  okOf(renter.set_age_key({ age_recipient: [ageRecipientOf('renter')], sealed_age_identity: [] }));
  return { cloudAccountId, recipeId, offeringId, bareOfferingId };
}
