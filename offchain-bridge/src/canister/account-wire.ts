import type {
  Arch as WireArch,
  Catalogue as WireCatalogue,
  CloudAccount as WireAccount,
  HealthTarget as WireTarget,
  ServerPage as WireServers,
  StrayVerdict as WireVerdict,
} from '../../../dist/canisters/rental/declarations/rental.did.ts';
import type { CloudAccountId } from '../core/ids.ts';
import type { CloudCatalogue } from '../ports/cloud.port.ts';
import type {
  AgentAccount,
  BookedServer,
  HealthRowAnswer,
  HealthTarget,
  StrayVerdict,
} from '../ports/rental.port.ts';
import { backendFromWire, cardFromWire, checkFromWire } from './job-work-wire.ts';
import { accountIdOf, mapped, nsOfMs, optOf, rentalIdOf } from './wire-values.ts';

const STATES: Readonly<Record<string, BookedServer['state']>> = {
  Quoted: 'quoted',
  AwaitingPayment: 'awaiting-payment',
  Provisioning: 'provisioning',
  Active: 'active',
  Ending: 'ending',
  Closed: 'closed',
};
const VERDICTS: Readonly<Record<string, StrayVerdict['verdict']>> = {
  Wait: 'wait',
  Delete: 'delete',
  Keep: 'keep',
};
const ROW_ANSWERS: readonly HealthRowAnswer[] = [
  'accepted',
  'duplicate',
  'unknown-rental',
  'not-allowed',
  'final',
  'not-over',
  'malformed',
  'too-many-agents',
  'rental-over',
];
const ARCHS: Readonly<Record<'x86' | 'arm', WireArch>> = { x86: { X86: null }, arm: { Arm: null } };

/** Undefined for an account at a cloud that only newer bridges know. */
export function accountFromWire(row: WireAccount): AgentAccount | undefined {
  const backend = backendFromWire(row.backend);
  if (backend === undefined) return undefined;
  const { label, provider } = row;
  return { id: accountIdOf(row.id), provider: Number(provider), backend, label };
}

/** A state that only newer bridges know may own a server, and nothing else is known of it. */
export function bookedFromWire(row: WireServers['rows'][number]): BookedServer {
  return {
    rentalId: rentalIdOf(row.rental_id),
    state: mapped(STATES, row.state) ?? 'provisioning',
    serverName: row.server_name[0],
    externalId: row.external_id[0],
  };
}

/** Undefined for a machine whose check only newer bridges know. */
export function targetFromWire(row: WireTarget): HealthTarget | undefined {
  const [wireCheck] = row.health;
  const health = wireCheck === undefined ? undefined : checkFromWire(wireCheck);
  if (wireCheck !== undefined && health === undefined) return undefined;
  return {
    rentalId: rentalIdOf(row.rental_id),
    externalId: row.external_id[0],
    card: cardFromWire(row.card),
    health,
    isExcluded: row.is_excluded,
  };
}

/** What is not understood is left alone. */
export function verdictFromWire({ external_id, verdict }: WireVerdict): StrayVerdict {
  return { externalId: external_id, verdict: mapped(VERDICTS, verdict) ?? 'wait' };
}

/** An answer that only newer bridges know is none for which the row would be sent again. */
export function rowAnswersFromWire(bytes: Uint8Array): readonly HealthRowAnswer[] {
  return [...bytes].map((code) => ROW_ANSWERS[code] ?? 'malformed');
}

export function catalogueToWire(
  id: CloudAccountId,
  { readAtMs, catalogue }: { readonly readAtMs: number; readonly catalogue: CloudCatalogue },
): WireCatalogue {
  const { currency, locations, images, types } = catalogue;
  const timeOf = (atMs: number | undefined): [] | [bigint] =>
    optOf(atMs === undefined ? undefined : nsOfMs(atMs));
  return {
    cloud_account_id: BigInt(id),
    read_at_ns: nsOfMs(readAtMs),
    currency,
    locations: locations.map((location) => ({ ...location })),
    images: images.map(({ name, archs, unavailableAfterMs }) => ({
      name,
      archs: archs.map((arch) => ARCHS[arch]),
      unavailable_after_ns: timeOf(unavailableAfterMs),
    })),
    types: types.map(({ name, arch, cores, memoryMb, diskGb, at }) => ({
      name,
      arch: ARCHS[arch],
      cores,
      memory_mb: memoryMb,
      disk_gb: diskGb,
      at: at.map(({ location, isAvailable, unavailableAfterMs, pricePerMonth }) => ({
        location,
        is_available: isAvailable,
        unavailable_after_ns: timeOf(unavailableAfterMs),
        price_per_month: pricePerMonth,
      })),
    })),
  };
}
