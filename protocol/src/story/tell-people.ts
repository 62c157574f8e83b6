// What was said about a person, in a sentence: by HR, or by whoever changed it in the console.
// Pure.

import type { FactView } from './fact-view.ts'

export function tellPeople(fact: FactView): string | undefined {
  const { who } = fact
  switch (fact.code) {
    case 'PER-001':
      return `${doerOf(fact)} ${isOfHr(fact) ? 'hired' : 'added'} ${who}${rolesWords(fact)}.`
    case 'PER-002':
      return changedWords(fact)
    case 'PER-003':
      return takenWords(fact)
    case 'PER-005':
      return `${doerOf(fact)} hired ${who} again; nothing of before opens anything.`
    case 'PER-007':
      return `A date of ${who}’s employment came${statusWords(fact)}.`
    default:
      return undefined
  }
}

/** HR’s word names the system that it came from. */
const isOfHr = (fact: FactView): boolean => fact.text('source') !== ''

/** A person first: she may have brought in HR’s word herself. */
function doerOf(fact: FactView): string {
  if (fact.doer !== undefined) return fact.doer
  if (isOfHr(fact)) return 'HR'
  return fact.token === undefined ? 'Somebody' : `The ${fact.token}`
}

function changedWords(fact: FactView): string {
  const { who } = fact
  const doer = doerOf(fact)
  if (isOfHr(fact)) {
    if (doer === 'HR') return saidWords(fact)
    return `${doer} changed what HR says of ${who}${statusWords(fact)}${rolesWords(fact)}.`
  }
  const status = fact.text('status')
  if (status === 'active') return `${doer} brought ${who} back${rolesWords(fact)}.`
  if (status !== '') {
    return `${doer} ended the suspension of ${who}${statusWords(fact)}${rolesWords(fact)}.`
  }
  const what = [
    ...(fact.is('nameChanged') ? ['name'] : []),
    ...(fact.is('staffNumberChanged') ? ['staff number'] : []),
    ...(fact.text('roles') === '' ? [] : ['work']),
  ].join(' and ')
  return `${doer} changed ${what === '' ? who : `${who}’s ${what}`}${rolesWords(fact)}.`
}

function saidWords(fact: FactView): string {
  const { who } = fact
  const status = fact.text('status')
  const is = Object.hasOwn(standing, status) ? standing[status] : undefined
  if (is !== undefined) return `HR says that ${who} is ${is}${rolesWords(fact)}.`
  if (fact.text('roles') !== '') return `HR gave ${who} other work${rolesWords(fact)}.`
  return `HR changed what it says of ${who}.`
}

const takings: Readonly<Record<string, string>> = {
  'on-leave': 'sent on leave',
  suspended: 'suspended',
  terminated: 'dismissed',
}

function takenWords(fact: FactView): string {
  const { who } = fact
  const status = fact.text('status')
  const doing = Object.hasOwn(takings, status) ? takings[status] : undefined
  if (isOfHr(fact) || doing === undefined) {
    return `${doerOf(fact)} took ${who}’s access away${statusWords(fact)}.`
  }
  return `${who} was ${doing} by ${midSentence(doerOf(fact))}: the access was taken away.`
}

const midSentence = (doer: string): string =>
  doer.startsWith('The ') || doer === 'Somebody'
    ? doer.charAt(0).toLowerCase() + doer.slice(1)
    : doer

const standing: Readonly<Record<string, string>> = {
  active: 'at work',
  'on-leave': 'on leave',
  suspended: 'suspended',
  terminated: 'dismissed',
  'pre-hire': 'not at work yet',
}

function statusWords(fact: FactView): string {
  const status = fact.text('status')
  return Object.hasOwn(standing, status) ? `: ${standing[status] ?? ''}` : ''
}

function rolesWords(fact: FactView): string {
  const roles = fact.text('roles')
  return roles === '' ? '' : `, as ${roles.replaceAll(' ', ', ').replaceAll('-', ' ')}`
}
