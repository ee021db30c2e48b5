import { fieldTroubles, fieldsTrouble } from './author-field-checks.service.ts';
import { linesOf, type VersionDraft } from './author-draft.service.ts';
import { textTrouble, wholeTrouble, type FieldTrouble } from './author-rules.service.ts';
import { semverTrouble } from './recipe-versions.service.ts';
import { scriptSize } from './script-check.service.ts';

/** What is wrong, by the name of what was typed: `semver`, `fields.0.name`. */
export type Troubles = ReadonlyMap<string, string>;

export const MAX_SCRIPT_BYTES = 65_536;
export const MAX_SCRIPT_LINES = 4_000;
const MAX_DESCRIBED_BYTES = 32_768;
const MAX_TEXT = 4_000;
const MAX_URL = 200;
const MAX_COMMAND = 500;
const MAX_IMAGES = 16;
const MAX_IMAGE = 64;
const MAX_DOWNTIME_MINUTES = 360;
const PORT = { from: 1, to: 65_535 };
const STATUS = { from: 100, to: 599 };
const VISIBLE = /^[!-~]*$/;

/** Everything that the canister would refuse, but for what only it knows. */
export function draftTroubles(draft: VersionDraft, published: readonly string[]): Troubles {
  const checks: readonly (readonly [string, FieldTrouble])[] = [
    ['semver', semverTrouble(draft.semver.trim(), published)],
    ['script', scriptTrouble(draft.script)],
    ['rollbackScript', draft.hasRollback ? scriptTrouble(draft.rollbackScript) : undefined],
    ['fields', fieldsTrouble(draft.fields) ?? describedTrouble(draft)],
    ...draft.fields.flatMap((field, at) => fieldTroubles(field, at)),
    ['cores', wholeTrouble(draft.cores, { from: 0, to: 1_024 })],
    ['memoryMb', wholeTrouble(draft.memoryMb, { from: 0, to: 16_777_216 })],
    ['diskGb', wholeTrouble(draft.diskGb, { from: 0, to: 1_048_576 })],
    ['images', imagesTrouble(draft.images)],
    ...healthTroubles(draft),
    ['serviceUrl', urlTrouble(draft)],
    ['notes', textTrouble(draft.notes, { max: MAX_TEXT, hasLines: true })],
    ['changelog', textTrouble(draft.changelog, { max: MAX_TEXT, hasLines: true })],
    ['downtimeMinutes', wholeTrouble(draft.downtimeMinutes, { from: 0, to: MAX_DOWNTIME_MINUTES })],
  ];
  return new Map(
    checks.flatMap(([key, trouble]) => (trouble === undefined ? [] : [[key, trouble]])),
  );
}

function scriptTrouble(script: string): FieldTrouble {
  if (script.trim() === '') return 'A script must not be empty.';
  if (script.includes('\0')) return 'There is a zero byte in it. Is this a text file?';
  const { bytes, lines } = scriptSize(script);
  if (bytes > MAX_SCRIPT_BYTES) {
    return `At most ${MAX_SCRIPT_BYTES.toLocaleString('en')} bytes; it has ${bytes.toLocaleString('en')}.`;
  }
  if (lines <= MAX_SCRIPT_LINES) return undefined;
  return `At most ${MAX_SCRIPT_LINES.toLocaleString('en')} lines; it has ${lines.toLocaleString('en')}.`;
}

/** About what is stored; the canister counts it exactly. */
function describedTrouble({ fields, notes, changelog, images }: VersionDraft): FieldTrouble {
  const { bytes } = scriptSize(JSON.stringify([fields, notes, changelog, images]));
  if (bytes <= MAX_DESCRIBED_BYTES) return undefined;
  return 'Fields, notes and changelog are too long together: at most 32 KiB.';
}

function imagesTrouble(text: string): FieldTrouble {
  const images = linesOf(text);
  if (images.length > MAX_IMAGES) return `At most ${MAX_IMAGES} images.`;
  if (new Set(images).size < images.length) return 'An image is named twice.';
  return images.map((image) => textTrouble(image, { max: MAX_IMAGE })).find(Boolean);
}

function healthTroubles(draft: VersionDraft): [string, FieldTrouble][] {
  if (draft.healthKind === 'Command') {
    return [['healthCommand', textTrouble(draft.healthCommand, { min: 1, max: MAX_COMMAND })]];
  }
  const port: [string, FieldTrouble] = ['healthPort', wholeTrouble(draft.healthPort, PORT)];
  if (draft.healthKind === 'Tcp') return [port];
  return [
    port,
    ['healthPath', pathTrouble(draft.healthPath)],
    ['healthStatus', wholeTrouble(draft.healthStatus, STATUS)],
    ['healthContains', textTrouble(draft.healthContains, { max: MAX_URL })],
  ];
}

function pathTrouble(path: string): FieldTrouble {
  const isSound = path.startsWith('/') && path.length <= MAX_URL && VISIBLE.test(path);
  return isSound ? undefined : `Must begin with /, at most ${MAX_URL} characters, no spaces.`;
}

/** Only what the renter may see is filled in: a URL is written down in many places. */
function urlTrouble({ serviceUrl, fields }: VersionDraft): FieldTrouble {
  const url = serviceUrl.trim();
  if (url === '') return undefined;
  if (!/^https?:\/\//.test(url) || url.length > MAX_URL || !VISIBLE.test(url)) {
    return `Must begin with http:// or https://, at most ${MAX_URL} characters, no spaces.`;
  }
  const open = fields.filter(({ kind }) => kind !== 'Secret' && kind !== 'GeneratedSecret');
  const known = ['ip', 'hostname', ...open.map(({ name }) => name)];
  const rest = known.reduce((text, name) => text.replaceAll(`{${name}}`, ''), url);
  if (!/[{}]/.test(rest)) return undefined;
  return 'Only {ip}, {hostname} and names of fields that are not secret may be in braces.';
}
