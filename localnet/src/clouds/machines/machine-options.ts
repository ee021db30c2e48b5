/** What people should know; one line, nothing secret. */
export type MachineLog = (line: string) => void;

export interface MachineHostOptions {
  /** Belongs to one process at a time. Holds a folder per machine. */
  readonly stateDir: string;
  /** Where machines answer SSH, each at its own address. */
  readonly sshPort: number;
  /** From power on until SSH answers. */
  readonly bootDelayMs: number;
  /**
   * `auto` isolates if that works here, else runs nothing but `demoScripts`; `bubblewrap` throws if it
   * does not work; `demo-only` never isolates.
   */
  readonly sandbox: 'auto' | 'bubblewrap' | 'demo-only';
  /** SHA-256, in lower-case hexadecimal, of scripts that may run without isolation. */
  readonly demoScripts: ReadonlySet<string>;
  readonly log: MachineLog;
  /** A machine that switched itself off, or began to boot again, by its own command. */
  readonly onGuestPower?: (id: string, action: 'poweroff' | 'reboot') => void;
}

/** What one machine may use of the computer. */
export interface MachineLimits {
  readonly processes: number;
  readonly openFiles: number;
  /** Of one file. */
  readonly fileBytes: number;
  readonly memoryBytes: number;
}

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const FILE_BYTES_MAX = 2 * GIB;
const MEMORY_BYTES_MIN = 256 * MIB;

/** The cloud's sizes, but no file so large that it fills the computer's own disk. */
export function limitsOf(order: { memoryMb: number; diskGb: number }): MachineLimits {
  return {
    processes: 512,
    openFiles: 4_096,
    fileBytes: Math.min(order.diskGb * GIB, FILE_BYTES_MAX),
    memoryBytes: Math.max(order.memoryMb * MIB, MEMORY_BYTES_MIN),
  };
}
