/** What a cloud asks of the place where its servers run. */
export interface MachineOrder {
  /** Of the cloud's server; names the machine's folder. */
  readonly id: string;
  /** An address of 127.0.0.0/8 that no other machine has. */
  readonly ipv4: string;
  readonly hostname: string;
  /** cloud-init `#cloud-config`, as the buyer sent it; undefined boots a machine nobody can enter. */
  readonly userData: string | undefined;
  readonly memoryMb: number;
  readonly diskGb: number;
}

/** What goes wrong with a machine while it is set. */
export type MachineFault =
  /** SSH connections are cut `afterMs` after they were opened. */
  | { readonly kind: 'drop-ssh'; readonly afterMs: number }
  /** Nothing answers on any port. */
  | { readonly kind: 'unreachable' }
  /** A share of new connections is refused, from 0 to 1, by a seeded generator. */
  | { readonly kind: 'lossy'; readonly share: number; readonly seed: number }
  /** Writes fail as on a full disk. */
  | { readonly kind: 'disk-full' }
  /** Answers SSH with another host key. */
  | { readonly kind: 'wrong-host-key' };

/** One machine. */
export interface Machine {
  readonly id: string;
  /** Boots: services that are enabled start again. Resolves when SSH answers. */
  powerOn(): Promise<void>;
  /** Ends every process of it at once. Its files stay. */
  powerOff(): Promise<void>;
  /** Ends it and removes its files. */
  destroy(): Promise<void>;
  setFaults(faults: readonly MachineFault[]): void;
}

/** Makes machines that answer SSH and run real programs. */
export interface MachineHost {
  /** Sets a machine up, powered off. The same id again gives the machine with the files it had. */
  prepare(order: MachineOrder): Promise<Machine>;
  /** Ends every machine; their files stay for the next start. */
  close(): Promise<void>;
}
