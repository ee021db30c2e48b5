import { z } from 'zod';

const failureSchema = z.object({ code: z.string(), message: z.string() }).readonly();

export const COMMANDS = [
  'create_server',
  'start_server',
  'stop_server',
  'shutdown_server',
  'reboot_server',
  'reset_server',
  'rebuild_server',
  'change_protection',
  'enable_rescue',
  'disable_rescue',
  'delete_server',
] as const;

const actionSchema = z
  .object({
    id: z.int(),
    command: z.enum(COMMANDS),
    status: z.enum(['running', 'success', 'error']),
    startedAtMs: z.number(),
    /** Null: it never ends. */
    dueAtMs: z.number().nullable(),
    finishedAtMs: z.number().nullable(),
    /** How it ends, or ended; null: well. */
    failure: failureSchema.nullable(),
  })
  .readonly();

/** What is going to happen to a server by itself. */
const stepSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('finish-action'), actionId: z.int(), atMs: z.number() }).readonly(),
    /** The system in it has shut itself down. */
    z.object({ kind: z.literal('guest-off'), atMs: z.number() }).readonly(),
    /** It is gone, and no action says why. */
    z.object({ kind: z.literal('vanish'), atMs: z.number() }).readonly(),
  ])
  .readonly();

const ipv4Schema = z
  .object({
    id: z.int(),
    ip: z.string(),
    /** 0: always, whatever the clock does. */
    visibleAtMs: z.number(),
  })
  .readonly();

/** A server with all that belongs to it, as it is kept on disk. */
export const serverRecordSchema = z
  .object({
    id: z.int(),
    project: z.string(),
    name: z.string(),
    labels: z.record(z.string(), z.string()).readonly(),
    serverType: z.string(),
    imageId: z.int(),
    location: z.string(),
    createdAtMs: z.number(),
    userData: z.string().nullable(),
    /** Whether it has a machine; servers that stand for somebody else's have none. */
    hasMachine: z.boolean(),
    hasSshKeys: z.boolean(),
    status: z.enum([
      'initializing',
      'starting',
      'running',
      'stopping',
      'off',
      'deleting',
      'rebuilding',
    ]),
    ipv4: ipv4Schema.nullable(),
    ipv6: z.object({ id: z.int(), ip: z.string() }).readonly().nullable(),
    firewallIds: z.array(z.int()).readonly(),
    isProtected: z.boolean(),
    isRescueEnabled: z.boolean(),
    actions: z.array(actionSchema).readonly(),
    steps: z.array(stepSchema).readonly(),
    /** Set once it is gone; its actions and addresses can still be asked for a while. */
    goneAtMs: z.number().nullable(),
  })
  .readonly();

export type ServerRecord = z.infer<typeof serverRecordSchema>;
export type ServerStatus = ServerRecord['status'];
export type ActionRecord = z.infer<typeof actionSchema>;
export type ActionFailure = z.infer<typeof failureSchema>;
export type Command = ActionRecord['command'];
export type Step = z.infer<typeof stepSchema>;

export const sshKeyRecordSchema = z
  .object({
    id: z.int(),
    project: z.string(),
    name: z.string(),
    publicKey: z.string(),
    fingerprint: z.string(),
    labels: z.record(z.string(), z.string()).readonly(),
    createdAtMs: z.number(),
  })
  .readonly();

export type SshKeyRecord = z.infer<typeof sshKeyRecordSchema>;

export function isRunning(action: ActionRecord): boolean {
  return action.status === 'running';
}

/** With one action changed. */
export function withAction(
  server: ServerRecord,
  actionId: number,
  change: Partial<ActionRecord>,
): ServerRecord {
  const actions = server.actions.map((one) => (one.id === actionId ? { ...one, ...change } : one));
  return { ...server, actions };
}
