import { WorkError } from '../../core/work-error.ts';
import type { CloudServer, ServerSpec } from '../../ports/cloud.port.ts';
import type { Call, HetznerCalls } from './hetzner-calls.ts';
import { serverOf } from './hetzner.mapper.ts';
import { createdSchema, readAnswer, serverAnswer } from './hetzner.schema.ts';

/** Hetzner has taken an order. */
export interface PlacedOrder {
  readonly externalId: string;
  /** The rest of its answer; never throws. */
  read(): CloudServer;
}

/** docs.hetzner.cloud, "Create a Server". */
const USER_DATA_MAX_BYTES = 32 * 1_024;

/**
 * Orders a server, once: of a failure that may have made one all the same, the caller has to find out. Of
 * the answer only the id is read.
 */
export async function orderServer(
  calls: HetznerCalls,
  call: Call,
  spec: ServerSpec,
): Promise<PlacedOrder> {
  if (Buffer.byteLength(spec.userData) > USER_DATA_MAX_BYTES) {
    throw new WorkError(
      'config',
      'The first instructions for the machine are longer than the 32 KiB that Hetzner takes: there ' +
        'are too many SSH keys. No machine was made.',
    );
  }
  const { name, machine } = spec;
  const sending = { priority: 'create', purpose: { kind: 'create', name, machine } } as const;
  const body = await calls.send(call, sending, (api, options) =>
    api.post('/servers', orderOf(spec), options),
  );
  const externalId = readAnswer(createdSchema, body).server.id.toString();
  return { externalId, read: () => readServer(body, { externalId, spec }) };
}

/** No `ssh_keys`: a key can be registered once in a project, but one renter may rent twice. */
function orderOf({
  name,
  labels,
  machine,
  userData,
}: ServerSpec): Readonly<Record<string, unknown>> {
  return {
    name,
    server_type: machine.machineType,
    image: machine.image,
    location: machine.location,
    labels,
    user_data: userData,
    public_net: { enable_ipv4: true, enable_ipv6: true },
    start_after_create: true,
  };
}

function readServer(
  body: unknown,
  { externalId, spec }: { readonly externalId: string; readonly spec: ServerSpec },
): CloudServer {
  const parsed = serverAnswer.safeParse(body);
  if (parsed.success) return serverOf(parsed.data.server);
  const { name, labels } = spec;
  const unsaid = { ipv4: undefined, ipv6: undefined, createdAtMs: undefined };
  return { externalId, name, labels, status: 'starting', ...unsaid };
}
