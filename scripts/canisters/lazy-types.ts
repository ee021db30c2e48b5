import ts from 'typescript';

const METHODS_FILE = /\/azle\.methods\.ts$/;

/**
 * Turns `@query([Argument], Result)` into `@query(() => [[Argument], Result])`, so that a start does
 * not read the files that say what the types are. `azle.methods.ts` takes both.
 */
export const lazyTypes: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
  const decorators = namesFromMethodsFile(file);
  const visit = (node: ts.Node): ts.Node => {
    const isMethod =
      ts.isDecorator(node) &&
      ts.isCallExpression(node.expression) &&
      ts.isIdentifier(node.expression.expression) &&
      decorators.has(node.expression.expression.text);
    if (!isMethod) return ts.visitEachChild(node, visit, context);
    const call = node.expression;
    const { factory } = context;
    const types = factory.createArrowFunction(
      undefined,
      undefined,
      [],
      undefined,
      undefined,
      factory.createArrayLiteralExpression([...call.arguments]),
    );
    const lazyCall = factory.updateCallExpression(call, call.expression, undefined, [types]);
    return factory.updateDecorator(node, lazyCall);
  };
  return ts.visitEachChild(file, visit, context);
};

function namesFromMethodsFile(file: ts.SourceFile): Set<string> {
  const names = file.statements.flatMap((statement) => {
    const isFromThere =
      ts.isImportDeclaration(statement) &&
      ts.isStringLiteral(statement.moduleSpecifier) &&
      METHODS_FILE.test(statement.moduleSpecifier.text);
    const bindings = isFromThere ? statement.importClause?.namedBindings : undefined;
    if (bindings === undefined || !ts.isNamedImports(bindings)) return [];
    return bindings.elements.map(({ name }) => name.text);
  });
  return new Set(names);
}
