// Texts that would break the engine, or hide a rule from whoever approves it, and the engine after
// them: it still decides.

import { describe, expect, it } from 'vitest'
import { startingPolicies } from './starting-policies.ts'
import { compilePolicies } from './policy-set.ts'
import { usualPolicies } from './usual-policies.ts'

const permitWhen = (condition: string) =>
  `@id("p") permit (principal, action, resource) when { ${condition} };`
const complaintsOf = (text: string) => {
  const compiled = compilePolicies(text)
  return compiled.kind === 'invalid' ? compiled.complaints : []
}
const around = (open: string, times: number, close: string) =>
  permitWhen(`${open.repeat(times)}true${close.repeat(times)}`)

describe('an expression that is too deep for the engine', () => {
  it.each([
    ['brackets', around('(', 5000, ')')],
    ['few more brackets than there may be', around('(', 21, ')')],
    ['sets', around('[', 300, ']')],
    ['records', around('{a: ', 300, '}')],
    ['noes', around('!(', 300, ')')],
    ['brackets behind a quoted one', permitWhen(`"\\"(" == "" && ${'('.repeat(300)}true`)],
    ['brackets behind what looks like a comment', permitWhen(`"//" == "" || ${'('.repeat(300)}`)],
    ['choices', around('if true then true else ', 1000, '')],
    ['a chain of ands', around('true && ', 5000, '')],
    ['a chain of attributes', permitWhen(`principal${'.a'.repeat(5000)}`)],
    ['a chain of keys', permitWhen(`principal${'["a"]'.repeat(5000)}`)],
    ['a sum', permitWhen(`${'1 + '.repeat(5000)}1 == 1`)],
  ])('%s: is refused, and the next text is read as ever', (_name, text) => {
    expect(complaintsOf(text)).toEqual([expect.stringMatching(/nested too deep/)])
    expect(compilePolicies(usualPolicies).kind).toBe('compiled')
  })

  it.each([
    ['all that may be, at once', around('(if true then true else ', 19, ')')],
    ['the longest chain', around('true && ', 400, '')],
    ['brackets in a string', permitWhen(`principal.training.contains("${'('.repeat(300)}")`)],
    ['brackets in a comment', `// ${'('.repeat(300)}\n${permitWhen('true')}`],
    ['a set of many words', permitWhen(`[${'"a", '.repeat(5000)}"b"].contains("a")`)],
    ['many policies', manyPolicies(300)],
  ])('is not: %s', (_name, text) => {
    expect(complaintsOf(text)).toEqual([])
  })
})

describe('a character that nobody sees', () => {
  it.each([
    ['a terminal’s escape', '\u001b[2K'],
    ['a return without a new line', 'forbid\rpermit'],
    ['a backspace', '\b'],
    ['another direction', '\u202e'],
    ['an isolate', '\u2066'],
    ['no width', '\u200b'],
    ['a tag’s mark', '\ufeff'],
  ])('%s: is refused, in a comment too', (_name, hidden) => {
    expect(complaintsOf(`${usualPolicies}// ${hidden}\n`)).toEqual([
      expect.stringMatching(/nobody sees/),
    ])
  })
  it('is none of tabs, new lines of either kind, and letters of any language', () => {
    const text = `${startingPolicies.replaceAll('\n', '\r\n')}\t// Schwester, infirmière, 看護師\n`
    expect(complaintsOf(text)).toEqual([])
  })
})

function manyPolicies(count: number): string {
  return Array.from({ length: count }, (_one, at) =>
    permitWhen('context.mode == "code"').replace('"p"', `"p-${String(at)}"`),
  ).join('\n')
}
