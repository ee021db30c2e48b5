import { AddressPool } from './address-pool.ts';
import { IdSource } from './id-source.ts';
import type { RecordStore } from './record-store.ts';
import {
  serverRecordSchema,
  sshKeyRecordSchema,
  type ServerRecord,
  type SshKeyRecord,
} from './server-record.ts';
import { Table } from './table.ts';

/** How long actions of a server that is gone can be asked for. */
const TOMBSTONE_MS = 24 * 3_600_000;

/** All that the cloud has, of all projects. */
export class CloudState {
  readonly ids: IdSource;
  readonly sshKeys: Table<SshKeyRecord>;
  readonly #servers: Table<ServerRecord>;
  readonly #addresses: AddressPool;

  constructor(store: RecordStore, addressPrefix: string) {
    this.ids = new IdSource(store);
    this.#servers = new Table('servers', serverRecordSchema, store);
    this.sshKeys = new Table('ssh-keys', sshKeyRecordSchema, store);
    this.#addresses = new AddressPool(addressPrefix);
  }

  /** Also those that are gone. */
  history(): readonly ServerRecord[] {
    return this.#servers.all();
  }

  /** Those that are there. */
  servers(project?: string): readonly ServerRecord[] {
    return this.#servers
      .all()
      .filter((one) => one.goneAtMs === null && (project ?? one.project) === one.project);
  }

  server(id: number): ServerRecord | undefined {
    const server = this.#servers.get(id);
    return server?.goneAtMs === null ? server : undefined;
  }

  serverNamed(project: string, name: string): ServerRecord | undefined {
    return this.servers(project).find((one) => one.name === name);
  }

  put(server: ServerRecord): ServerRecord {
    return this.#servers.put(server);
  }

  /** An address for a server that is about to be made. */
  takeIpv4(): string {
    return this.#addresses.take(new Set(this.servers().flatMap((one) => one.ipv4?.ip ?? [])));
  }

  forgetLongGone(nowMs: number): void {
    for (const { id, goneAtMs } of this.#servers.all()) {
      if (goneAtMs !== null && goneAtMs + TOMBSTONE_MS < nowMs) this.#servers.remove(id);
    }
  }
}
