// Access reviews of the invented hospital, for the pages' own tests.

import { campaign } from '@wardkey/protocol/admin/access-reviews/campaigns'
import { entry } from '@wardkey/protocol/admin/access-reviews/entries'
import type { ItemsQuery, ReviewItem } from '@wardkey/protocol/admin/access-reviews/entries'
import { reviewOutcome } from '@wardkey/protocol/admin/access-reviews/outcome'
import { idOf, personOf } from './invented-hospital.ts'

const dayMs = 86_400_000
const named = (number: number) => {
  const { personId, name } = personOf(number)
  return { personId, name }
}

/** The last one is of a whole house: more than a page. */
const sizes = [18, 18, 430] as const

/** Of the two that run. */
export const undecided = 2 * (18 - 3)

function itemsAt(nowMs: number, length: number, decided: ReadonlyMap<string, string>) {
  return Array.from({ length }, (_, at) => {
    const id = idOf(6, at)
    const word = decided.get(id) ?? (at % 6 === 5 ? 'certified' : undefined)
    const isRole = at % 3 !== 2
    return {
      ...{ id, person: named(at), department: 'Ward 4 West', reviewer: named(40) },
      kind: isRole ? 'role' : 'badge',
      what: isRole ? personOf(at).roles[0] : idOf(3, at),
      isHighRisk: at % 5 === 2,
      evidence: {
        ...{ source: isRole ? 'hr' : 'enrolment', sinceMs: nowMs - (200 + at) * dayMs },
        ...(at % 4 === 3 ? {} : { lastUsedMs: nowMs - at * dayMs }),
        opens: isRole ? ['4 West', 'Emergency department'] : ['mifare-classic'],
      },
      ...(word === undefined
        ? {}
        : {
            ...{ decision: word, outcome: word === 'revoked' ? 'hr-task' : 'kept' },
            decided: { by: 'person x', atMs: nowMs, reason: 'still on the ward', isSilence: false },
          }),
    }
  })
}

function campaignAt(nowMs: number, number: number, state: 'open' | 'waits-for-two' | 'closed') {
  return campaign.shown.parse({
    ...{ id: idOf(5, number), kind: 'quarterly', state, isHighRiskOnly: false },
    opened: { by: 'schedule', atMs: nowMs - (number * 90 + 6) * dayMs },
    ...{ dueMs: nowMs - (number * 90 - 8) * dayMs, onSilence: 'revoke' },
    ...{ items: sizes[number], decided: 3, certified: 3, revoked: 0, silent: 0, unassigned: 2 },
    ...(state === 'closed' ? { closed: { atMs: nowMs - dayMs, sha256: 'ab'.repeat(32) } } : {}),
  })
}

const states = ['open', 'waits-for-two', 'closed'] as const

interface AskedOf {
  /** The way to it: of one review, or of one entry. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
}

export function inventAccessReviews(
  { path, query }: AskedOf,
  nowMs: number,
  decided: ReadonlyMap<string, string>,
): unknown {
  const [, , second, , fourth] = path.split('/')
  const campaigns = states.map((state, number) => campaignAt(nowMs, number, state))
  if (second === undefined) return campaign.page.parse({ campaigns, count: campaigns.length })
  const at = campaigns.findIndex(({ id }) => id === second)
  const one = campaigns[at]
  if (!one) return undefined
  const all = itemsAt(nowMs, sizes[at] ?? 0, decided).map((item) => entry.shown.parse(item))
  const item = all.find(({ id }) => id === fourth)
  if (fourth !== undefined) return item && entry.one.parse({ campaign: one, item })
  return entry.page.parse({ campaign: one, ...pageOf(all, entry.query.parse(query)) })
}

function pageOf(all: readonly ReviewItem[], { after, limit, state, person }: ItemsQuery) {
  const fit = all
    .filter(({ person: hers }) => person === undefined || hers?.personId === person)
    .filter(({ decision = 'undecided' }) => state === undefined || decision === state)
  const from = fit.findIndex(({ id }) => id === after) + 1
  const items = fit.slice(from, from + limit)
  const isLast = from + limit >= fit.length
  return { items, count: fit.length, ...(isLast ? {} : { next: items.at(-1)?.id }) }
}

export const inventTasks = (nowMs: number): unknown =>
  reviewOutcome.tasks.parse({
    tasks: [
      {
        ...{ id: idOf(7, 1), person: named(3), kind: 'role', what: 'pharmacist' },
        ...{ sinceMs: nowMs - 9 * dayMs, by: 'person x' },
      },
    ],
  })

export const inventPreview = (): unknown =>
  campaign.preview.parse({
    ...{ items: 1240, people: 412, reviewers: 31, unassigned: 6, onSilence: 'revoke' },
    ...{ wouldGo: 1234, needsTwo: true },
    units: [{ department: 'Ward 4 West', people: 22, withoutRole: 22 }],
  })
