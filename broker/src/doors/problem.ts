// What a door says when it says no over HTTP: a problem (RFC 9457) with one of our codes and its
// two sentences. Nothing of what was thrown, or of what was asked, is in it.

import { adminRefusalCodes, faultCodes, invalidCodes, refusalCodes } from '@wardkey/protocol/codes'
import type { AdminRefusalCode, FaultCode, InvalidCode, RefusalCode } from '@wardkey/protocol/codes'
import { doorCodes } from '@wardkey/protocol/admin/door-codes'
import type { DoorCode } from '@wardkey/protocol/admin/door-codes'
import { enrolRefusals } from '@wardkey/protocol/refusals/fleet-refusals'
import type { Problem } from '@wardkey/protocol/admin/problem'

export type ProblemCode =
  AdminRefusalCode | DoorCode | FaultCode | InvalidCode | RefusalCode | keyof typeof enrolRefusals

export const problemType = 'application/problem+json; charset=utf-8'

/** `place` names the field that is wrong, never its value. */
export function problemOf(status: number, code: ProblemCode, place?: string): Problem {
  const { sentence, next } = allCodes[code]
  return {
    type: `urn:wardkey:problem:${code}`,
    title: sentence,
    status,
    code,
    next,
    ...(place === undefined || place === '' ? {} : { place }),
  }
}

const allCodes = {
  ...faultCodes,
  ...invalidCodes,
  ...refusalCodes,
  // Last, so that an administrator reads the administrator's sentence where both have one.
  ...adminRefusalCodes,
  ...doorCodes,
  ...enrolRefusals,
}
