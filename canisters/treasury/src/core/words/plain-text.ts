/**
 * Code points that are not seen, or that change how others are seen: controls, the other direction of
 * writing, spaces without width, tags, halves of pairs. And the backtick, which ends code in Markdown.
 * Source: Unicode 15, categories Cc, Cf, Cs, Zl, Zp and what is ignorable by default. As numbers,
 * because a regular expression with such classes is too dear in a canister.
 */
const HIDDEN: readonly (readonly [from: number, to: number])[] = [
  [0x00, 0x1f],
  [0x60, 0x60],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x600, 0x605],
  [0x61c, 0x61c],
  [0x6dd, 0x6dd],
  [0x70f, 0x70f],
  [0x890, 0x891],
  [0x8e2, 0x8e2],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xd800, 0xdfff],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0x110bd, 0x110bd],
  [0x110cd, 0x110cd],
  [0x13430, 0x1343f],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
];

/**
 * A stranger's words for somebody who is about to sign: on one line, with everything that could hide,
 * reorder or format a part of them written out as `\u{…}`.
 */
export function plainText(words: string): string {
  let text = '';
  for (const char of words) {
    const code = char.codePointAt(0) ?? 0;
    text += isHidden(code) ? `\\u{${code.toString(16)}}` : char;
  }
  return text;
}

function isHidden(code: number): boolean {
  if (code >= 0x20 && code < 0x7f) return code === 0x60;
  return HIDDEN.some(([from, to]) => code >= from && code <= to);
}
