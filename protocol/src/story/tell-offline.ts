// What the facts of a cut-off workstation tell: decided without the broker, by knowledge how old,
// and taken into the record when. Pure.

import type { FactView } from './fact-view.ts'
import { lengthWords } from './time-words.ts'
import { whenWords } from './when-words.ts'
import { otherwiseWords } from './why-words.ts'
import { lockWords, reasonWords, refusalWords, ruleWords } from './words.ts'

const upForReview = 'It is up for review.'

export function tellOffline(fact: FactView): string | undefined {
  switch (fact.code) {
    case 'SES-001':
    case 'SES-009':
      return keptWords(fact)
    case 'OFF-002':
      return decidedWords(fact)
    case 'OFF-003':
      return happenedWords(fact)
    case 'OFF-004':
      return otherwiseTold(fact)
    case 'OFF-005':
      return `The review of what ${fact.where} decided by itself was closed.`
    case 'OFF-101':
      return `What ${fact.where} tells of its time alone does not hang together. ${upForReview}`
    case 'OFF-102':
      return `${goneWords(fact)} ${upForReview}`
    case 'OFF-103':
      return `${fact.where} has lost what it counts its own lines by: nobody can say whether some are gone. ${upForReview}`
    default:
      return undefined
  }
}

/** Its own word for what it had written; why they are gone nobody has said. */
function goneWords(fact: FactView): string {
  const lines = fact.number('lines') ?? 0
  const atMs = fact.number('countedAtMs')
  const what = lines === 1 ? 'One line' : `${String(lines)} lines`
  const are = lines === 1 ? 'is' : 'are'
  const last = atMs === undefined ? '' : `, the last of ${fact.times.time(atMs)} by its own clock`
  return `${what} that ${fact.where} wrote down without the broker ${are} gone from its disk${last}.`
}

function otherwiseTold(fact: FactView): string {
  const { who, where } = fact
  const why = otherwiseWords(fact.text('reasons'))
  const reasons = why === '' ? '' : `: ${why}`
  return `${where} decided otherwise about ${who} than the broker would have${reasons}. ${upForReview}`
}

/** Of a tap that the broker answered, the tap is told. */
function keptWords(fact: FactView): string | undefined {
  if (fact.text('journal') === '') return undefined
  const opened = fact.code === 'SES-009' ? 'opened again' : 'opened'
  return `${fact.who}’s session at ${fact.where}, ${opened} without the broker, goes on with it.`
}

function decidedWords(fact: FactView): string | undefined {
  const { who, where } = fact
  const known = `It ${ageWords(fact)}; merged at ${fact.times.time(fact.atMs)}.`
  switch (fact.text('outcome')) {
    case 'admitted': {
      const reason = fact.text('reason')
      const wish = `got emergency access (“${reasonWords(reason)}”)`
      const entered = fact.is('isResumed') ? 'came back to what waited' : 'was let in'
      const what = reason === '' ? entered : wish
      return `${whenWords(fact)} ${who} ${what} at ${where}, ${ruleWords(fact.rule)}. ${known}`
    }
    case 'refused': {
      const why = refusalWords(fact.text('code'))
      return `${whenWords(fact)} ${fact.whoOr('a badge')} was refused at ${where}. ${why} ${known}`
    }
    case 'cancelled':
      return `${whenWords(fact)} ${nothingCame(fact)} ${known}`
    default:
      return undefined
  }
}

/** A wish for emergency access is told whatever came of it, as one that the broker heard is. */
function nothingCame(fact: FactView): string {
  const { who, where } = fact
  const reason = fact.text('reason')
  if (reason !== '') {
    const wish = `emergency access (“${reasonWords(reason)}”)`
    return `${fact.whoOr('somebody')} asked for ${wish} at ${where}, and it came to nothing.`
  }
  return `a tap${fact.hasWho ? ` of ${who}` : ''} at ${where} came to nothing.`
}

/** Its own count; where its clock was off, what that makes by the broker's, beside it. */
function ageWords(fact: FactView): string {
  if (fact.number('bundleSequence') === 0) return 'had nothing that it could go by'
  const went = `went by what it had been told ${lengthWords(fact.number('bundleAgeMs') ?? 0)} before`
  const byClockMs = fact.number('ageByClockMs')
  if (byClockMs === undefined) return went
  return `${went} by its own clock, ${lengthWords(byClockMs)} by the broker’s as it was when they met`
}

function happenedWords(fact: FactView): string | undefined {
  const { where } = fact
  const screen = fact.hasWho ? `${fact.who}’s screen at ${where}` : `the screen at ${where}`
  const merged = `Merged at ${fact.times.time(fact.atMs)}.`
  switch (fact.text('kind')) {
    case 'left':
      return `${whenWords(fact)} ${screen} locked. ${lockWords(fact.text('reason'))}. ${merged}`
    case 'launched':
      return fact.text('outcome') === 'shown'
        ? // The workstation tells of both with one word.
          `${whenWords(fact)} ${screen} was open, with the chart or the downtime view. ${merged}`
        : `${whenWords(fact)} nothing could be shown on ${screen}. ${merged}`
    case 'pin-tried': {
      if (fact.text('outcome') !== 'wrong') return undefined
      const whose = fact.hasWho ? ` of ${fact.who}` : ''
      return `${whenWords(fact)} a PIN${whose} did not match at ${where}. ${merged}`
    }
    case 'lock-was-wrong':
      return `${whenWords(fact)} somebody said at ${where}: this lock was wrong. ${merged}`
    default:
      return undefined
  }
}
