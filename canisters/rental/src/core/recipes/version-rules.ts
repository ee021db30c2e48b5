import type { Result } from '@decent-cloud/domain/result.ts';
import { durationNs, type DurationNs } from '@decent-cloud/domain/time.ts';
import { fieldsTrouble } from './field-rules.ts';
import type { HealthCheck, MinMachine, RecipeField, VersionInput } from './recipe.ts';
import { parseSemver } from './semver.ts';
import { firstTrouble, isWhole, textTrouble, unless } from '../text-rules.ts';
import type { Refusal, Trouble } from '../text-rules.ts';

/** Of UTF-8. */
const MAX_SCRIPT_BYTES = 64 * 1_024;
const MAX_DESCRIPTION_BYTES = 32 * 1_024;
const MAX_SCRIPT_LINES = 4_000;
const MAX_CHANGELOG = 4_000;
const MAX_NOTES = 4_000;
const MAX_URL = 200;
const MAX_COMMAND = 500;
const MAX_IMAGES = 16;
const MAX_IMAGE_NAME = 64;
const MAX_DOWNTIME_NS: DurationNs = durationNs({ hours: 6 });
const PORT = { from: 1, to: 65_535 };
const STATUS = { from: 100, to: 599 };
const CORES = { from: 0, to: 1_024 };
const MEMORY_MB = { from: 0, to: 16 * 1_024 * 1_024 };
const DISK_GB = { from: 0, to: 1_024 * 1_024 };
const PRINTABLE_FROM = '!';
const PRINTABLE_TO = '~';

/** A version as an author sent it, but for sizes in bytes. */
export function checkVersionInput(input: VersionInput): Result<VersionInput, Refusal> {
  const { images, minMachine, changelog, postInstallNotes } = input;
  const trouble =
    semverTrouble(input.semver) ??
    firstTrouble(scriptsOf(input), scriptTrouble) ??
    fieldsTrouble(input.fields) ??
    machineTrouble(minMachine) ??
    imagesTrouble(images) ??
    healthTrouble(input.health) ??
    urlTrouble(input.serviceUrl, input.fields) ??
    textTrouble(postInstallNotes, {
      argument: 'post_install_notes',
      max: MAX_NOTES,
      hasLines: true,
    }) ??
    textTrouble(changelog, { argument: 'changelog', max: MAX_CHANGELOG, hasLines: true }) ??
    downtimeTrouble(input.expectedDowntimeNs);
  return unless(trouble, input);
}

/** A script and the argument that it came in. */
export interface Script {
  readonly script: string;
  readonly argument: 'script' | 'rollback_script';
}

export function scriptsOf({ script, rollbackScript }: VersionInput): readonly Script[] {
  const first: Script = { script, argument: 'script' };
  if (rollbackScript === undefined) return [first];
  return [first, { script: rollbackScript, argument: 'rollback_script' }];
}

/** Everything but the scripts, as text of about the size that is stored. */
export function describedIn(input: VersionInput): string {
  const { fields, images, health, serviceUrl, postInstallNotes, changelog } = input;
  return JSON.stringify([fields, images, health, serviceUrl, postInstallNotes, changelog]);
}

/** Whoever reads a few versions reads all of it. In bytes of UTF-8. */
export function descriptionTrouble(bytes: number): Trouble {
  if (bytes <= MAX_DESCRIPTION_BYTES) return undefined;
  const rule = `with notes and changelog must be at most ${MAX_DESCRIPTION_BYTES} bytes`;
  return { argument: 'fields', rule };
}

/** The rule about bytes, which only a codec can count. */
export function scriptSizeTrouble(bytes: number, argument: string): Trouble {
  if (bytes <= MAX_SCRIPT_BYTES) return undefined;
  return { argument, rule: `must be at most ${MAX_SCRIPT_BYTES} bytes` };
}

function semverTrouble(semver: string): Trouble {
  if (parseSemver(semver) !== undefined) return undefined;
  const rule = 'must be a version like 1.4.2 or 2.0.0-rc.1, at most 32 characters, without +';
  return { argument: 'semver', rule };
}

/** A character is a byte or more, so that a script that is too long costs nothing. */
function scriptTrouble({ script, argument }: Script): Trouble {
  const tooLong = scriptSizeTrouble(script.length, argument);
  if (tooLong !== undefined) return tooLong;
  if (script === '') return { argument, rule: 'must not be empty' };
  if (script.includes('\0')) return { argument, rule: 'must hold no zero bytes' };
  if (script.split('\n').length <= MAX_SCRIPT_LINES) return undefined;
  return { argument, rule: `must be at most ${MAX_SCRIPT_LINES} lines` };
}

function machineTrouble({ cores, memoryMb, diskGb, archs }: MinMachine): Trouble {
  const isSound = isWhole(cores, CORES) && isWhole(memoryMb, MEMORY_MB) && isWhole(diskGb, DISK_GB);
  if (!isSound) return { argument: 'min_machine', rule: 'asks for more than any machine has' };
  if (new Set(archs).size === archs.length) return undefined;
  return { argument: 'min_machine', rule: 'names an architecture twice' };
}

function imagesTrouble(images: readonly string[]): Trouble {
  const argument = 'images';
  if (images.length > MAX_IMAGES || new Set(images).size < images.length) {
    return { argument, rule: `must be at most ${MAX_IMAGES}, each once` };
  }
  return firstTrouble(images, (image) =>
    textTrouble(image, { argument, min: 1, max: MAX_IMAGE_NAME }),
  );
}

function healthTrouble(health: HealthCheck): Trouble {
  const argument = 'health';
  if (health.kind === 'command') {
    return textTrouble(health.command, { argument, min: 1, max: MAX_COMMAND });
  }
  if (!isWhole(health.port, PORT)) {
    return { argument, rule: `port must be ${PORT.from} to ${PORT.to}` };
  }
  if (health.kind === 'tcp') return undefined;
  const { path, status, contains } = health;
  if (path.length > MAX_URL || !path.startsWith('/') || !isPrintable(path)) {
    return {
      argument,
      rule: `path must begin with / and be at most ${MAX_URL} visible characters`,
    };
  }
  if (!isWhole(status, STATUS)) return { argument, rule: 'status must be 100 to 599' };
  return textTrouble(contains, { argument, max: MAX_URL });
}

/** Only what the renter may see is filled in: a URL is written down in many places. */
function urlTrouble(url: string, fields: readonly RecipeField[]): Trouble {
  if (url === '') return undefined;
  const argument = 'service_url';
  const isUrl = url.startsWith('http://') || url.startsWith('https://');
  if (!isUrl || url.length > MAX_URL || !isPrintable(url)) {
    return { argument, rule: `must begin with http:// or https://, at most ${MAX_URL} characters` };
  }
  const open = fields
    .filter(({ fieldType: type }) => !type.kind.endsWith('secret'))
    .map(({ name }) => name);
  const names = ['ip', 'hostname', ...open];
  const filled = names.reduce((text, name) => text.replaceAll(`{${name}}`, ''), url);
  if (!filled.includes('{') && !filled.includes('}')) return undefined;
  return { argument, rule: 'may hold {ip}, {hostname} and names of fields that are not secret' };
}

function downtimeTrouble(downtimeNs: DurationNs): Trouble {
  if (downtimeNs <= MAX_DOWNTIME_NS) return undefined;
  return { argument: 'expected_downtime_ns', rule: 'must be at most 6 hours' };
}

function isPrintable(text: string): boolean {
  for (const char of text) if (char < PRINTABLE_FROM || char > PRINTABLE_TO) return false;
  return true;
}
