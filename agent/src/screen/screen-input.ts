// What the lock screen's page may say, parsed. The page is ours, but the port is everybody's.

import { z } from 'zod'
import { ceremonyId, tapId } from '@wardkey/protocol/ids'
import { pinText, reasonChoice, staffNumber } from '@wardkey/protocol/workstation/agent-frames'
import { errandKind } from '@wardkey/protocol/workstation/errands'
import type { ScreenInput } from '../machine/screen-view.ts'

/** A note on an emergency is the longest thing that is said here. */
export const inputBytesMax = 1024

const hello = z.strictObject({
  kind: z.literal('hello'),
  secret: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
})

/** A badge is never said by the page: it comes from a reader. */
const typedAnswer = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('staff-number'), staffNumber }),
  z.strictObject({ by: z.literal('yes') }),
  z.strictObject({ by: z.literal('pin'), pin: pinText }),
  z.strictObject({ by: z.literal('new-pin'), pin: pinText }),
  z.strictObject({ by: z.literal('sign-in') }),
  z.strictObject({ by: z.literal('sign-in-ended') }),
])

const input = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('pin-entered'), tapId, pin: pinText }),
  z.strictObject({ kind: z.literal('cancelled'), tapId }),
  z.strictObject({ kind: z.literal('signature-pin-entered'), ceremonyId, pin: pinText }),
  z.strictObject({ kind: z.literal('signature-cancelled'), ceremonyId }),
  z.strictObject({ kind: z.literal('dismissed') }),
  z.strictObject({ kind: z.literal('stayed') }),
  z.strictObject({ kind: z.literal('kept') }),
  z.strictObject({ kind: z.literal('let-go') }),
  z.strictObject({ kind: z.literal('lock-was-wrong') }),
  z.strictObject({ kind: z.literal('errands-asked') }),
  z.strictObject({ kind: z.literal('errand-chosen'), errand: errandKind }),
  z.strictObject({ kind: z.literal('errand-answered'), tapId, answer: typedAnswer }),
  z.strictObject({ kind: z.literal('errand-cancelled') }),
  z.strictObject({ kind: z.literal('emergency-asked') }),
  z.strictObject({ kind: z.literal('reason-chosen'), choice: reasonChoice }),
  z.strictObject({ kind: z.literal('staff-number-entered'), staffNumber }),
  z.strictObject({ kind: z.literal('emergency-cancelled') }),
  z.strictObject({ kind: z.literal('lock-asked') }),
])

/** The secret of a first message, or nothing: the caller closes without saying why. */
export function parseHello(text: string): string | undefined {
  const parsed = hello.safeParse(jsonOf(text))
  return parsed.success ? parsed.data.secret : undefined
}

/** What a person did, or nothing where the message is not understood. */
export function parseInput(text: string): ScreenInput | undefined {
  const parsed = input.safeParse(jsonOf(text))
  return parsed.success ? parsed.data : undefined
}

function jsonOf(text: string): unknown {
  if (text.length > inputBytesMax) return undefined
  try {
    return JSON.parse(text)
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}
