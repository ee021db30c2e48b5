import { linesOf, type FieldDraft } from './author-draft.service.ts';
import { textTrouble, wholeTrouble, type FieldTrouble } from './author-rules.service.ts';

const MAX_FIELDS = 24;
const MAX_LABEL = 80;
const MAX_HELP = 300;
const MAX_TEXT = 4_096;
const MAX_INITIAL = 400;
const MAX_OPTIONS = 20;
const MAX_OPTION = 60;
const SECRET = { from: 12, to: 128 };
const PORT = { from: 1, to: 65_535 };
const NUMBER = { from: -1_000_000_000_000, to: 1_000_000_000_000 };
/** Variables that say how a shell works, or that the bridge sets itself. */
const RESERVED = ['PATH', 'HOME', 'SHELL', 'USER', 'LOGNAME', 'PWD', 'IFS', 'ENV', 'BASH_ENV'];
const RESERVED_STARTS = ['LD_', 'DC_', 'BASH_'];

/** What is wrong with the fields together. */
export function fieldsTrouble(fields: readonly FieldDraft[]): FieldTrouble {
  if (fields.length > MAX_FIELDS) return `At most ${MAX_FIELDS} fields.`;
  const names = fields.map(({ name }) => name);
  if (new Set(names).size < names.length) return 'Two fields have the same name.';
  const ports = fields.filter(({ kind }) => kind === 'Port').map(({ initial }) => initial.trim());
  return new Set(ports).size < ports.length ? 'Two ports are set to the same number.' : undefined;
}

/** What is wrong with one of them, by what was typed. */
export function fieldTroubles(field: FieldDraft, at: number): [string, FieldTrouble][] {
  const own: [string, FieldTrouble][] = [
    ['name', nameTrouble(field.name)],
    ['label', textTrouble(field.label, { min: 1, max: MAX_LABEL })],
    ['help', textTrouble(field.help, { max: MAX_HELP, hasLines: true })],
    ...typeTroubles(field),
  ];
  return own.map(([key, trouble]) => [`fields.${at}.${key}`, trouble]);
}

function nameTrouble(name: string): FieldTrouble {
  if (!/^[A-Z][A-Z0-9_]{0,39}$/.test(name)) {
    return '1 to 40 capital letters, digits and _, a letter first, such as ADMIN_NAME.';
  }
  const isReserved = RESERVED.includes(name) || RESERVED_STARTS.some((it) => name.startsWith(it));
  return isReserved
    ? `${name} has another meaning on every machine. Take another name.`
    : undefined;
}

function typeTroubles(field: FieldDraft): [string, FieldTrouble][] {
  switch (field.kind) {
    case 'Text': {
      const longest = wholeTrouble(field.maxLength, { from: 1, to: MAX_TEXT });
      const max = longest === undefined ? Number(field.maxLength) : MAX_TEXT;
      const rule = { max: Math.min(max, MAX_INITIAL), hasLines: true };
      return [
        ['maxLength', longest],
        ['initial', textTrouble(field.initial, rule)],
      ];
    }
    case 'Number':
      return numberTroubles(field);
    case 'Choice':
      return choiceTroubles(field);
    case 'Port':
      return [['initial', wholeTrouble(field.initial, PORT)]];
    case 'Secret':
      return [];
    case 'GeneratedSecret':
      return [['length', wholeTrouble(field.length, SECRET)]];
  }
}

function numberTroubles({ min, max, initial }: FieldDraft): [string, FieldTrouble][] {
  const minTrouble = wholeTrouble(min, NUMBER);
  const from = minTrouble === undefined ? Number(min) : NUMBER.from;
  const maxTrouble = wholeTrouble(max, { from, to: NUMBER.to });
  const to = maxTrouble === undefined ? Number(max) : NUMBER.to;
  return [
    ['min', minTrouble],
    ['max', maxTrouble],
    ['initial', wholeTrouble(initial, { from, to })],
  ];
}

function choiceTroubles({ options, initial }: FieldDraft): [string, FieldTrouble][] {
  const all = linesOf(options);
  const isSet = new Set(all).size === all.length && all.length > 0 && all.length <= MAX_OPTIONS;
  const trouble = isSet
    ? all.map((option) => textTrouble(option, { max: MAX_OPTION })).find(Boolean)
    : `1 to ${MAX_OPTIONS} choices, each once and on a line of its own.`;
  const isKnown = all.includes(initial.trim());
  return [
    ['options', trouble],
    ['initial', isKnown ? undefined : 'Must be one of the choices.'],
  ];
}
