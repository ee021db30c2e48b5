import type { Rental } from '../api/wire.ts';
import { durationText } from './format.service.ts';
import { archText, coresText, memoryText } from './market-words.service.ts';

/** What a field of a recipe asks for, in words. */
export interface FieldWords {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly type: string;
  /** What is there if nobody says anything else. */
  readonly initial: string;
  readonly isRequired: boolean;
}

const NS_IN_SECOND = 1_000_000_000n;
/** Addresses and names that are for examples (RFC 5737, RFC 2606). */
const EXAMPLES: Readonly<Record<string, string>> = {
  ip: '203.0.113.7',
  hostname: 'machine.example',
};

export function fieldWords({ field_type: type, ...field }: Rental.RecipeField): FieldWords {
  const { name, label, help } = field;
  return { name, label, help, ...typeWords(type), isRequired: field.is_required };
}

function typeWords(type: Rental.RecipeField['field_type']): Pick<FieldWords, 'type' | 'initial'> {
  if ('Text' in type) {
    return { type: `Text, at most ${type.Text.max_length} characters`, initial: type.Text.default };
  }
  if ('Number' in type) {
    const { min, max } = type.Number;
    return { type: `Whole number, ${min} to ${max}`, initial: type.Number.default.toString() };
  }
  if ('Choice' in type) {
    return { type: `One of ${type.Choice.options.join(', ')}`, initial: type.Choice.default };
  }
  if ('Secret' in type) {
    return { type: 'Secret: sealed in your browser, for the machine alone', initial: '' };
  }
  if ('GeneratedSecret' in type) {
    const { length } = type.GeneratedSecret;
    return { type: `Secret of ${length} characters, made for you`, initial: '' };
  }
  return { type: 'Port', initial: type.Port.default.toString() };
}

/** When a machine counts as working. */
export function healthWords(health: Rental.HealthCheck): string {
  if ('Http' in health) {
    const { port, path, status, contains } = health.Http;
    const body = contains === '' ? '' : `, with “${contains}” in it`;
    return `HTTP on port ${port}: ${path} answers with ${status}${body}`;
  }
  if ('Tcp' in health) return `Port ${health.Tcp.port} takes connections`;
  return `The command “${health.Command.command}” ends well on the machine`;
}

/** `1 core, 512 MB memory, 5 GB disk`; any machine if nothing is asked for. */
export function minMachineWords(machine: Rental.MinMachine): string {
  const { cores, memory_mb: memoryMb, disk_gb: diskGb, archs } = machine;
  const parts = [
    cores === 0 ? '' : coresText(cores),
    memoryMb === 0 ? '' : `${memoryText(memoryMb)} memory`,
    diskGb === 0 ? '' : `${diskGb} GB disk`,
    archs.map(archText).join(' or '),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'Any machine' : parts.join(', ');
}

/** What a machine is reached at, with example addresses and the defaults of the fields. */
export function exampleUrl(template: string, fields: readonly Rental.RecipeField[]): string {
  const values = new Map(
    fields.map((field) => [field.name, fieldWords(field).initial || field.name.toLowerCase()]),
  );
  return template.replace(/\{([A-Za-z0-9_]+)\}/g, (whole, name: string) => {
    return EXAMPLES[name] ?? values.get(name) ?? whole;
  });
}

/** The ports that the recipe is known to use, each with what says so. */
export function portsOf(
  version: Pick<Rental.RecipeVersion, 'fields' | 'health'>,
): readonly { readonly port: number; readonly why: string }[] {
  const fromFields = version.fields.flatMap(({ field_type: type, label }) =>
    'Port' in type ? [{ port: type.Port.default, why: `${label}; you can choose another` }] : [],
  );
  const { health } = version;
  const checked =
    'Http' in health ? health.Http.port : 'Tcp' in health ? health.Tcp.port : undefined;
  if (checked === undefined || fromFields.some(({ port }) => port === checked)) return fromFields;
  return [...fromFields, { port: checked, why: 'The health check asks it' }];
}

/** What a version may not be used for any more, and why; undefined for one that is well. */
export function statusWords(
  status: Rental.VersionStatus,
): { readonly label: string; readonly tone: 'warn' | 'bad'; readonly reason: string } | undefined {
  if ('Deprecated' in status) {
    return { label: 'Deprecated', tone: 'warn', reason: status.Deprecated.reason };
  }
  if ('Yanked' in status) return { label: 'Yanked', tone: 'bad', reason: status.Yanked.reason };
  return undefined;
}

/** `Half are ready within 16 s, 95 of 100 within 40 s`; undefined while nothing is known. */
export function timesWords(stats: Rental.RunStats): string | undefined {
  const [p50] = stats.p50_seconds;
  const [p95] = stats.p95_seconds;
  if (p50 === undefined) return undefined;
  const half = `Half are ready within ${durationText(Number(p50))}`;
  return p95 === undefined ? half : `${half}, 95 of 100 within ${durationText(Number(p95))}`;
}

export function downtimeWords(ns: bigint): string {
  return ns === 0n ? 'None expected' : `About ${durationText(Number(ns / NS_IN_SECOND))}`;
}

/** The part of an address that means the recipe: its name, or its number if the name could be one. */
export function recipeSlug({ id, name }: { readonly id: bigint; readonly name: string }): string {
  return /^\d+$/.test(name) ? id.toString() : name;
}
