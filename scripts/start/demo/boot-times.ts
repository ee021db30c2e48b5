import type {
  Machine,
  MachineHost,
  MachineOrder,
} from '@decent-cloud/localnet/clouds/machine-host.port.ts';

/** Hands everything on to a machine host, and notes when each machine first answered SSH. */
export class BootTimes implements MachineHost {
  readonly #host: MachineHost;
  readonly #readyAtMs = new Map<string, number>();

  constructor(host: MachineHost) {
    this.#host = host;
  }

  /** By this machine's clock; undefined before. `id` is the cloud's. */
  readyAtMs(id: string): number | undefined {
    return this.#readyAtMs.get(id);
  }

  async prepare(order: MachineOrder): Promise<Machine> {
    const machine = await this.#host.prepare(order);
    return {
      id: machine.id,
      powerOn: async () => {
        await machine.powerOn();
        if (!this.#readyAtMs.has(order.id)) this.#readyAtMs.set(order.id, Date.now());
      },
      powerOff: () => machine.powerOff(),
      destroy: () => machine.destroy(),
      setFaults: (faults) => {
        machine.setFaults(faults);
      },
    };
  }

  close(): Promise<void> {
    return this.#host.close();
  }
}
