import ts from 'typescript';

/** A file of a canister and how its imports are found. */
export interface SourceFiles {
  readonly read: (file: string) => string;
  readonly resolve: (file: string, specifier: string) => string;
}

/**
 * The entry points of each class of a canister, in the order in which Azle numbers them: the classes
 * of the array that the main file exports, or the one class that it exports.
 */
export function entryPointsByClass(main: string, files: SourceFiles): string[][] {
  const source = parse(main, files);
  const exported = source.statements.find(ts.isExportAssignment)?.expression;
  if (exported === undefined || !ts.isArrayLiteralExpression(exported)) {
    return [source.statements.filter(ts.isClassDeclaration).flatMap(decoratedMethods)];
  }
  return exported.elements.map((element) => {
    const name = element.getText(source);
    const declaring = files.resolve(main, specifierOf(source, name));
    const classes = parse(declaring, files).statements.filter(ts.isClassDeclaration);
    return classes.filter((each) => each.name?.text === name).flatMap(decoratedMethods);
  });
}

function parse(file: string, files: SourceFiles): ts.SourceFile {
  return ts.createSourceFile(file, files.read(file), ts.ScriptTarget.ES2022, true);
}

function decoratedMethods(declaration: ts.ClassDeclaration): string[] {
  return declaration.members
    .filter(ts.isMethodDeclaration)
    .filter((method) => (ts.getDecorators(method) ?? []).length > 0)
    .map((method) => method.name.getText());
}

function specifierOf(source: ts.SourceFile, name: string): string {
  for (const statement of source.statements.filter(ts.isImportDeclaration)) {
    const bindings = statement.importClause?.namedBindings;
    const isThere =
      bindings !== undefined &&
      ts.isNamedImports(bindings) &&
      bindings.elements.some((element) => element.name.text === name);
    if (isThere && ts.isStringLiteral(statement.moduleSpecifier)) {
      return statement.moduleSpecifier.text;
    }
  }
  throw new Error(`${source.fileName} does not import ${name}`);
}

/** Turns `export default [A, B]` into `export default [() => A, () => B]`. */
export const lazyClasses: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
  const { factory } = context;
  const lazily = (name: ts.Expression) =>
    factory.createArrowFunction(undefined, undefined, [], undefined, undefined, name);
  const visit = (node: ts.Node): ts.Node => {
    if (!ts.isExportAssignment(node) || !ts.isArrayLiteralExpression(node.expression)) return node;
    const classes = factory.createArrayLiteralExpression(node.expression.elements.map(lazily));
    return factory.updateExportAssignment(node, node.modifiers, classes);
  };
  return ts.visitEachChild(file, visit, context);
};
