import type { Readable, Writable } from 'node:stream';

/** How a program ended. */
export type ProgramEnd =
  | { readonly kind: 'exited'; readonly code: number }
  /** `signal` with its SIG. */
  | { readonly kind: 'signaled'; readonly signal: NodeJS.Signals };

/** A program that runs in a machine. Its streams may stay open after it has ended: by its children. */
export interface MachineProgram {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly ended: Promise<ProgramEnd>;
  /** To it and the processes of its group. Without effect once it has ended. */
  signal(name: NodeJS.Signals): void;
}

/** What to run. */
export interface ProgramRequest {
  /** For `bash -c`; without it bash reads standard input. */
  readonly command: string | undefined;
  /** Beside the usual variables. */
  readonly env: Readonly<Record<string, string>>;
}

/** What runs the programs of one machine that is switched on. */
export interface MachineSystem {
  /** Enabled services and commands of the first boot start; does not wait for them. */
  boot(): Promise<void>;
  /** Rejects if the machine cannot run anything; the message is for whoever asked. */
  run(request: ProgramRequest): Promise<MachineProgram>;
  /** After the machine's faults have changed. */
  applyFaults(): void;
  /** Ends every process at once; nothing is left when it resolves. */
  halt(): Promise<void>;
}
