// The house rules that are about what code does: each a function from files to the places that
// break it, over the syntax as TypeScript parses it. Pure.

import ts from 'typescript'
import { each } from './house-rules.ts'
import type { Rule } from './house-rules.ts'
import { isTest, nodesOf, syntaxOf } from './source-tree.ts'
import type { SourceFile } from './source-tree.ts'

/** One complaint a file, about the first place: the rest is seen when that is mended. */
const eachNode = (
  applies: (path: string) => boolean,
  judge: (node: ts.Node, file: SourceFile) => string | undefined,
): Rule =>
  each((file) => {
    if (!applies(file.path)) return undefined
    for (const node of nodesOf(file)) {
      const flaw = judge(node, file)
      if (flaw === undefined) continue
      const { line } = syntaxOf(file).getLineAndCharacterOfPosition(node.end)
      return `line ${String(line + 1)} ${flaw}`
    }
    return undefined
  })

const inProduct = (path: string): boolean => !isTest(path)
/** `process.env`, `it.each.only`: names joined by points, calls left out, or nothing. */
function dotted(node: ts.Node | undefined): string {
  if (node === undefined) return ''
  if (ts.isIdentifier(node)) return node.text
  if (ts.isPropertyAccessExpression(node)) return `${dotted(node.expression)}.${node.name.text}`
  if (ts.isElementAccessExpression(node) && ts.isStringLiteral(node.argumentExpression)) {
    return `${dotted(node.expression)}.${node.argumentExpression.text}`
  }
  return ts.isCallExpression(node) ? dotted(node.expression) : ''
}

const maySet = (path: string): boolean => inProduct(path) && !path.endsWith('/platform/settings.ts')
export const environment = eachNode(maySet, (node) => {
  if (ts.isImportDeclaration(node)) {
    const from = ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : ''
    return /^(node:)?process$/.test(from) ? 'imports process' : undefined
  }
  return dotted(node) === 'process.env' ? 'reads the environment' : undefined
})

/** What pure code may take from libraries besides their types: what only computes. */
const computing: ReadonlyMap<string, RegExp> = new Map([
  ['zod', /^/],
  ['node:path', /^/],
  // Signing is here for Ed25519, which needs no random number.
  ['node:crypto', /^(createHash|createHmac|createPublicKey|hash|sign|timingSafeEqual|verify)$/],
  ['node:net', /^isIP(v4|v6)?$/],
  // WebAssembly: it has no way out to anything.
  [
    '@cedar-policy/cedar-wasm/nodejs',
    /^(policySetTextToParts|policyToJson|preparsePolicySet|statefulIsAuthorized|validate)$/,
  ],
  ['temporal-polyfill', /^Temporal$/],
  // The class of its errors and its table of types; whoever connects does not call itself pure.
  ['pg', /^default$/],
])
const impureNames =
  /^(Date\.now|Temporal\.Now|Math\.random|performance|process|console|crypto|fetch|setTimeout|setInterval|setImmediate|queueMicrotask|globalThis)(\.|$)/

/** Folders that the order list calls pure, and files whose first comment ends in "Pure." */
export const saysPure = (file: SourceFile, folders: readonly string[]): boolean =>
  folders.some((folder) => file.path.startsWith(`${folder}/`)) ||
  /^(?:\/\/.*\n)*\/\/(?:.* )?Pure\b/.test(file.text)

/** For files that are to be pure only. */
export const purity: Rule = (files) => [
  ...eachNode(inProduct, impureImport)(files),
  ...eachNode(inProduct, (node) => {
    if (ts.isNewExpression(node) && dotted(node.expression) === 'Date') {
      return node.arguments?.length ? undefined : 'asks what time it is'
    }
    const used = dotted(usedBy(node))
    return impureNames.test(used) ? `uses ${used}` : undefined
  })(files),
]

/** What is called, looked into or given a name of its own. */
function usedBy(node: ts.Node): ts.Node | undefined {
  const isUse = ts.isCallExpression(node) || ts.isPropertyAccessExpression(node)
  if (isUse) return node
  return ts.isVariableDeclaration(node) ? node.initializer : undefined
}

function impureImport(node: ts.Node): string | undefined {
  if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) return undefined
  const from = node.moduleSpecifier.text
  const isOurs = from.startsWith('.') || from.startsWith('@wardkey/')
  if (isOurs || node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) return undefined
  const bindings = node.importClause?.namedBindings
  const names =
    bindings && ts.isNamedImports(bindings)
      ? bindings.elements.map(({ name, propertyName }) => (propertyName ?? name).text)
      : ['default']
  const impure = names.find((name) => !computing.get(from)?.test(name))
  return impure === undefined ? undefined : `imports ${impure} of ${from}`
}

export const barrels: Rule = each((file) => {
  const { statements } = syntaxOf(file)
  const isBarrel =
    statements.length > 0 &&
    statements.every((one) => ts.isExportDeclaration(one) && one.moduleSpecifier !== undefined)
  return isBarrel || /\/index\.tsx?$/.test(file.path) ? 'is a barrel' : undefined
})

const everywhere = (): boolean => true
export const catches = eachNode(everywhere, (node) =>
  ts.isCatchClause(node) && node.block.statements.length === 0 ? 'swallows an error' : undefined,
)

/** A page speaks with the program that served it: one release, one origin, nothing unknown. */
const isPage = (path: string): boolean =>
  /^(agent\/src\/screen\/page|demo\/src\/page|broker\/console\/src)\//.test(path)

export const casts = eachNode(inProduct, (node, { path }) => {
  if (node.kind === ts.SyntaxKind.AnyKeyword) return 'says any'
  if (!ts.isAsExpression(node)) return undefined
  if (ts.isAsExpression(node.expression)) return 'casts twice'
  const isConst = ts.isTypeReferenceNode(node.type) && dotted(node.type.typeName) === 'const'
  return dotted(node.expression) === 'JSON.parse' &&
    !isPage(path) &&
    !isConst &&
    !isUnknown(node.type)
    ? 'casts JSON instead of parsing it'
    : undefined
})

const isUnknown = (type: ts.TypeNode): boolean => type.kind === ts.SyntaxKind.UnknownKeyword

/** A test that is picked out, left out or put off: nobody would miss what it held. */
export const focused = eachNode(
  (path) => path.endsWith('.test.ts'),
  (node) => {
    const called = ts.isCallExpression(node) ? dotted(node.expression) : ''
    return /^(it|test|describe)\b.*\.(only|skip|todo|fails)\b/.test(called)
      ? `calls ${called}`
      : undefined
  },
)
