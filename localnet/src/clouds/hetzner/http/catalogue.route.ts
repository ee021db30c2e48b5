import { invalidInput, removedEndpoint } from '../api-error.ts';
import { IMAGES, type Image } from '../catalogue/images.ts';
import { LOCATIONS } from '../catalogue/locations.ts';
import { SERVER_TYPES } from '../catalogue/server-types.ts';
import type { CloudParts } from '../parts.ts';
import { datacenterJson, imageJson, pricingJson, serverTypeJson } from '../wire/catalogue-json.ts';
import { sortedBy } from '../wire/sorting.ts';
import { foundById, ok, type ApiRequest, type Endpoint } from './endpoint.ts';
import { listAnswer, withName } from './list-answer.ts';

const DATACENTERS_GONE = 'https://docs.hetzner.cloud/changelog#2026-06-02-datacenters-deprecated';

/** What can be ordered, where, and for how much. */
export function catalogueEndpoints({ stock, settings }: CloudParts): readonly Endpoint[] {
  const datacenters = (): ReturnType<typeof datacenterJson>[] => {
    if (settings.apiShape === 'current') throw removedEndpoint(DATACENTERS_GONE);
    return LOCATIONS.map((location) => datacenterJson(location, stock));
  };
  return [
    {
      method: 'GET',
      path: '/server_types',
      answer: ({ query }) =>
        listAnswer('server_types', withName(SERVER_TYPES, query), query, (type) =>
          serverTypeJson(type, stock),
        ),
    },
    {
      method: 'GET',
      path: '/server_types/:id',
      answer: ({ params }) =>
        ok({
          server_type: serverTypeJson(foundById(SERVER_TYPES, 'server type', params['id']), stock),
        }),
    },
    {
      method: 'GET',
      path: '/locations',
      answer: ({ query }) =>
        listAnswer('locations', withName(LOCATIONS, query), query, (location) => location),
    },
    {
      method: 'GET',
      path: '/locations/:id',
      answer: ({ params }) => ok({ location: foundById(LOCATIONS, 'location', params['id']) }),
    },
    {
      method: 'GET',
      path: '/datacenters',
      answer: ({ query }) => listAnswer('datacenters', datacenters(), query, (one) => one),
    },
    {
      method: 'GET',
      path: '/images',
      answer: ({ query }) => listAnswer('images', imagesFor(query), query, imageJson),
    },
    {
      method: 'GET',
      path: '/images/:id',
      answer: ({ params }) => ok({ image: imageJson(foundById(IMAGES, 'image', params['id'])) }),
    },
    { method: 'GET', path: '/pricing', answer: () => ok({ pricing: pricingJson() }) },
  ];
}

const TYPES = ['system', 'snapshot', 'backup', 'app'];
const STATUSES = ['available', 'creating', 'unavailable'];

/** All images there are belong to the system and are available. */
function imagesFor(query: ApiRequest['query']): readonly Image[] {
  const architectures = choices(query, 'architecture', ['x86', 'arm']);
  if (!allows(choices(query, 'type', TYPES), 'system')) return [];
  if (!allows(choices(query, 'status', STATUSES), 'available')) return [];
  const withDeprecated = query.get('include_deprecated') === 'true';
  const images = withName(IMAGES, query).filter(
    (image) =>
      allows(architectures, image.architecture) && (withDeprecated || image.deprecated === null),
  );
  return sortedBy(images, query, {
    id: ({ id }) => id,
    name: ({ name }) => name,
    created: ({ created }) => created,
  });
}

function allows(wanted: readonly string[], value: string): boolean {
  return wanted.length === 0 || wanted.includes(value);
}

/** A parameter that may be given several times. Errors: `ApiError`. */
function choices(
  query: URLSearchParams,
  name: string,
  known: readonly string[],
): readonly string[] {
  const wanted = query.getAll(name);
  if (wanted.every((one) => known.includes(one))) return wanted;
  throw invalidInput({ [name]: [`must be one of ${known.join(', ')}`] });
}
