import type { Evidence, ServerLife } from './evidence.ts';

export interface ServersVerdict {
  /** Pairs of servers that one rental had at the same time. */
  readonly doubles: number;
  /** Servers that are still there though no rental is. */
  readonly orphans: number;
  readonly troubles: readonly string[];
}

/**
 * Nothing was made twice, and nothing was left. A server that came late and was deleted again is neither,
 * but two of one rental at the same time are a double even if both were deleted later.
 */
export function judgeServers(evidence: Evidence): ServersVerdict {
  const ours = evidence.servers.filter(({ labels }) => isOurs(labels, evidence.installation));
  const doubles = [...byRental(ours)].flatMap(([rental, servers]) => doublesOf(rental, servers));
  const orphans = orphansOf(ours, evidence);
  return {
    doubles: doubles.length,
    orphans: orphans.length,
    troubles: [...doubles, ...orphans, ...unlabelled(ours), ...touched(evidence, ours)],
  };
}

function isOurs(labels: ServerLife['labels'], installation: string): boolean {
  return labels['managed-by'] === 'decent-cloud' && labels['dc-installation'] === installation;
}

function byRental(servers: readonly ServerLife[]): Map<string, ServerLife[]> {
  const all = new Map<string, ServerLife[]>();
  for (const server of servers) {
    const rental = server.labels['dc-rental'] ?? `none, ${server.name}`;
    all.set(rental, [...(all.get(rental) ?? []), server]);
  }
  return all;
}

function doublesOf(rental: string, servers: readonly ServerLife[]): string[] {
  return servers.flatMap((one, index) =>
    servers
      .slice(index + 1)
      .filter((other) => overlap(one, other))
      .map((other) => `rental ${rental} had ${shown(one)} and ${shown(other)} at once`),
  );
}

function overlap(one: ServerLife, other: ServerLife): boolean {
  const endOf = ({ goneAtMs }: ServerLife): number => goneAtMs ?? Number.POSITIVE_INFINITY;
  return one.createdAtMs < endOf(other) && other.createdAtMs < endOf(one);
}

function orphansOf(servers: readonly ServerLife[], { rentals }: Evidence): string[] {
  const alive = new Set(
    rentals
      .filter(({ stage }) => stage === 'provisioning' || stage === 'active')
      .map(({ rentalId }) => rentalId.toString()),
  );
  return servers
    .filter(
      ({ goneAtMs, labels }) => goneAtMs === undefined && !alive.has(labels['dc-rental'] ?? ''),
    )
    .map(
      (server) =>
        `${shown(server)} is still there, for rental ${server.labels['dc-rental'] ?? '?'}`,
    );
}

/** Could not be found again by anybody. */
function unlabelled(servers: readonly ServerLife[]): string[] {
  return servers
    .filter(({ labels }) => labels['dc-rental'] === undefined)
    .map((server) => `${shown(server)} does not say whose it is`);
}

function touched({ servers }: Evidence, ours: readonly ServerLife[]): string[] {
  return servers
    .filter((server) => server.goneAtMs !== undefined && !ours.includes(server))
    .map((server) => `${shown(server)} was not ours, and is gone`);
}

function shown({ cloud, externalId, name }: ServerLife): string {
  return `server ${externalId} (${name}) of ${cloud}`;
}
