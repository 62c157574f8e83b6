// docs/machine.md: the workstation's machine, drawn from what it does with every event in every
// phase. It asks the machine and writes nothing.

import { allTransitions } from '@wardkey/agent/machine/proofs/all-transitions'
import type { Transition } from '@wardkey/agent/machine/proofs/all-transitions'

/** More on one arrow is not read by anybody; the tables have all of them. */
const namedMax = 3

export function machineDocument(notice: string): string {
  const all = allTransitions()
  const phases = [...new Set(all.map(({ phase }) => phase))]
  return `# The workstation's machine

${notice}

What a workstation is, and what it does with whatever happens, is one pure function:
\`step(state, event)\` in \`agent/src/machine\`. This page was made by asking it about every phase with
every event. What a tap means, and why, is in decisions/0010.

## The phases

Arrows to \`locked\` are left out: every phase has them, and time alone leads there from each.

\`\`\`mermaid
stateDiagram-v2
  [*] --> locked
${arrows(all)}
\`\`\`

## Every phase with every event

What is not in a table means nothing in that phase: it changes nothing and nothing follows.

${phases.map((phase) => section(phase, all)).join('\n\n')}
`
}

function arrows(all: readonly Transition[]): string {
  const labels = new Map<string, string[]>()
  for (const { from, toKind, event, to } of all) {
    if (to === undefined || from === toKind || toKind === 'locked') continue
    const arrow = `${id(from)} --> ${id(toKind)}`
    const known = labels.get(arrow) ?? []
    if (!known.includes(event)) known.push(event)
    labels.set(arrow, known)
  }
  return [...labels]
    .map(([arrow, events]) => {
      const more = events.length > namedMax ? ', …' : ''
      return `  ${arrow}: ${events.slice(0, namedMax).join(', ')}${more}`
    })
    .join('\n')
}

/** Mermaid takes a hyphen for something else. */
const id = (kind: string): string => kind.replaceAll('-', '_')

function section(phase: string, all: readonly Transition[]): string {
  const rows = all
    .filter((one) => one.phase === phase && one.to !== undefined)
    .map(({ event, to, effects }) => `| ${event} | ${to ?? ''} | ${effects.join(', ')} |`)
  return [
    `### ${phase}`,
    '',
    '| event | becomes | and does |',
    '| --- | --- | --- |',
    ...rows,
  ].join('\n')
}
