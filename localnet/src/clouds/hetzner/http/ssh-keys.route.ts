import { z } from 'zod';
import { invalidInput, notUnique } from '../api-error.ts';
import type { CloudParts } from '../parts.ts';
import { readFields } from '../rules/read-fields.ts';
import { labelsSchema } from '../rules/server-fields.ts';
import { fingerprintOf } from '../rules/ssh-public-key.ts';
import type { SshKeyRecord } from '../state/server-record.ts';
import type { Json } from '../wire/catalogue-json.ts';
import { sortedBy } from '../wire/sorting.ts';
import { timeText } from '../wire/time-text.ts';
import { created, foundById, ok, type ApiRequest, type Endpoint } from './endpoint.ts';
import { listAnswer, withLabels, withName } from './list-answer.ts';

const createSchema = z.object({
  name: z.string().min(1),
  public_key: z.string(),
  labels: labelsSchema.optional(),
});
const changeSchema = z.object({
  name: z.string().min(1).optional(),
  labels: labelsSchema.optional(),
});

/** Public keys of the project; name and fingerprint are unique in it. */
export function sshKeyEndpoints(parts: CloudParts): readonly Endpoint[] {
  const { state } = parts;
  const keysOf = ({ project }: ApiRequest): readonly SshKeyRecord[] =>
    state.sshKeys.all().filter((key) => key.project === project.name);
  const keyOf = (request: ApiRequest): SshKeyRecord =>
    foundById(keysOf(request), 'SSH key', request.params['id']);
  return [
    {
      method: 'GET',
      path: '/ssh_keys',
      answer: (request) => {
        const { query } = request;
        const fingerprint = query.get('fingerprint');
        const keys = withLabels(withName(keysOf(request), query), query).filter(
          (key) => fingerprint === null || key.fingerprint === fingerprint,
        );
        const sorted = sortedBy(keys, query, { id: ({ id }) => id, name: ({ name }) => name });
        return listAnswer('ssh_keys', sorted, query, sshKeyJson);
      },
    },
    {
      method: 'POST',
      path: '/ssh_keys',
      answer: (request) =>
        created({ ssh_key: sshKeyJson(addKey(parts, request, keysOf(request))) }),
    },
    {
      method: 'GET',
      path: '/ssh_keys/:id',
      answer: (request) => ok({ ssh_key: sshKeyJson(keyOf(request)) }),
    },
    {
      method: 'PUT',
      path: '/ssh_keys/:id',
      answer(request) {
        const key = keyOf(request);
        const change = readFields(changeSchema, request.body);
        const others = keysOf(request).filter((one) => one.id !== key.id);
        refuseTakenName(others, change.name);
        const { name = key.name, labels = key.labels } = change;
        return ok({ ssh_key: sshKeyJson(state.sshKeys.put({ ...key, name, labels })) });
      },
    },
    {
      method: 'DELETE',
      path: '/ssh_keys/:id',
      answer(request) {
        state.sshKeys.remove(keyOf(request).id);
        return { status: 204, body: undefined };
      },
    },
  ];
}

function addKey(
  { state }: CloudParts,
  { body, project, nowMs }: ApiRequest,
  others: readonly SshKeyRecord[],
): SshKeyRecord {
  const fields = readFields(createSchema, body);
  const publicKey = fields.public_key.trim();
  const fingerprint = fingerprintOf(publicKey);
  if (fingerprint === undefined) throw invalidInput({ public_key: ['Invalid SSH public key.'] });
  refuseTakenName(others, fields.name);
  if (others.some((key) => key.fingerprint === fingerprint)) {
    throw notUnique('public_key', 'SSH key with the same fingerprint already exists');
  }
  return state.sshKeys.put({
    id: state.ids.next(),
    project: project.name,
    name: fields.name,
    publicKey,
    fingerprint,
    labels: fields.labels ?? {},
    createdAtMs: nowMs,
  });
}

function refuseTakenName(others: readonly SshKeyRecord[], name: string | undefined): void {
  if (others.some((key) => key.name === name)) {
    throw notUnique('name', 'SSH key name is already used');
  }
}

function sshKeyJson(key: SshKeyRecord): Json {
  return {
    id: key.id,
    name: key.name,
    fingerprint: key.fingerprint,
    public_key: key.publicKey,
    labels: key.labels,
    created: timeText(key.createdAtMs),
  };
}
