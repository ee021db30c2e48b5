/** How much of the text was taken and how many bytes were written. */
export interface Progress {
  readonly read: number;
  readonly written: number;
}

const REPLACEMENT = 0xfffd;
const MAX_BYTES_PER_UTF16_UNIT = 3;

/** UTF-8 of any string; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * MAX_BYTES_PER_UTF16_UNIT);
  return bytes.slice(0, encodeUtf8Into(text, bytes).written);
}

/** Writes whole code points as long as they fit. Source: WHATWG Encoding, "encodeInto". */
export function encodeUtf8Into(text: string, target: Uint8Array): Progress {
  let read = 0;
  let written = 0;
  while (read < text.length) {
    const unit = text.charCodeAt(read);
    if (unit < 0x80) {
      if (written === target.length) break;
      target[written] = unit;
      written += 1;
      read += 1;
      continue;
    }
    const codePoint = scalarAt(text, read);
    const size = utf8Size(codePoint);
    if (written + size > target.length) break;
    writeMultiByte({ target, at: written, codePoint, size });
    written += size;
    read += codePoint > 0xffff ? 2 : 1;
  }
  return { read, written };
}

function scalarAt(text: string, index: number): number {
  const codePoint = text.codePointAt(index) ?? REPLACEMENT;
  const isLoneSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  return isLoneSurrogate ? REPLACEMENT : codePoint;
}

function utf8Size(codePoint: number): 2 | 3 | 4 {
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

interface MultiByte {
  readonly target: Uint8Array;
  readonly at: number;
  readonly codePoint: number;
  readonly size: 2 | 3 | 4;
}

const LEAD_MARK = { 2: 0xc0, 3: 0xe0, 4: 0xf0 } as const;

function writeMultiByte({ target, at, codePoint, size }: MultiByte): void {
  let rest = codePoint;
  for (let index = size - 1; index > 0; index -= 1) {
    target[at + index] = 0x80 | (rest & 0x3f);
    rest >>= 6;
  }
  target[at] = LEAD_MARK[size] | rest;
}
