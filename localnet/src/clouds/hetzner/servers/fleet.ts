import type { Machine, MachineFault, MachineHost } from '../../machine-host.port.ts';
import { serverTypeOf } from '../catalogue/server-types.ts';
import type { ServerRecord } from '../state/server-record.ts';
import type { MachineWork } from './server.transitions.ts';

const MB_PER_GB = 1_024;

interface Slot {
  machine: Machine | undefined;
  /** Work on one machine is done one after the other; only a boot need not end first. */
  last: Promise<void>;
  /** Of all orders; a boot that a later one cut short may fail without anybody minding. */
  orderCount: number;
}

/**
 * The machines behind the servers. The cloud's clock does not wait for them, as a real cloud does not know
 * whether the system in a server boots; what goes wrong is told to `onProblem`.
 */
export class Fleet {
  readonly #host: MachineHost | undefined;
  readonly #onProblem: (problem: string) => void;
  readonly #slots = new Map<number, Slot>();
  readonly #faults = new Map<number, readonly MachineFault[]>();
  readonly #underWay = new Set<Promise<void>>();

  constructor(host: MachineHost | undefined, onProblem: (problem: string) => void) {
    this.#host = host;
    this.#onProblem = onProblem;
  }

  perform(work: MachineWork, server: ServerRecord): void {
    if (work === 'none' || this.#host === undefined) return;
    if (!server.hasMachine || server.ipv4 === null) return;
    const slot = this.#slotOf(server.id);
    slot.orderCount += 1;
    const order = slot.orderCount;
    this.#enqueue(server.id, slot, async () => {
      if (work === 'scrap' || work === 'reimage') await this.#destroy(server, slot);
      if (work === 'cut' || work === 'reboot') await slot.machine?.powerOff();
      if (work === 'boot' || work === 'reboot' || work === 'reimage') {
        await this.#powerOn(server, slot, order);
      }
      if (work === 'scrap') this.#forget(server.id);
    });
  }

  /** In force now and after every boot; none of them takes those before away. */
  setFaults(serverId: number, faults: readonly MachineFault[]): void {
    this.#faults.set(serverId, faults);
    this.#slots.get(serverId)?.machine?.setFaults(faults);
  }

  /** Ends all machines; their files stay. */
  async close(): Promise<void> {
    const slots = [...this.#slots];
    for (const [id, slot] of slots) {
      slot.orderCount += 1;
      this.#enqueue(id, slot, async () => slot.machine?.powerOff());
    }
    await Promise.all([...slots.map(([, { last }]) => last), ...this.#underWay]);
  }

  #slotOf(id: number): Slot {
    const slot = this.#slots.get(id) ?? {
      machine: undefined,
      last: Promise.resolve(),
      orderCount: 0,
    };
    this.#slots.set(id, slot);
    return slot;
  }

  #forget(id: number): void {
    this.#slots.delete(id);
    this.#faults.delete(id);
  }

  #enqueue(id: number, slot: Slot, task: () => Promise<void>): void {
    slot.last = slot.last.then(task).catch((error: unknown) => this.#tell(id, error));
  }

  async #machineOf(server: ServerRecord, slot: Slot): Promise<Machine> {
    if (slot.machine !== undefined) return slot.machine;
    if (this.#host === undefined || server.ipv4 === null) throw new Error('BUG: no machine');
    const type = serverTypeOf(server.serverType);
    const machine = await this.#host.prepare({
      id: server.id.toString(),
      ipv4: server.ipv4.ip,
      hostname: server.name,
      userData: server.userData ?? undefined,
      memoryMb: type.memoryGb * MB_PER_GB,
      diskGb: type.diskGb,
    });
    slot.machine = machine;
    return machine;
  }

  /** Resolves when the boot has begun. */
  async #powerOn(server: ServerRecord, slot: Slot, order: number): Promise<void> {
    const machine = await this.#machineOf(server, slot);
    if (slot.orderCount !== order) return;
    machine.setFaults(this.#faults.get(server.id) ?? []);
    const booted = machine.powerOn().catch((error: unknown) => {
      if (slot.orderCount === order) this.#tell(server.id, error);
    });
    this.#underWay.add(booted);
    void booted.finally(() => this.#underWay.delete(booted));
  }

  /** One that was made before a restart is set up once more, so that its files go, too. */
  async #destroy(server: ServerRecord, slot: Slot): Promise<void> {
    const machine = await this.#machineOf(server, slot);
    slot.machine = undefined;
    await machine.destroy();
  }

  #tell(id: number, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#onProblem(`the machine of server ${id} failed: ${reason}`);
  }
}
