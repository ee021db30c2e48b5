import { z } from 'zod';
import type { Rental } from '../api/wire.ts';

/** The lines by which a machine is reached. Nothing in them is secret. */
export interface ConnectionLines {
  readonly ssh: string;
  /** For `~/.ssh/known_hosts`, so that the first connection asks nothing. */
  readonly knownHosts: string;
  readonly vscode: string;
  /** `http://…`, or undefined for a bare machine and for anything that is no web address. */
  readonly serviceUrl: string | undefined;
  readonly host: string;
}

const DEFAULT_SSH_PORT = 22;

export function connectionLines(card: Rental.ConnectionCard): ConnectionLines {
  const { ssh_user: user, ssh_port: port } = card;
  const host = card.ipv4 === '' ? card.ipv6 : card.ipv4;
  const isDefault = port === DEFAULT_SSH_PORT;
  const bracketed = host.includes(':') ? `[${host}]` : host;
  const known = isDefault ? host : `[${host}]:${port}`;
  return {
    host,
    ssh: `ssh ${isDefault ? '' : `-p ${port} `}${user}@${host}`,
    knownHosts: `${known} ${card.host_key}`,
    vscode: `vscode://vscode-remote/ssh-remote+${user}@${bracketed}:${port}/root`,
    serviceUrl: /^https?:\/\//.test(card.service_url) ? card.service_url : undefined,
  };
}

/** A secret that was made on the machine. */
export interface Credential {
  readonly name: string;
  readonly value: string;
}

const credentialsSchema = z.object({
  secrets: z.array(z.object({ name: z.string(), value: z.string() })),
});

/** What the machine sealed for its renter. Throws if it is of another form. */
export function readCredentials(plain: Uint8Array): readonly Credential[] {
  const parsed = credentialsSchema.safeParse(JSON.parse(new TextDecoder().decode(plain)));
  if (parsed.success) return parsed.data.secrets;
  throw new Error('The sealed passwords are of a form that this page does not know.');
}

/** One line of authorized_keys as its type and comment: `ssh-ed25519 · me@laptop`. */
export function keyName(line: string): string {
  const [type = '', , ...comment] = line.trim().split(/\s+/);
  return comment.length === 0 ? type : `${type} · ${comment.join(' ')}`;
}

/** Whether two lines of authorized_keys are the same key. */
export function isSameKey(one: string, other: string): boolean {
  const material = (line: string) => line.trim().split(/\s+/).slice(0, 2).join(' ');
  return material(one) === material(other);
}
