// What a fact tells, in a sentence that a newcomer understands. One that only programs care about
// has none: the page shows it by its code, where everything is asked for. Pure.

import type { FactView } from './fact-view.ts'
import { tellEmergency } from './tell-emergency.ts'
import { tellErrand } from './tell-errand.ts'
import { tellOffline } from './tell-offline.ts'
import { tellPeople } from './tell-people.ts'
import { badgeWords } from './why-words.ts'
import { endWords, gapWords, lockWords, refusalWords, ruleWords } from './words.ts'

/** Nothing for what is no part of the story. */
export function tellFact(fact: FactView): string | undefined {
  const told = tellAccess(fact) ?? tellPeople(fact) ?? tellEmergency(fact)
  return told ?? tellErrand(fact) ?? tellOffline(fact) ?? tellRest(fact)
}

function tellAccess(fact: FactView): string | undefined {
  const { who, where, rule } = fact
  switch (fact.code) {
    case 'TAP-001':
      return `${who} ${seatWords(fact.text('seat'))} at ${where}, ${ruleWords(rule)}.`
    case 'TAP-101':
      return refusedWords(fact)
    case 'TAP-102':
      return nothingCame(fact)
    case 'PIN-101':
      return fact.is('isOffline')
        ? countedWords(fact)
        : `A PIN of ${who} did not match at ${where}.`
    case 'PIN-102':
      return `${who}’s PIN rests for a while after too many tries.`
    case 'SES-002':
      return movedWords(fact)
    case 'SES-003':
      return lockedWords(fact)
    case 'SES-004':
      return `${who}’s session at ${where} ended: ${endWords(fact.text('reason'))}.`
    case 'SES-005':
      return `${who}’s chart was on the screen at ${where}.`
    case 'SES-007':
      return wrongLockWords(fact)
    case 'SES-008':
      return `${who}’s screen at ${where} ${lateWords(fact)}. ${lockWords(fact.text('reason'))}.`
    case 'SES-101':
      return `${who}’s chart could not be opened at ${where}.`
    default:
      return undefined
  }
}

function nothingCame(fact: FactView): string {
  const whose = fact.hasWho ? ` of ${fact.who}` : ''
  const what = fact.isEmergency ? 'The wish for emergency access' : 'A tap'
  return `${what}${whose} at ${fact.where} came to nothing.`
}

function seatWords(seat: string): string {
  if (seat === 'resumed') return 'came back to what waited'
  return seat === 'moved' ? 'was let in, with what came along from elsewhere,' : 'was let in'
}

/**
 * Of a workstation that was not heard of for too long nobody knows what its screen did; of one that
 * came back alone, another session may be on it, which its own lines tell of.
 */
function lockedWords(fact: FactView): string {
  const screen = `${fact.who}’s screen at ${fact.where}`
  const reason = fact.text('reason')
  if (reason === 'link-lost') {
    return `${screen} was counted as locked: its workstation had no connection for too long.`
  }
  if (reason === 'not-on-screen') {
    return (
      `${fact.who}’s session at ${fact.where} was counted as locked: its workstation was cut off ` +
      'or started anew, and the broker could not be sure what was on the screen.'
    )
  }
  if (reason === 'console') return consoleWords(fact)
  const isLate = fact.number('lockedMs') !== undefined || fact.is('isAhead')
  return `${screen} ${isLate ? lateWords(fact) : 'locked'}. ${lockWords(reason)}.`
}

/** Told when it was over: since when, where that is known. */
function lateWords(fact: FactView): string {
  // By its own clock it was later than now.
  if (fact.is('isAhead')) return 'had been locked before it came back'
  return `had been locked since ${fact.times.time(fact.number('lockedMs') ?? 0)}`
}

/** Each has a line of its own, in its place; here they join those that the broker saw. */
function countedWords(fact: FactView): string {
  const failures = String(fact.number('failures') ?? 0)
  return (
    `PINs of ${fact.who} that did not match at ${fact.where} without the broker were counted: ` +
    `${failures} in a row now.`
  )
}

/** Who held a badge that counts no longer nobody knows: it was hers, and may be anybody's. */
function refusedWords(fact: FactView): string {
  const { who, where } = fact
  const code = fact.text('code')
  if (!fact.hasWho || code !== 'badge-not-usable') {
    return `${fact.whoOr('A badge')} was refused at ${where}. ${refusalWords(code)}`
  }
  return `${who}’s badge was refused at ${where}. ${badgeWords(fact.text('badgeStatus'))}`
}

function consoleWords(fact: FactView): string {
  const { who, where } = fact
  const by = byWords(fact)
  if (!fact.is('isOutOfReach'))
    return `${who}’s screen at ${where} was locked from the console${by}.`
  return (
    `${who}’s session at ${where} was locked from the console${by}; its workstation was out of ` +
    'reach, and its screen hears of it when it is back.'
  )
}

function byWords({ doer, token }: FactView): string {
  if (doer !== undefined) return ` by ${doer === 'Somebody' ? 'somebody' : doer}`
  return token === undefined ? '' : ` by the ${token}`
}

/** Whose screen it was the record knows; who pressed the key on it nobody does. */
function wrongLockWords(fact: FactView): string {
  const said = `At ${fact.where} somebody said that the lock of ${fact.who}’s screen was wrong.`
  return `${said} ${lockWords(fact.text('reason'))}.`
}

function movedWords(fact: FactView): string {
  const from = fact.named('from') ?? 'another workstation'
  // The broker knows what it told, not what a screen that it cannot reach did.
  return fact.is('wasOpen')
    ? `${fact.who} moved from ${from} to ${fact.where}; the screen at ${from} was told to lock.`
    : `What waited for ${fact.who} behind the lock screen at ${from} came along to ${fact.where}.`
}

function tellRest(fact: FactView): string | undefined {
  const { who, where } = fact
  switch (fact.code) {
    case 'SIG-002':
      return `${who} signed at ${where} with badge and PIN, bound to what was signed.`
    case 'SIG-101':
      return `A signature of ${who} at ${where} was not given.`
    case 'SIG-102':
      return `${who} was not asked for a signature at ${where}: too many had been in vain.`
    case 'BDG-008':
      return disownedWords(fact)
    case 'WKS-004':
      return `${where} is connected to the broker.`
    case 'WKS-005':
      return fact.text('reason') === 'replaced'
        ? `${where} is connected anew; the connection before it ended.`
        : `${where} lost its connection to the broker.`
    case 'WKS-007':
      return `At ${where} ${gapWords(fact.text('reason'))}: PINs given before count no longer there.`
    case 'SYS-001':
      return 'The broker started.'
    case 'SYS-002':
      return 'The broker stopped.'
    default:
      return undefined
  }
}

/** What it was that she said it of stands beside it as a line of its own. */
function disownedWords(fact: FactView): string {
  const { who } = fact
  const what = fact.text('what') === 'tap' ? 'a tap' : 'what her badges did'
  const badges = fact.number('badges') ?? 0
  const done = badges === 0 ? 'No badge of hers still opened anything' : 'The badge was suspended'
  return `${who} said of ${what}: this was not me. ${badges > 1 ? 'Her badges were suspended' : done}.`
}
