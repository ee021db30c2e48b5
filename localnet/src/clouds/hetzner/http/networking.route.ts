import type { CloudParts } from '../parts.ts';
import type { FirewallRecord } from '../project.ts';
import type { Json } from '../wire/catalogue-json.ts';
import { primaryIpsJson } from '../wire/server-json.ts';
import { foundById, ok, type ApiRequest, type Endpoint } from './endpoint.ts';
import { notFound } from '../api-error.ts';
import { listAnswer, withName } from './list-answer.ts';

/** Firewalls and addresses, for reading. */
export function networkingEndpoints(parts: CloudParts): readonly Endpoint[] {
  const { state } = parts;
  const firewallJson = (firewall: FirewallRecord, { project }: ApiRequest): Json => ({
    id: firewall.id,
    name: firewall.name,
    labels: {},
    created: '2026-01-01T00:00:00Z',
    rules: [],
    applied_to: state
      .servers(project.name)
      .filter((server) => server.firewallIds.includes(firewall.id))
      .map(({ id }) => ({ type: 'server', server: { id } })),
  });
  return [
    {
      method: 'GET',
      path: '/firewalls',
      answer: (request) => {
        const { project, query } = request;
        const firewalls = withName(project.firewalls, query);
        return listAnswer('firewalls', firewalls, query, (one) => firewallJson(one, request));
      },
    },
    {
      method: 'GET',
      path: '/firewalls/:id',
      answer: (request) => {
        const firewall = foundById(request.project.firewalls, 'firewall', request.params['id']);
        return ok({ firewall: firewallJson(firewall, request) });
      },
    },
    {
      method: 'GET',
      path: '/primary_ips',
      answer: (request) => {
        const { query } = request;
        const wanted = primaryIps(parts, request).filter((one) =>
          ['name', 'ip'].every((field) => (query.get(field) ?? one[field]) === one[field]),
        );
        return listAnswer('primary_ips', wanted, query, (one) => one);
      },
    },
    {
      method: 'GET',
      path: '/primary_ips/:id',
      answer: (request) => {
        const id = request.params['id'] ?? '';
        const found = primaryIps(parts, request).find((one) => String(one['id']) === id);
        if (found === undefined) throw notFound('primary IP', id);
        return ok({ primary_ip: found });
      },
    },
  ];
}

/** Those of servers that are there, and of servers that went so lately that theirs are still held. */
export function primaryIps(
  { state, stock, settings, durations }: CloudParts,
  { project, nowMs }: Pick<ApiRequest, 'project' | 'nowMs'>,
): readonly Json[] {
  return state
    .history()
    .filter(
      (one) =>
        one.project === project.name &&
        (one.goneAtMs === null || nowMs < one.goneAtMs + durations.addressRelease),
    )
    .flatMap((server) => primaryIpsJson(server, { stock, nowMs, apiShape: settings.apiShape }));
}
