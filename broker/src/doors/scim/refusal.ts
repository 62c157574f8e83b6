// A flow's no in the words of RFC 7644 section 3.12. Pure.

import { adminRefusalCodes } from '@wardkey/protocol/codes'
import type { AdminRefusalCode } from '@wardkey/protocol/codes'
import { ScimFlaw } from './scim-flaw.ts'
import type { ScimType } from './scim-flaw.ts'

const byCode: Partial<Record<AdminRefusalCode, readonly [number, ScimType | undefined]>> = {
  'person-unknown': [404, undefined],
  'person-forgotten': [404, undefined],
  'group-unknown': [404, undefined],
  'user-name-taken': [409, 'uniqueness'],
  'external-id-taken': [409, 'uniqueness'],
  'staff-number-taken': [409, 'uniqueness'],
  'person-added-by-hand': [409, 'uniqueness'],
  'badge-taken': [409, 'uniqueness'],
  'group-name-taken': [409, 'uniqueness'],
  'record-moved': [412, undefined],
  'employment-over': [400, 'mutability'],
  'badge-not-hrs': [400, 'mutability'],
  'group-too-large': [413, undefined],
}

export function refusal(code: AdminRefusalCode): ScimFlaw {
  const [status, scimType] = byCode[code] ?? ([400, 'invalidValue'] as const)
  const { sentence, next } = adminRefusalCodes[code]
  return new ScimFlaw(status, scimType, `${sentence} ${next} [${code}]`)
}
