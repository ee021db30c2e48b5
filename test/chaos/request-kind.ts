import { decode } from 'cborg';
import { decodeArg } from './world/canister-methods.ts';

/** An IC envelope is a self-described CBOR map: tag 55799. */
const TAGS = Object.assign([], { 55_799: (inner: () => unknown) => inner() }) as [];

/**
 * What a bridge asks: of the canister `call claim_jobs`, `query get_job`, or `call report_step Intent`
 * with the last of what is reported; of the cloud `POST /servers`.
 */
export function requestKind(method: string, path: string, body: Uint8Array): string {
  const isCanister = /^\/api\/v\d+\/(canister|subnet)\//.test(path);
  if (!isCanister) return `${method} ${path.replace(/\?.*$/, '').replace(/\/\d+/g, '/{id}')}`;
  const verb = /\/(call|query|read_state)$/.exec(path)?.[1];
  if (verb === undefined) return path;
  const content = field(decoded(body), 'content');
  const name = field(content, 'method_name');
  if (typeof name !== 'string') return verb;
  return name === 'report_step'
    ? `${verb} ${name} ${reported(field(content, 'arg'))}`
    : `${verb} ${name}`;
}

function reported(arg: unknown): string {
  if (!(arg instanceof Uint8Array)) return '?';
  const last = decodeArg('report_step', arg).events.at(-1);
  if (last === undefined) return 'nothing';
  if ('Succeeded' in last) return `Succeeded ${Object.keys(last.Succeeded.result)[0] ?? '?'}`;
  if ('Step' in last) return `Step ${Object.keys(last.Step.step)[0] ?? '?'}`;
  return Object.keys(last)[0] ?? '?';
}

function decoded(body: Uint8Array): unknown {
  try {
    return decode(body, { tags: TAGS, allowBigInt: true });
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
