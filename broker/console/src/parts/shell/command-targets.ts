// What the command bar finds for some letters, the likeliest first. Pure.

import type { PersonSummary } from '@wardkey/protocol/admin/people'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import type { WorkstationShown } from '@wardkey/protocol/admin/workstations'
import { nameText } from '../names.ts'
import { badgesOf, lookForBadge } from './badge-targets.ts'
import type { RailEntry } from './rail-entries.ts'
import type { Target } from './target.ts'

interface Known {
  readonly pages: readonly RailEntry[]
  readonly people: readonly PersonSummary[]
  readonly workstations: readonly WorkstationShown[]
  readonly can: (scope: Scope) => boolean
}

const shownMax = 12
/** As the lock screen shows it: `K7P-2XM`. */
const tapCode = /^[0-9a-z]{3}-?[0-9a-z]{3}$/i

export function findTargets(text: string, known: Known): readonly Target[] {
  const words = text.trim().toLowerCase().split(/\s+/)
  const fits = (target: Target): boolean => {
    const label = `${target.label} ${target.kind}`.toLowerCase()
    return words.every((word) => label.includes(word))
  }
  const begins = ({ label }: Target): number =>
    label.toLowerCase().startsWith(words[0] ?? '') ? 0 : 1
  const tabs = text.trim() === '' ? [] : views(known)
  const badges = known.can('badges:read') ? badgesOf(text, known.people) : []
  const all = [...pages(known), ...tabs, ...people(known), ...badges, ...places(known)]
  const named = all.filter(fits)
  named.sort((a, b) => begins(a) - begins(b))
  const looks = known.can('badges:read') ? lookForBadge(text) : []
  return [...named.slice(0, shownMax), ...looks, ...codes(text, known)]
}

const pages = ({ pages: entries }: Known): Target[] =>
  entries.map(({ to, label, question }) => ({
    key: to,
    label: question,
    kind: `Page: ${label}`,
    to,
    search: {},
  }))

const views = ({ pages: entries, can }: Known): Target[] =>
  entries.flatMap(({ to, label, views: tabs = [] }) =>
    tabs
      .filter(({ needs }) => needs === undefined || can(needs))
      .map(({ show, label: tab }) => ({
        ...{ key: `${to}?${show}`, label: tab, kind: `Page: ${label}`, to, search: { show } },
      })),
  )

const people = ({ people: all }: Known): Target[] =>
  all.map((person) => ({
    key: person.personId,
    label: nameText(person),
    kind: `Person: ${person.roles.join(', ')}`,
    to: '/people',
    search: { open: person.personId },
  }))

const places = ({ workstations }: Known): Target[] =>
  workstations.map(({ workstationId, place, zoneId }) => ({
    key: workstationId,
    label: place,
    kind: `Workstation: ${zoneId}`,
    to: '/workstations',
    search: { open: workstationId },
  }))

function codes(text: string, { can }: Known): Target[] {
  const code = text.trim().toUpperCase()
  const canAskWhy = can('record:read') || can('taps:read')
  if (!canAskWhy || !tapCode.test(code)) return []
  const whole = code.includes('-') ? code : `${code.slice(0, 3)}-${code.slice(3)}`
  const label = `Why did tap ${whole} go as it did?`
  return [{ key: `tap-${whole}`, label, kind: 'Tap', to: '/why', search: { tap: whole } }]
}
