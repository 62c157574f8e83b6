// The source files that git tracks or would track, as rules read them: path, text, and syntax as
// TypeScript parses it.

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  readonly path: string
  readonly text: string
}

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Tracked files, and new ones that are not ignored, whose names end in one of these. */
export function filesEnding(...endings: readonly string[]): SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 50_000_000,
  })
  return listed
    .split('\n')
    .filter((path) => path !== '' && endings.some((ending) => path.endsWith(ending)))
    .filter((path) => existsSync(root + path))
    .map((path) => ({ path, text: readFileSync(root + path, 'utf8') }))
}

export const isTest = (path: string): boolean =>
  /(\.test|-for-tests)\.ts$/.test(path) || path.startsWith('test/') || path.includes('/kit/')

const parsed = new WeakMap<SourceFile, ts.SourceFile>()

/** Each file is parsed once, whichever rule asks first. */
export function syntaxOf(file: SourceFile): ts.SourceFile {
  const known = parsed.get(file)
  if (known) return known
  const syntax = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest)
  parsed.set(file, syntax)
  return syntax
}

/** Every node of a file, from the outside in. */
export function nodesOf(file: SourceFile): readonly ts.Node[] {
  const nodes: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    nodes.push(node)
    ts.forEachChild(node, visit)
  }
  visit(syntaxOf(file))
  return nodes
}

/** What a file imports: static, re-exported, dynamic, and for types alike. */
export function importsOf(file: SourceFile): string[] {
  return nodesOf(file).flatMap((node) => {
    const from = importedFrom(node)
    return from && ts.isStringLiteralLike(from) ? [from.text] : []
  })
}

function importedFrom(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return node.argument.literal
  const isDynamic =
    ts.isCallExpression(node) &&
    (node.expression.kind === ts.SyntaxKind.ImportKeyword ||
      (ts.isIdentifier(node.expression) && node.expression.text === 'require'))
  return isDynamic ? node.arguments[0] : undefined
}
