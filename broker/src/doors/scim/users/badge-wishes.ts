// Badges of a resource against those that she has: which cards are to be enrolled, which badges to
// be marked. Pure.

import { badgeId } from '@wardkey/protocol/ids'
import type { Badge, BadgeStatus } from '../../../identity/badges.ts'
import { findCardNumberFormat, parseCardNumber } from '../../../identity/cards/card-numbers.ts'
import type { BadgeWish } from '../../../flows/hr/hr-flow.ts'
import { flaw } from '../scim-flaw.ts'
import { clinicianUrn } from '../resource/scim-schema.ts'
import { isObject } from '../filter/match-filter.ts'
import type { Resource } from '../resource/take-value.ts'
import { elements } from './user-resource.ts'

const statuses: Readonly<Record<string, BadgeStatus>> = {
  active: 'active',
  suspended: 'suspended',
  lost: 'lost',
  revoked: 'replaced',
}

/**
 * `isWhole` says that the list is all there is to be: then a badge that is not in it any more goes.
 * A PUT does not say so, since its client may never have seen those enrolled at a workstation.
 */
export function badgeWishes(
  resource: Resource,
  has: readonly Badge[],
  isWhole: boolean,
): readonly BadgeWish[] {
  const extension = resource[clinicianUrn]
  const all = elements(isObject(extension) ? extension['badges'] : undefined)
  const current = has.filter(({ status }) => status !== 'replaced' && status !== 'expired')
  const named = new Set(all.flatMap(({ id }) => (typeof id === 'string' ? [id] : [])))
  const gone = isWhole ? current.filter(({ id }) => !named.has(id)) : []
  return [
    ...gone.map(({ id }) => ({ kind: 'mark', badgeId: id, status: 'replaced' }) as const),
    ...all.flatMap((one) => wishOf(one, current)),
  ]
}

function wishOf(
  one: Readonly<Record<string, unknown>>,
  current: readonly Badge[],
): readonly BadgeWish[] {
  const { id, value, status } = one
  const wanted = typeof status === 'string' ? statuses[status] : undefined
  if (id !== undefined) {
    if (value !== undefined) throw flaw('mutability', 'A badge’s number cannot be changed.')
    const badge = current.find((known) => known.id === id)
    if (!badge || wanted === undefined) return []
    return [{ kind: 'mark', badgeId: badgeId.parse(id), status: wanted }]
  }
  const named = one['format'] ?? 'hex'
  const format = typeof named === 'string' ? findCardNumberFormat(named) : undefined
  const card = format && typeof value === 'string' ? parseCardNumber(value, format) : undefined
  if (!card) throw flaw('invalidValue', 'A badge needs a number of the format that it names.')
  if (wanted === 'replaced' || wanted === 'expired') {
    throw flaw('invalidValue', 'A badge that is revoked cannot be enrolled.')
  }
  const technology = one['technology']
  return [
    {
      kind: 'enrol',
      card,
      ...(wanted === undefined ? {} : { status: wanted }),
      ...(typeof technology === 'string' ? { technology } : {}),
    },
  ]
}
