// What the facts of an emergency tell: who, what for, who spoke for her, until when, who was told,
// and what came of the review. Pure.

import type { FactView } from './fact-view.ts'
import { lengthWords } from './time-words.ts'
import { whenWords } from './when-words.ts'
import { endWords, identityWords, outcomeWords, reasonWords, refusalWords } from './words.ts'

export function tellEmergency(fact: FactView): string | undefined {
  const told = toldWords(fact)
  if (told === undefined || !fact.isOffline) return told
  return `${whenWords(fact)} ${told} Merged at ${fact.times.time(fact.atMs)}.`
}

function toldWords(fact: FactView): string | undefined {
  const { who, where } = fact
  // What came of it at a cut-off workstation is told with its decision.
  if (fact.isOffline && (fact.code === 'BTG-001' || fact.code === 'BTG-101')) return undefined
  switch (fact.code) {
    case 'BTG-001':
      return `${fact.hasWho ? who : 'Somebody'} asked for emergency access at ${where}.`
    case 'BTG-002':
      return givenWords(fact)
    case 'BTG-003':
      return `Emergency access of ${who} at ${where} ended: ${endWords(fact.text('reason'))}.`
    case 'BTG-004':
      return `${fact.named('witness') ?? 'A colleague'} spoke for ${who} with a badge.`
    case 'BTG-005':
      return `Compliance was told, ${lengthWords(fact.number('afterMs') ?? 0)} after the broker knew of it.`
    case 'BTG-006':
      return reviewedWords(fact)
    case 'BTG-007':
      return `A colleague was asked to speak for ${who} at ${where}.`
    case 'BTG-101':
      return `Emergency access was refused at ${where}. ${refusalWords(fact.text('code'))}`
    case 'BTG-102':
      return strangerWords(fact)
    case 'BTG-103':
      return 'Compliance could not be told yet; it is tried again until it is.'
    default:
      return undefined
  }
}

function strangerWords(fact: FactView): string {
  const { who, where, rule } = fact
  const owner = fact.named('witness')
  const own = rule === 'witness-is-another' ? ' own' : ''
  const badge = owner === undefined ? 'A badge' : `${owner}’s${own} badge`
  const why = rule === 'witness-role-may' ? ': the role does not speak for anybody there' : ''
  return `${badge} could not speak for ${who} at ${where}${why}.`
}

function givenWords(fact: FactView): string {
  const reason = reasonWords(fact.text('reason'))
  const until = fact.times.time(fact.number('untilMs') ?? 0)
  const due = fact.times.day(fact.number('reviewDueMs') ?? 0)
  const by = identityWords(fact.text('identity'))
  return (
    `Emergency access for ${fact.who} at ${fact.where} until ${until}: “${reason}”. ` +
    `Known by ${by}. A review is due by ${due}.`
  )
}

/** Who closed it: somebody, or an office by the name of its token. */
function reviewedWords(fact: FactView): string {
  const by = fact.doer ?? `the ${fact.token ?? 'privacy office'}`
  const outcome = outcomeWords(fact.text('outcome'))
  return `The review of ${fact.who}’s emergency access was closed by ${by}: ${outcome}.`
}
