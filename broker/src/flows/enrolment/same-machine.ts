// Whether two claims of what is soldered to a machine are of the same one. Pure.

import { hardwareClaim } from '@wardkey/protocol/workstation/enrolment'
import type { HardwareClaim } from '@wardkey/protocol/workstation/enrolment'

/** `unknown` where one of them said nothing: then something else has to tell. */
export function sameMachine(
  one: HardwareClaim | undefined,
  other: HardwareClaim | undefined,
): 'same' | 'another' | 'unknown' {
  if (!one || !other) return 'unknown'
  return one.some((part) => other.includes(part)) ? 'same' : 'another'
}

/** As a row keeps it. */
export function storedHardware(text: string | null): HardwareClaim | undefined {
  return text === null ? undefined : hardwareClaim.parse(JSON.parse(text))
}
