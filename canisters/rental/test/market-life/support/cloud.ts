import type { RentalId } from '@decent-cloud/domain/ids.ts';

export interface Server {
  readonly externalId: string;
  readonly rentalId: RentalId;
}

/** Everything that costs money at the clouds of all sellers. It does what it is told, also twice. */
export class Cloud {
  readonly #servers = new Map<string, Server>();
  #made = 0;
  /** Rentals whose machine went by itself. */
  readonly lost = new Set<RentalId>();

  serversOf(rentalId: RentalId): readonly Server[] {
    return [...this.#servers.values()].filter((one) => one.rentalId === rentalId);
  }

  create(rentalId: RentalId): Server {
    this.#made += 1;
    const server = { externalId: `server-${this.#made}`, rentalId };
    this.#servers.set(server.externalId, server);
    return server;
  }

  deleteAllOf(rentalId: RentalId): void {
    for (const { externalId } of this.serversOf(rentalId)) this.#servers.delete(externalId);
  }

  lose(rentalId: RentalId): void {
    if (this.serversOf(rentalId).length > 0) this.lost.add(rentalId);
    this.deleteAllOf(rentalId);
  }

  all(): readonly Server[] {
    return [...this.#servers.values()];
  }
}
