import { encodeNatively } from './native-encode.ts';
import { encodeUtf8, encodeUtf8Into, type Progress } from './utf8-encode.ts';

/** The standard's `TextEncoder`: UTF-8 only. Source: WHATWG Encoding, section 8.2. */
export class TextEncoder {
  readonly encoding = 'utf-8';

  encode(text = ''): Uint8Array {
    return encodeNatively(text) ?? encodeUtf8(text);
  }

  encodeInto(source: string, destination: Uint8Array): Progress {
    return encodeUtf8Into(source, destination);
  }
}
