// How a key stands, in words: what it is, since when, and what comes next. A kind that this page
// does not know is shown by its own name. Pure.

import type { KeyShown } from '@wardkey/protocol/admin/keys/key-list'
import { keyWords } from '@wardkey/protocol/admin/keys/key-words'
import { utcText } from '../../parts/time/time-text.ts'

interface Words {
  readonly title: string
  readonly what: string
}
const known: Readonly<Record<string, Words | undefined>> = keyWords

export function keyTitle({ kind, name }: KeyShown): string {
  const title = known[kind]?.title ?? sentenceOf(kind)
  return name === undefined ? title : `${title}: ${name}`
}

export const keyPurpose = ({ kind }: KeyShown): string => known[kind]?.what ?? ''

/** The same for one key in every answer, so that its panel has an address. */
export function keyAddress({ kind, name = '', id, sinceMs = 0, isOlder }: KeyShown): string {
  const which = id?.slice(0, 16) ?? (isOlder ? '' : String(sinceMs))
  return [kind, name, which].join('~').replaceAll(' ', '-')
}

const stateWords: Readonly<Record<string, string | undefined>> = {
  'in-force': 'in force',
  prepared: 'prepared, not in use yet',
  shown: 'shown, not signing yet',
  ending: 'shown until its end',
  ended: 'ended',
}

export function keyStateText({ state, reason }: KeyShown): string {
  const words = stateWords[state] ?? state.replaceAll('-', ' ')
  return reason === 'compromised' ? `${words}, compromised` : words
}

export const sinceText = ({ sinceMs, isOlder }: KeyShown): string =>
  sinceMs === undefined ? 'not known' : `${utcText(sinceMs)}${isOlder ? ' or earlier' : ''}`

/** Where no time is known: how another one takes its place. */
export function nextWords({ state, rotation, command }: KeyShown): string {
  if (state === 'ended') return ''
  if (state === 'prepared') return 'when it is ordered'
  if (rotation === 'file') return 'by another file'
  if (rotation === 'schedule') return 'by itself'
  return command === undefined ? 'cannot be changed yet' : 'by command'
}

export function nextText(key: KeyShown): string {
  const { state, nextMs, endsMs } = key
  if (state !== 'ended' && nextMs !== undefined) return utcText(nextMs)
  if (state !== 'ended' && endsMs !== undefined) return `ends ${utcText(endsMs)}`
  return nextWords(key)
}

/** `not-here` is `Not here`. */
export function sentenceOf(name: string): string {
  const text = name.replaceAll('-', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
