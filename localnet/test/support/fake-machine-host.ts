import type {
  Machine,
  MachineFault,
  MachineHost,
  MachineOrder,
} from '../../src/clouds/machine-host.port.ts';

/** Writes down what it is asked to do, and does nothing. */
export class FakeMachineHost implements MachineHost {
  /** `prepare 42`, `on 42`, `off 42`, `destroy 42`, in order. */
  readonly calls: string[] = [];
  readonly orders: MachineOrder[] = [];
  readonly faults = new Map<string, readonly MachineFault[]>();
  /** What a boot waits for. */
  boot: () => Promise<void> = () => Promise.resolve();

  prepare(order: MachineOrder): Promise<Machine> {
    const { id } = order;
    this.orders.push(order);
    this.calls.push(`prepare ${id}`);
    const note = (what: string): Promise<void> => {
      this.calls.push(`${what} ${id}`);
      return Promise.resolve();
    };
    return Promise.resolve({
      id,
      powerOn: async () => {
        await note('on');
        await this.boot();
      },
      powerOff: () => note('off'),
      destroy: () => note('destroy'),
      setFaults: (faults) => this.faults.set(id, faults),
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** What was asked of one machine, without its id. */
  callsOf(id: number): readonly string[] {
    return this.calls
      .filter((call) => call.endsWith(` ${id}`))
      .map((call) => call.split(' ')[0] ?? '');
  }
}
