import type { InstanceConfig } from './instance-config.ts';
import type { PicInstance } from './pic-instance.ts';

type Handler = (request: Request) => Response | Promise<Response>;

/** An instance with the doors it has beside PocketIC's own protocol. */
export interface RunningInstance {
  readonly pic: PicInstance;
  /** The IC's HTTP API (`/api/v2/status`, …). */
  readonly api: Handler;
  /** The HTTP API plus canister pages, as a port of its own serves them. */
  readonly site: Handler;
}

/** Builds an instance as asked for. Throws `PicError` if it cannot. */
export type InstanceFactory = (config: InstanceConfig) => RunningInstance;
