/** How to log in to a machine, and how to know that it is the right one. */
export interface ShellTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** OpenSSH private key. */
  readonly privateKey: string;
  /** `ssh-ed25519 AAAA…`: any other host key is refused. */
  readonly hostKey: string;
}

/** How a command ended. */
export interface ExecResult {
  /** Undefined if it ended by a signal. */
  readonly code: number | undefined;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

/** What a command is given and may use. */
export interface ExecOptions {
  readonly timeoutMs: number;
  readonly stdin?: Uint8Array;
  /** More output ends the command; 64 KiB unless told otherwise. */
  readonly maxOutputBytes?: number;
}

/**
 * A login. Every method rejects with a `WorkError`: `transient` if the connection is lost or late.
 * A lost connection never looks like success.
 */
export interface ShellSession {
  exec(command: string, options: ExecOptions): Promise<ExecResult>;
  /** By SFTP: whole or not at all (written beside, then renamed). */
  upload(path: string, bytes: Uint8Array, mode: number): Promise<void>;
  /** Bytes from an offset on, at most `maxBytes`; empty at the end; undefined without such a file. */
  read(path: string, offset: number, maxBytes: number): Promise<Uint8Array | undefined>;
  close(): void;
}

/** What came of one try to log in. */
export type ConnectOutcome =
  | { readonly kind: 'connected'; readonly session: ShellSession }
  /** Nobody listens (yet), or no answer in time. */
  | { readonly kind: 'unreachable'; readonly reason: string }
  /** Somebody else answers there: never retried blindly, never trusted. */
  | { readonly kind: 'wrong-host-key'; readonly seen: string }
  /** It is the machine, and it refuses the key. */
  | { readonly kind: 'refused' };

/** Logs in to machines. */
export interface ShellConnector {
  connect(target: ShellTarget, signal: AbortSignal): Promise<ConnectOutcome>;
}
