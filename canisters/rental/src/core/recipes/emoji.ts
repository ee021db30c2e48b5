const JOINER = '\u{200d}';
const SHOWN_AS_EMOJI = 0xfe0f;
const KEYCAP = 0x20e3;
const MAX_LENGTH = 24;

/** One emoji: a picture with its variants, pictures joined to one, a flag, or a keycap. */
export function isEmoji(text: string): boolean {
  if (text === '' || text.length > MAX_LENGTH) return false;
  return text.split(JOINER).every((part) => {
    const codes = Array.from(part, (char) => char.codePointAt(0) ?? 0);
    return isPicture(codes) || isFlag(codes) || isKeycap(codes);
  });
}

function isPicture([base, ...variants]: readonly number[]): boolean {
  if (base === undefined) return false;
  const isBase =
    within(base, [0x2190, 0x2bff]) ||
    within(base, [0x1f300, 0x1faff]) ||
    within(base, [0x1f000, 0x1f1e5]) ||
    within(base, [0x3030, 0x303d]) ||
    base === 0xa9 ||
    base === 0xae;
  return isBase && variants.every(isVariant);
}

/** Colour of skin, how it is shown, and the letters of regional flags. */
function isVariant(code: number): boolean {
  return (
    code === SHOWN_AS_EMOJI || within(code, [0x1f3fb, 0x1f3ff]) || within(code, [0xe0020, 0xe007f])
  );
}

function isFlag(codes: readonly number[]): boolean {
  return codes.length === 2 && codes.every((code) => within(code, [0x1f1e6, 0x1f1ff]));
}

function isKeycap(codes: readonly number[]): boolean {
  const [base, shown, keycap] = codes;
  const isBase =
    base !== undefined && (within(base, [0x30, 0x39]) || base === 0x23 || base === 0x2a);
  return isBase && codes.length === 3 && shown === SHOWN_AS_EMOJI && keycap === KEYCAP;
}

function within(code: number, [from, to]: readonly [from: number, to: number]): boolean {
  return code >= from && code <= to;
}
