// What is said of an enrolment that the broker refused, to whoever typed it: the sentence and the
// next step of its code, as every place that may refuse it has them. Pure.

import { doorCodes } from '@wardkey/protocol/admin/door-codes'
import { faultCodes, invalidCodes, refusalCodes } from '@wardkey/protocol/codes'
import { enrolRefusals } from '@wardkey/protocol/refusals/fleet-refusals'

interface Words {
  readonly sentence: string
  readonly next: string
}

const known: ReadonlyMap<string, Words> = new Map(
  Object.entries({
    ...faultCodes,
    ...invalidCodes,
    ...doorCodes,
    ...refusalCodes,
    ...enrolRefusals,
  }),
)

/** A newer broker may have codes that this release does not know: they are said as they are. */
export function enrolRefusalWords(code: string): string {
  const words = known.get(code)
  if (words === undefined) {
    return `The broker refused: ${code}.\nLook for this code in the docs/codes.md of its version.`
  }
  return `The broker refused: ${words.sentence}\n${words.next} [${code}]`
}
