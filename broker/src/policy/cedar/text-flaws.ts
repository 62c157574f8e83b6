// What a text of policies must be like before the engine reads it. The engine calls itself for each
// level of an expression: a text that is too deep does not fail, it breaks the engine's memory, and
// every decision of this process after it. Pure.

/** It broke from 120 brackets, 800 `if`s or 2000 operators on; all three at once are far from that. */
const nestingMax = 20
const ifsMax = 40
const operatorsMax = 400

/**
 * Whoever approves reads the text in a terminal: what would move the cursor, turn the direction or
 * take no room could hide a rule from her.
 */
const unseen = new RegExp(
  [
    String.raw`\r(?!\n)`,
    String.raw`[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]`,
    String.raw`[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]`,
  ].join('|'),
  'u',
)

/** Read as the engine's own lexer does: in a string or a comment nothing opens. */
const quiet = /"(?:\\.|[^"\\])*"|\/\/[^\n\r]*/gu
const operator = /&&|\|\||[-+*.[]/gu
const branch = /\bif\b/gu

export function textFlaws(text: string): readonly string[] {
  if (unseen.test(text)) return ['it has characters that nobody sees']
  const policies = text.replace(quiet, (one) => (one.startsWith('"') ? '""' : ' ')).split(';')
  const isTooDeep = policies.some(
    (policy) =>
      nestingOf(policy) > nestingMax ||
      countOf(policy, branch) > ifsMax ||
      countOf(policy, operator) > operatorsMax,
  )
  return isTooDeep ? ['a policy is nested too deep, or too long: make it several'] : []
}

function nestingOf(policy: string): number {
  let depth = 0
  let deepest = 0
  for (const char of policy) {
    if ('([{'.includes(char)) depth += 1
    else if (')]}'.includes(char)) depth -= 1
    deepest = Math.max(deepest, depth)
  }
  return deepest
}

function countOf(policy: string, what: RegExp): number {
  return policy.match(what)?.length ?? 0
}
