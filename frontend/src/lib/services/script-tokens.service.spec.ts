import { readdirSync, readFileSync } from 'node:fs';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { hasHidden, hiddenName, linesOfScript, type TokenKind } from './script-tokens.service.ts';

const DEMO = new URL('../../../../scripts/start/demo/recipes/', import.meta.url);

function textOf(script: string): string {
  return linesOfScript(script)
    .map((line) => line.map(({ text }) => text).join(''))
    .join('\n');
}

/** The pieces of that kind. */
function pieces(script: string, kind: TokenKind): string[] {
  return linesOfScript(script)
    .flat()
    .filter((token) => token.kind === kind)
    .map(({ text }) => text);
}

const shell = fc
  .array(
    fc.constantFrom(
      ...['"', "'", '$', '${', '}', '$(', '(', ')', '\\', '\n', '#', ' ', '<<EOF', 'EOF', '`', ';'],
      ...['if', 'x', '=', '$x', '\t', '<<<', "<<'A'", '|', '&&', '\u202e', '\r'],
    ),
    { maxLength: 80 },
  )
  .map((parts) => parts.join(''));

describe('linesOfScript', () => {
  test.prop([fc.oneof(shell, fc.string({ unit: 'binary', maxLength: 200 }))], { numRuns: 1_000 })(
    'put together is the script again',
    (script) => {
      expect(textOf(script)).toBe(script);
    },
  );

  it('knows the demo recipes from end to end', () => {
    const names = readdirSync(DEMO);
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) {
      const script = readFileSync(new URL(name, DEMO), 'utf8');
      expect(textOf(script)).toBe(script);
      expect(pieces(script, 'command').filter((word) => word === 'systemctl')).toHaveLength(3);
    }
  });

  it('tells comments, strings, variables, keywords and commands apart', () => {
    const script = `#!/bin/bash\nif [ "$A" = 'x # y' ]; then\n  echo "hi \${B:-2} $(id -u)" # why\nfi\n`;
    expect(pieces(script, 'comment')).toEqual(['#!/bin/bash', '# why']);
    expect(pieces(script, 'keyword')).toEqual(['if', 'then', 'fi']);
    expect(pieces(script, 'variable')).toEqual(['$A', '${B:-2}', '$(', ')']);
    expect(pieces(script, 'string')).toContain("'x # y'");
    expect(pieces(script, 'command')).toEqual(['echo', 'id']);
  });

  it('does not take # inside a word, or after a dollar sign, for a comment', () => {
    expect(pieces('echo a#b $# ${#c}', 'comment')).toEqual([]);
  });

  it('finds the end of nested strings', () => {
    const script = `printf '"%s"' "$(printf '%s' "$T" | sed 's/[\\\\"]/x/g')"\nnext`;
    expect(pieces(script, 'command')).toEqual(['printf', 'printf', 'sed', 'next']);
  });

  it('reads here-documents to their word and no further', () => {
    const script = "cat > f <<'JS'\nif (a) { # no comment\nJS\necho done <<-T\n\t\tx\n\tT\nlast";
    expect(pieces(script, 'heredoc')).toEqual(['if (a) { # no comment', 'JS', '\t\tx', '\tT']);
    expect(pieces(script, 'command')).toEqual(['cat', 'echo', 'last']);
    expect(pieces('cat <<< word\necho', 'heredoc')).toEqual([]);
  });

  it('shows what cannot be seen', () => {
    const script = 'echo "a\u202eb"\r\n\tok';
    expect(pieces(script, 'hidden')).toEqual(['\u202e', '\r']);
    expect(hiddenName('\u202e')).toBe('U+202E');
    expect(hasHidden('echo\n\tok ä 📝')).toBe(false);
    expect(hasHidden('echo\u200bx')).toBe(true);
  });

  it('reads the longest script whatever is open in it', () => {
    for (const piece of ['"$(', '${', "'", '<<A\n', '((', '$$', '#', '\\']) {
      const script = piece.repeat(65_536 / piece.length);
      expect(textOf(script)).toBe(script);
    }
  });
});
