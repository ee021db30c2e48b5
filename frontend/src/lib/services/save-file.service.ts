/** A file for the person's downloads. */
export interface SavedFile {
  readonly name: string;
  readonly type: string;
  readonly parts: readonly (Uint8Array | string)[];
}

/** Has the browser save a file. Nothing leaves the device. */
export function saveFile({ name, type, parts }: SavedFile): void {
  const blobs = parts.map((part) => (typeof part === 'string' ? part : Uint8Array.from(part)));
  const url = URL.createObjectURL(new Blob(blobs, { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
