// What HR said about a person, in a sentence. Pure.

import type { FactView } from './fact-view.ts'

export function tellPeople(fact: FactView): string | undefined {
  const { who } = fact
  switch (fact.code) {
    case 'PER-001':
      return `HR hired ${who}${rolesWords(fact)}.`
    case 'PER-002':
      return `HR changed what it says of ${who}${statusWords(fact)}${rolesWords(fact)}.`
    case 'PER-003':
      return `${who}’s access was taken away${statusWords(fact)}.`
    case 'PER-005':
      return `HR hired ${who} again; nothing of before opens anything.`
    default:
      return undefined
  }
}

const standing: Readonly<Record<string, string>> = {
  active: 'at work',
  'on-leave': 'on leave',
  suspended: 'suspended',
  terminated: 'dismissed',
  'pre-hire': 'not begun yet',
}

function statusWords(fact: FactView): string {
  const status = fact.text('status')
  return Object.hasOwn(standing, status) ? `: ${standing[status] ?? ''}` : ''
}

function rolesWords(fact: FactView): string {
  const roles = fact.text('roles')
  return roles === '' ? '' : `, as ${roles.replaceAll(' ', ', ').replaceAll('-', ' ')}`
}
