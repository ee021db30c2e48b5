import { describe, expect, it } from 'vitest';
import { withPublicMetadata } from './metadata-section.ts';

const EMPTY_MODULE = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

describe('withPublicMetadata', () => {
  it.each([0, 1, 100, 127, 128, 20_000])('adds a section of %d bytes that engines find', (size) => {
    const content = new Uint8Array(size).fill(0x41);
    const bytes = withPublicMetadata(EMPTY_MODULE, { name: 'candid:service', content });
    const module = new WebAssembly.Module(Uint8Array.from(bytes));
    const sections = WebAssembly.Module.customSections(module, 'icp:public candid:service');
    expect(sections.map((section) => new Uint8Array(section))).toEqual([content]);
  });

  it('keeps sections that are there', () => {
    const content = Uint8Array.of(1);
    const once = withPublicMetadata(EMPTY_MODULE, { name: 'a', content });
    const twice = new WebAssembly.Module(
      Uint8Array.from(withPublicMetadata(once, { name: 'b', content })),
    );
    expect(WebAssembly.Module.customSections(twice, 'icp:public a')).toHaveLength(1);
    expect(WebAssembly.Module.customSections(twice, 'icp:public b')).toHaveLength(1);
  });
});
