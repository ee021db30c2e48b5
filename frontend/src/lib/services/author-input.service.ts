import type { Rental } from '../api/wire.ts';
import { linesOf, type FieldDraft, type VersionDraft } from './author-draft.service.ts';

const MINUTE_NS = 60_000_000_000n;

/** A draft as it is published. Only for one that nothing is wrong with: see `draftTroubles`. */
export function inputOfDraft(draft: VersionDraft): Rental.VersionInput {
  return {
    semver: draft.semver.trim(),
    script: draft.script,
    rollback_script: draft.hasRollback ? [draft.rollbackScript] : [],
    fields: draft.fields.map(fieldInput),
    min_machine: {
      cores: Number(draft.cores),
      memory_mb: Number(draft.memoryMb),
      disk_gb: Number(draft.diskGb),
      archs: draft.archs.map((arch): Rental.Arch =>
        arch === 'X86' ? { X86: null } : { Arm: null },
      ),
    },
    images: linesOf(draft.images),
    health: healthInput(draft),
    service_url: draft.serviceUrl.trim(),
    post_install_notes: draft.notes,
    changelog: draft.changelog,
    is_breaking: draft.isBreaking,
    expected_downtime_ns: BigInt(draft.downtimeMinutes.trim()) * MINUTE_NS,
  };
}

/** A field as it is published. Only for one that nothing is wrong with. */
export function fieldInput(field: FieldDraft): Rental.RecipeField {
  const { name, label, help, isRequired } = field;
  return { name, label, help, is_required: isRequired, field_type: typeInput(field) };
}

function typeInput(field: FieldDraft): Rental.RecipeField['field_type'] {
  const { initial } = field;
  switch (field.kind) {
    case 'Text':
      return { Text: { default: initial, max_length: Number(field.maxLength) } };
    case 'Number':
      return {
        Number: { default: BigInt(initial), min: BigInt(field.min), max: BigInt(field.max) },
      };
    case 'Choice':
      return { Choice: { default: initial.trim(), options: linesOf(field.options) } };
    case 'Port':
      return { Port: { default: Number(initial) } };
    case 'Secret':
      return { Secret: null };
    case 'GeneratedSecret':
      return { GeneratedSecret: { length: Number(field.length) } };
  }
}

function healthInput(draft: VersionDraft): Rental.HealthCheck {
  const port = Number(draft.healthPort);
  switch (draft.healthKind) {
    case 'Http': {
      const { healthPath: path, healthStatus: status, healthContains: contains } = draft;
      return { Http: { port, path, status: Number(status), contains } };
    }
    case 'Tcp':
      return { Tcp: { port } };
    case 'Command':
      return { Command: { command: draft.healthCommand } };
  }
}
