import { ApiError, locked, notUnique } from '../api-error.ts';
import type { CloudParts } from '../parts.ts';
import { readFields } from '../rules/read-fields.ts';
import { changeServerSchema } from '../rules/server-fields.ts';
import type { ServerRecord } from '../state/server-record.ts';
import type { Json } from '../wire/catalogue-json.ts';
import { actionJson, serverJson } from '../wire/server-json.ts';
import { sortedBy, type SortKeys } from '../wire/sorting.ts';
import { answerCreate } from './create-server.ts';
import { foundById, ok, type ApiAnswer, type ApiRequest, type Endpoint } from './endpoint.ts';
import { fateFor } from './fate.ts';
import { listAnswer, withLabels, withName } from './list-answer.ts';

const SORT_KEYS: SortKeys<ServerRecord> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  created: ({ createdAtMs }) => createdAtMs,
};

/** Servers of the project. */
export function serverEndpoints(parts: CloudParts): readonly Endpoint[] {
  const { state } = parts;
  return [
    {
      method: 'GET',
      path: '/servers',
      answer(request) {
        const { query, project } = request;
        const statuses = query.getAll('status');
        const servers = withLabels(withName(state.servers(project.name), query), query).filter(
          (one) => statuses.length === 0 || statuses.includes(one.status),
        );
        const sorted = sortedBy(servers, query, SORT_KEYS);
        return listAnswer('servers', sorted, query, (one) => toJson(parts, one, request));
      },
    },
    { method: 'POST', path: '/servers', answer: (request) => answerCreate(parts, request) },
    {
      method: 'GET',
      path: '/servers/:id',
      answer: (request) => ok({ server: toJson(parts, serverOf(parts, request), request) }),
    },
    { method: 'PUT', path: '/servers/:id', answer: (request) => change(parts, request) },
    { method: 'DELETE', path: '/servers/:id', answer: (request) => remove(parts, request) },
  ];
}

/** The server that the path names. Errors: `ApiError` 404. */
export function serverOf({ state }: CloudParts, { project, params }: ApiRequest): ServerRecord {
  return foundById(state.servers(project.name), 'server', params['id']);
}

function toJson(parts: CloudParts, server: ServerRecord, { nowMs }: ApiRequest): Json {
  const { stock, settings } = parts;
  return serverJson(server, { stock, nowMs, apiShape: settings.apiShape });
}

/** Labels that are given replace all. */
function change(parts: CloudParts, request: ApiRequest): ApiAnswer {
  const server = serverOf(parts, request);
  const { name = server.name, labels = server.labels } = readFields(
    changeServerSchema,
    request.body,
  );
  const namesake = parts.state.serverNamed(request.project.name, name);
  if (namesake !== undefined && namesake.id !== server.id) {
    throw notUnique('name', 'server name is already used');
  }
  const changed = parts.state.put({ ...server, name, labels });
  return ok({ server: toJson(parts, changed, request) });
}

function remove(parts: CloudParts, request: ApiRequest): ApiAnswer {
  const server = serverOf(parts, request);
  if (request.takeFault('locked') || server.status === 'deleting') throw locked();
  if (server.isProtected) throw new ApiError(423, 'protected', 'server deletion is protected');
  const { action, server: changed } = parts.lifecycle.begin(server, {
    command: 'delete_server',
    durationMs: parts.durations.delete,
    fate: fateFor(request.takeFault, 'delete_server'),
  });
  return ok({ action: actionJson(action, changed, request.nowMs) });
}
