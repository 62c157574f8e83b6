// What is told of errands: what people did about a badge or a PIN at a workstation, for whom, who
// spoke for them, and what was refused. Pure.

import type { FactView } from './fact-view.ts'
import { refusalWords } from './words.ts'

export function tellErrand(fact: FactView): string | undefined {
  switch (fact.code) {
    case 'ERD-002':
      return (
        `${fact.named('witness') ?? 'A colleague'} spoke for ${fact.whoOr('somebody')} ` +
        `at ${fact.where} with badge and PIN${aboutWords(fact)}.`
      )
    case 'ERD-004':
      return `${doneWords(fact)}${spokenWords(fact)}.`
    case 'ERD-101':
      return refusedWords(fact)
    case 'ERD-102':
      return strangerWords(fact)
    case 'PIN-201':
      return pinWords(fact)
    default:
      return undefined
  }
}

/** Whom it is for may not have been named yet. */
function aboutWords(fact: FactView): string {
  const what = errandOf(fact)
  return what === undefined ? '' : `, about ${what}`
}

const errands: Readonly<Record<string, string>> = {
  enrol: 'a new badge',
  loaner: 'a loaner badge',
  'new-pin': 'a new PIN for one that was forgotten',
  'change-pin': 'a change of PIN',
  lost: 'a lost badge',
  found: 'a badge that was found',
}

function errandOf(fact: FactView): string | undefined {
  const kind = fact.text('errand')
  return Object.hasOwn(errands, kind) ? errands[kind] : undefined
}

function doneWords(fact: FactView): string {
  const { who, where } = fact
  switch (fact.text('errand')) {
    case 'enrol':
      return `${who} got a new badge at ${where}`
    case 'loaner':
      return `${who} got a loaner badge at ${where}`
    case 'new-pin':
      return `${who} chose a new PIN at ${where}, for one that was forgotten`
    case 'change-pin':
      return `${who} changed the PIN at ${where}`
    case 'lost':
      return `${who} reported the badge lost at ${where}`
    case 'found':
      return `${who} has found the badge again, and said so at ${where}`
    default:
      return `${who} had something done about a badge or a PIN at ${where}`
  }
}

const account = 'hospital-account'

/** Colleagues by their names; her own hospital account speaks for her as well. */
function spokenWords(fact: FactView): string {
  const names = fact.namesIn('witness')
  const isByAccount = fact.text('witness').split(' ').includes(account)
  const colleagues = (isByAccount ? names.slice(0, -1) : names).map((name) => name ?? 'a colleague')
  const spoke = [...colleagues, ...(isByAccount ? ['the hospital account'] : [])]
  return spoke.length === 0 ? '' : `; ${spoke.join(' and ')} spoke for ${fact.who}`
}

/** Without a code one badge was wrong, and the errand goes on. */
function refusedWords(fact: FactView): string {
  const { where } = fact
  const of = fact.hasWho ? ` for ${fact.who}` : ''
  const what = errandOf(fact) ?? 'something about a badge or a PIN'
  const code = fact.text('code')
  if (code === '' && fact.rule.startsWith('badge-')) {
    return `At ${where} a badge was shown that was not the right one for ${what}${of}.`
  }
  const why = code === '' ? '' : ` ${refusalWords(code)}`
  return `At ${where} ${what}${of} was refused.${why}`
}

function strangerWords(fact: FactView): string {
  const owner = fact.named('witness')
  const badge = owner === undefined ? 'A badge' : `${owner}’s badge`
  const whom = fact.whoOr('somebody')
  return `${badge} could not speak for ${whom} at ${fact.where}${aboutWords(fact)}.`
}

/** At a workstation she chose it herself, whoever spoke for her: the errand tells of them. */
function pinWords({ who, doer, token }: FactView): string {
  if (doer !== undefined) return `${doer} set a PIN for ${who}.`
  return token === undefined ? `${who}’s PIN was set.` : `The ${token} set a PIN for ${who}.`
}
