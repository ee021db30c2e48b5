import ts from 'typescript';

export interface FunctionLength {
  readonly name: string;
  readonly firstLine: number;
  readonly lineCount: number;
}

/** Every function in the source with the lines it spans, nested ones on their own too. */
export function functionLengths(source: string): FunctionLength[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
  const found: FunctionLength[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const first = file.getLineAndCharacterOfPosition(node.getStart()).line;
      const last = file.getLineAndCharacterOfPosition(node.getEnd()).line;
      const name = node.name?.getText() ?? '(anonymous)';
      found.push({ name, firstLine: first + 1, lineCount: last - first + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
