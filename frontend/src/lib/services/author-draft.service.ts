import { z } from 'zod';
import type { Rental } from '../api/wire.ts';
import { ARCH_NAMES } from './market-filter.service.ts';
import { armOf } from './variant.service.ts';

export const FIELD_KINDS = [
  'Text',
  'Number',
  'Choice',
  'Port',
  'Secret',
  'GeneratedSecret',
] as const;
export const HEALTH_KINDS = ['Http', 'Tcp', 'Command'] as const;
export type FieldKind = (typeof FIELD_KINDS)[number];
export type HealthKind = (typeof HEALTH_KINDS)[number];

export const FIELD_KIND_WORDS: Readonly<Record<FieldKind, string>> = {
  Text: 'Text',
  Number: 'Whole number',
  Choice: 'Choice',
  Port: 'Port',
  Secret: 'Secret of the renter',
  GeneratedSecret: 'Secret that is made',
};
export const HEALTH_KIND_WORDS: Readonly<Record<HealthKind, string>> = {
  Http: 'A page answers',
  Tcp: 'A port takes connections',
  Command: 'A command ends well',
};

const fieldDraftSchema = z.object({
  /** Of the draft alone: fields move. */
  key: z.string(),
  kind: z.enum(FIELD_KINDS),
  name: z.string(),
  label: z.string(),
  help: z.string(),
  isRequired: z.boolean(),
  initial: z.string(),
  maxLength: z.string(),
  min: z.string(),
  max: z.string(),
  /** One on each line. */
  options: z.string(),
  length: z.string(),
});

const draftSchema = z.object({
  semver: z.string(),
  script: z.string(),
  hasRollback: z.boolean(),
  rollbackScript: z.string(),
  fields: z.array(fieldDraftSchema),
  cores: z.string(),
  memoryMb: z.string(),
  diskGb: z.string(),
  archs: z.array(z.enum(ARCH_NAMES)),
  /** One on each line. */
  images: z.string(),
  healthKind: z.enum(HEALTH_KINDS),
  healthPort: z.string(),
  healthPath: z.string(),
  healthStatus: z.string(),
  healthContains: z.string(),
  healthCommand: z.string(),
  serviceUrl: z.string(),
  notes: z.string(),
  changelog: z.string(),
  isBreaking: z.boolean(),
  downtimeMinutes: z.string(),
});

/** A field of a version as its author types it: numbers are text until they are sent. */
export type FieldDraft = z.infer<typeof fieldDraftSchema>;
/** A version as its author types it. There are no secrets in it. */
export type VersionDraft = z.infer<typeof draftSchema>;

const MINUTE_NS = 60_000_000_000n;

const FIRST_SCRIPT = `#!/bin/bash
set -euo pipefail

echo '#dc-step 1/2 Installing'
apt-get update -q

echo '#dc-step 2/2 Starting it'
`;

export const EMPTY_DRAFT: VersionDraft = {
  semver: '1.0.0',
  script: FIRST_SCRIPT,
  hasRollback: false,
  rollbackScript: '',
  fields: [],
  cores: '1',
  memoryMb: '1024',
  diskGb: '10',
  archs: [],
  images: 'ubuntu-24.04',
  healthKind: 'Http',
  healthPort: '80',
  healthPath: '/',
  healthStatus: '200',
  healthContains: '',
  healthCommand: '',
  serviceUrl: '',
  notes: '',
  changelog: '',
  isBreaking: false,
  downtimeMinutes: '5',
};

/** A field that nothing was said about yet. `key` has to be one that no other field has. */
export function newField(kind: FieldKind, key: string): FieldDraft {
  return {
    key,
    kind,
    name: '',
    label: '',
    help: '',
    isRequired: true,
    initial: kind === 'Port' ? '8080' : kind === 'Number' ? '1' : '',
    maxLength: '200',
    min: '0',
    max: '100',
    options: '',
    length: '20',
  };
}

/** What a version published, as the beginning of the next. */
export function draftOfVersion(
  version: Rental.RecipeVersion,
  scripts: { readonly script: string; readonly rollbackScript: string | undefined },
): VersionDraft {
  return {
    ...EMPTY_DRAFT,
    ...healthDraft(version.health),
    script: scripts.script,
    hasRollback: scripts.rollbackScript !== undefined,
    rollbackScript: scripts.rollbackScript ?? '',
    fields: version.fields.map((field) => fieldDraft(field)),
    cores: version.min_machine.cores.toString(),
    memoryMb: version.min_machine.memory_mb.toString(),
    diskGb: version.min_machine.disk_gb.toString(),
    archs: version.min_machine.archs.map((arch) => armOf(arch)),
    images: version.images.join('\n'),
    serviceUrl: version.service_url,
    notes: version.post_install_notes,
    downtimeMinutes: (version.expected_downtime_ns / MINUTE_NS).toString(),
    semver: '',
  };
}

/** A draft that was kept as JSON; undefined if it is none that can be read any more. */
export function parseDraft(json: string): VersionDraft | undefined {
  try {
    return draftSchema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

/** What is on the lines, without what is empty. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function healthDraft(health: Rental.HealthCheck): Partial<VersionDraft> {
  if ('Http' in health) {
    const { port, path, status, contains } = health.Http;
    return {
      healthKind: 'Http',
      healthPort: port.toString(),
      healthPath: path,
      healthStatus: status.toString(),
      healthContains: contains,
    };
  }
  if ('Tcp' in health) return { healthKind: 'Tcp', healthPort: health.Tcp.port.toString() };
  return { healthKind: 'Command', healthCommand: health.Command.command };
}

function fieldDraft(field: Rental.RecipeField): FieldDraft {
  const { name, label, help, field_type: type } = field;
  const common = {
    ...newField(armOf(type), name),
    name,
    label,
    help,
    isRequired: field.is_required,
  };
  if ('Text' in type) {
    const { default: initial, max_length: maxLength } = type.Text;
    return { ...common, initial, maxLength: maxLength.toString() };
  }
  if ('Number' in type) {
    const { default: initial, min, max } = type.Number;
    return { ...common, initial: initial.toString(), min: min.toString(), max: max.toString() };
  }
  if ('Choice' in type) {
    const { default: initial, options } = type.Choice;
    return { ...common, initial, options: options.join('\n') };
  }
  if ('Port' in type) return { ...common, initial: type.Port.default.toString() };
  if ('GeneratedSecret' in type)
    return { ...common, length: type.GeneratedSecret.length.toString() };
  return common;
}
