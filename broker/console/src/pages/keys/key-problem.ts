// What is wrong with a key, and what to do about it. A warning that this page does not know is said
// by its own name. Pure.

import type { KeyShown } from '@wardkey/protocol/admin/keys/key-list'
import { utcText } from '../../parts/time/time-text.ts'
import { sentenceOf } from './key-standing.ts'

interface KeyProblem {
  /** In a few words, for a table. */
  readonly mark: string
  readonly wrong: string
  readonly todo: string
}

/** Nothing where nobody has to do anything. */
export function problemOf(key: KeyShown): KeyProblem | undefined {
  const warning: string | undefined = key.warning
  if (warning === undefined) return undefined
  if (warning === 'ends-soon') {
    return { mark: 'ends soon', wrong: endsWords(key), todo: todoWords(key) }
  }
  if (warning === 'not-here') {
    return {
      mark: 'not in this key folder',
      wrong: 'The key folder of the broker that answered lacks it.',
      todo: 'Give that broker the key folder that the others have, and start it again.',
    }
  }
  const wrong = sentenceOf(warning)
  return { mark: wrong.toLowerCase(), wrong, todo: todoWords(key) }
}

/** Those that somebody has to look after first; the others as the broker has them. */
export const inTheirOrder = (keys: readonly KeyShown[]): readonly KeyShown[] => [
  ...keys.filter((key) => problemOf(key)),
  ...keys.filter((key) => !problemOf(key)),
]

function endsWords({ endsMs }: KeyShown): string {
  const when = endsMs === undefined ? 'soon' : utcText(endsMs)
  return `It ends ${when}, and nothing takes its place by itself.`
}

const todoWords = ({ command }: KeyShown): string =>
  command === undefined
    ? 'No command changes it yet: plan it with whoever runs the broker, before it ends.'
    : 'Have another one made by its command, on the broker’s host.'
