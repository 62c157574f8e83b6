// docs/retention-classes.md: the classes of facts, with their days and floors, and the codes of
// each. Made from the protocol's table; it writes nothing. Pure.

import { factCodes } from '@wardkey/protocol/fact-codes'
import { classRules, codesOfClass, endingClasses } from '@wardkey/protocol/retention-classes'
import type { RetentionClass } from '@wardkey/protocol/retention-classes'

type Table = (heads: readonly string[], rows: readonly (readonly string[])[]) => string

export function retentionDocument(notice: string, table: Table): string {
  const rows = endingClasses.map((name) => {
    const { what, usualDays, floorDays, why } = classRules[name]
    return [`\`${name}\``, what, String(usualDays), String(floorDays), why]
  })
  const all: readonly RetentionClass[] = [...endingClasses, 'kept']
  const parts = all.map((name) => {
    const codes = codesOfClass(name).map((code) => [`\`${code}\``, factCodes[code].sentence])
    return `## ${name}\n\n${table(['code', 'means'], codes)}\n`
  })
  return `# Classes of facts

${notice}

How long each kind of fact is kept, once two people have agreed that facts go at all:
[retention.md](retention.md). No class is ever kept for less than its floor. \`kept\` has no end: by what is in it
anybody can judge whether the rest went lawfully.

${table(['class', 'what', 'usual days', 'floor', 'why the floor'], rows)}

${parts.join('\n')}`
}
