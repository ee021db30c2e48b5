import { z } from 'zod';
import { serve, type RunningServer } from '../http/serve.ts';
import type { IdleWatch } from './idle-watch.ts';
import { gatewaySettingsSchema, type GatewaySettings } from './instance-config.ts';
import type { InstanceRegistry } from './instance-registry.ts';
import { PicError } from './pic-error.ts';

const gatewayRequestSchema = gatewaySettingsSchema.extend({
  forward_to: z.union([
    z.object({ PocketIcInstance: z.int().nonnegative() }),
    z.object({ Replica: z.string() }),
  ]),
});

interface Gateway {
  readonly instanceId: number;
  readonly domains: readonly string[];
  readonly server: RunningServer;
}

/** Ports that serve one instance each as a browser or agent expects it: API and canister pages. */
export class GatewayRegistry {
  readonly #instances: InstanceRegistry;
  readonly #idle: IdleWatch;
  readonly #gateways: (Gateway | undefined)[] = [];

  constructor(instances: InstanceRegistry, idle: IdleWatch) {
    this.#instances = instances;
    this.#idle = idle;
  }

  /** Handles the body of `POST /http_gateway`. Throws `PicError` if the port cannot be opened. */
  async open(body: unknown): Promise<{ instance_id: number; port: number }> {
    const { forward_to, ...settings } = gatewayRequestSchema.parse(body);
    if ('Replica' in forward_to) {
      throw new PicError('localnet does not serve `forward_to.Replica`: only its own instances.');
    }
    return this.openFor(forward_to.PocketIcInstance, settings);
  }

  async openFor(
    instanceId: number,
    settings: GatewaySettings,
  ): Promise<{ instance_id: number; port: number }> {
    if (settings.https_config !== undefined && settings.https_config !== null) {
      throw new PicError('localnet does not serve `https_config`: a gateway speaks plain HTTP.');
    }
    this.#instances.get(instanceId);
    const hostname = settings.ip_addr ?? '127.0.0.1';
    const port = settings.port ?? 0;
    const fetch = this.#idle.around(async (request: Request) =>
      this.#instances.get(instanceId).site(request),
    );
    const server = await serve({ app: { fetch }, hostname, port }).catch((cause: unknown) => {
      throw new PicError(`Failed to bind to address ${hostname}:${port}: ${String(cause)}`);
    });
    const gateway = { instanceId, domains: settings.domains ?? ['localhost'], server };
    const id = this.#gateways.push(gateway) - 1;
    return { instance_id: id, port: server.port };
  }

  /** Closes the port. Stopping twice, or a gateway that never was, does nothing. */
  async stop(id: number): Promise<void> {
    const gateway = this.#gateways[id];
    if (gateway === undefined) return;
    this.#gateways[id] = undefined;
    await gateway.server.close();
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#gateways.keys()].map((id) => this.stop(id)));
  }

  /** Closes the gateways of an instance that is going away. */
  async stopOf(instanceId: number): Promise<void> {
    const ids = [...this.#gateways.keys()];
    const own = ids.filter((id) => this.#gateways[id]?.instanceId === instanceId);
    await Promise.all(own.map((id) => this.stop(id)));
  }

  list(): unknown {
    return this.#gateways.flatMap((gateway, id) =>
      gateway === undefined
        ? []
        : [
            {
              instance_id: id,
              port: gateway.server.port,
              forward_to: { PocketIcInstance: gateway.instanceId },
              domains: gateway.domains,
              https_config: null,
            },
          ],
    );
  }
}
