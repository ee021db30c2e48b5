import { removedEndpoint } from '../api-error.ts';
import type { CloudParts } from '../parts.ts';
import type { ActionRecord, ServerRecord } from '../state/server-record.ts';
import { actionJson } from '../wire/server-json.ts';
import { sortedBy, type SortKeys } from '../wire/sorting.ts';
import { foundById, ok, type ApiRequest, type Endpoint } from './endpoint.ts';
import { listAnswer } from './list-answer.ts';

const LISTING_GONE = 'https://docs.hetzner.cloud/changelog';

interface Owned {
  readonly id: number;
  readonly action: ActionRecord;
  readonly server: ServerRecord;
}

const SORT_KEYS: SortKeys<Owned> = {
  id: ({ id }) => id,
  command: ({ action }) => action.command,
  status: ({ action }) => action.status,
  started: ({ action }) => action.startedAtMs,
  finished: ({ action }) => action.finishedAtMs ?? Number.MAX_SAFE_INTEGER,
};

/** Actions of the whole project by id, and those of one server. */
export function actionEndpoints({ state }: CloudParts): readonly Endpoint[] {
  const ofProject = ({ project }: ApiRequest): readonly Owned[] =>
    state
      .history()
      .filter((server) => server.project === project.name)
      .flatMap(owned);
  const ofServer = ({ project, params }: ApiRequest): readonly Owned[] =>
    owned(foundById(state.servers(project.name), 'server', params['id']));
  return [
    {
      method: 'GET',
      path: '/actions',
      answer(request) {
        const ids = request.query.getAll('id');
        if (ids.length === 0) throw removedEndpoint(LISTING_GONE);
        const asked = ofProject(request).filter(({ id }) => ids.includes(id.toString()));
        return list(asked, request);
      },
    },
    {
      method: 'GET',
      path: '/actions/:id',
      answer: (request) => one(ofProject(request), request.params['id'], request),
    },
    {
      method: 'GET',
      path: '/servers/:id/actions',
      answer: (request) => list(ofServer(request), request),
    },
    {
      method: 'GET',
      path: '/servers/:id/actions/:action',
      answer: (request) => one(ofServer(request), request.params['action'], request),
    },
  ];
}

function owned(server: ServerRecord): readonly Owned[] {
  return server.actions.map((action) => ({ id: action.id, action, server }));
}

function list(actions: readonly Owned[], { query, nowMs }: ApiRequest): ReturnType<typeof ok> {
  const statuses = query.getAll('status');
  const wanted = actions.filter(
    ({ action }) => statuses.length === 0 || statuses.includes(action.status),
  );
  return listAnswer('actions', sortedBy(wanted, query, SORT_KEYS), query, ({ action, server }) =>
    actionJson(action, server, nowMs),
  );
}

function one(
  actions: readonly Owned[],
  id: string | undefined,
  { nowMs }: ApiRequest,
): ReturnType<typeof ok> {
  const { action, server } = foundById(actions, 'action', id);
  return ok({ action: actionJson(action, server, nowMs) });
}
