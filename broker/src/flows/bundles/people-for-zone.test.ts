// Whom a zone's workstations know, whom they do not, and what is taken away when.

import { describe, expect, it } from 'vitest'
import { personId } from '@wardkey/protocol/ids'
import { atOnce } from '../../../../test/kit/at-once.ts'
import { usualHouse } from '../../../../test/kit/usual-house.ts'
import { accessFacts } from '../../identity/access-facts.ts'
import { zoneSettings } from '../../policy/zone-settings.ts'
import type { Zone } from '../../policy/zone-settings.ts'
import type { KnownPerson } from './known-person.ts'
import { peopleForZone as peopleInTurns } from './people-for-zone.ts'
import { findRostered, rosterOf } from './roster-bytes.ts'
import { bundleRules, viewOf as viewInTurns } from './zone-view.ts'

const peopleForZone = (...all: Parameters<typeof peopleInTurns>) => atOnce(peopleInTurns(...all))
const viewOf = (...all: Parameters<typeof viewInTurns>) => atOnce(viewInTurns(...all))
const idOf = (n: number) =>
  personId.parse(`018f3c1e-0000-7000-8000-${n.toString(16).padStart(12, '0')}`)
const zone: Zone = {
  id: '4-west',
  kind: 'nurse-station',
  label: '4 West',
  settings: zoneSettings.parse({ roles: ['nurse'], offlineMaxMs: 3_600_000 }),
}
const now = {
  ...{ nowMs: 1_800_000_000_000, untilMs: 1_800_000_000_000 + 7_200_000, house: usualHouse },
  modes: { zone: null, house: null },
}
const card = { technology: 'csn', canonical: '04a1b2c3', assurance: 1 } as const

function person(n: number, change: Partial<KnownPerson> = {}): KnownPerson {
  const about = { status: 'active', roles: ['nurse'], name: { given: 'A', family: 'B' } } as const
  const factors = { cards: [card], hasLostBadge: false, pin: undefined, staffNumber: undefined }
  const access = accessFacts.parse({})
  const made = { id: idOf(n), access, ...about, ...factors, seenMs: 0, ...change }
  return { ...made, digest: JSON.stringify(made) }
}
const choose = (all: KnownPerson[], othersMax = 10, before: number[] = []) =>
  peopleForZone(zone, all, othersMax, new Set(before.map(idOf)), now)
const one = (change: Partial<KnownPerson>) => choose([person(1, change)])[0]

describe('a zone’s workstations know', () => {
  it('whoever has a role there, as somebody who may', () => {
    expect(one({})).toMatchObject({ refusal: undefined, mayBreakGlass: true })
  })
  it.each([
    ['without a role there', { roles: ['billing'] }, 'role-not-in-zone'],
    ['on leave', { status: 'on-leave' }, 'person-not-active'],
  ] as const)('a person %s, for emergencies alone', (_name, change, refusal) => {
    expect(
      one({ ...change, roles: [...((change as { roles?: string[] }).roles ?? ['nurse'])] }),
    ).toMatchObject({ refusal, mayBreakGlass: true })
  })
  it('who has another badge than the one she lost', () => {
    expect(one({ hasLostBadge: true })).toMatchObject({ mayBreakGlass: true })
  })
})

describe('a zone’s workstations do not know', () => {
  it.each(['suspended', 'terminated'] as const)('a person who is %s', (status) => {
    expect(one({ status })).toBeUndefined()
  })
  it('who has no usable badge and no number with a PIN', () => {
    expect(one({ cards: [] })).toBeUndefined()
    expect(one({ cards: [], staffNumber: '4711' })).toBeUndefined()
  })
  it('more of the others than the limit, and of those the ones seen last', () => {
    const others = [1, 2, 3].map((n) => person(n, { roles: ['billing'], seenMs: n }))
    const ids = choose([...others, person(9)], 2).map(({ person }) => person.id)
    expect(ids).toEqual([idOf(2), idOf(3), idOf(9)])
    expect(choose(others, 0)).toEqual([])
  })
  it('somebody else each time another is seen: who was known stays', () => {
    const others = [1, 2, 3].map((n) => person(n, { roles: ['billing'], seenMs: n }))
    expect(choose(others, 2, [1, 2]).map(({ person }) => person.id)).toEqual([idOf(1), idOf(2)])
  })
  it('emergencies of who lost the only badge, even with her number', () => {
    const pin = { hash: 'x', lockedUntilMs: 0 }
    const lost = { cards: [], hasLostBadge: true, staffNumber: '4711', pin }
    expect(one(lost)).toMatchObject({ mayBreakGlass: false })
    expect(one({ ...lost, roles: ['billing'] })).toBeUndefined()
  })
})

describe('in an emergency there speaks for somebody', () => {
  const settings = zoneSettings.parse({ ...zone.settings, witnessRoles: ['physician'] })
  const may = (change: Partial<KnownPerson>) =>
    peopleForZone({ ...zone, settings }, [person(1, change)], 10, new Set(), now)[0]?.mayWitness
  const covering = (untilMs: number) => ({
    roles: ['billing'],
    access: {
      ...accessFacts.parse({}),
      exceptions: [{ id: 'x', kind: 'role' as const, what: 'nurse', untilMs }],
    },
  })

  it('who works there, who speaks for colleagues there, and nobody else', () => {
    expect(may({})).toBe(true)
    expect(may({ roles: ['physician'] })).toBe(true)
    expect(may({ roles: ['billing'] })).toBe(false)
  })
  it('who has such a role for longer than a bundle may be used, and not for less', () => {
    expect(may(covering(now.untilMs + 1))).toBe(true)
    expect(may(covering(now.untilMs))).toBe(false)
  })
  it('nobody by an older bundle for long once her role is another', () => {
    const of = { ...zone, settings }
    const view = (roles: string[]) => viewOf(of, [person(1, { roles })], 10, undefined, now)
    const [may, mayNot] = [view(['physician']), view(['billing'])]
    expect(mayNot.isGraver(may)).toBe(true)
    expect(mayNot.content).not.toBe(may.content)
  })
})

describe('a zone that offers no emergency access', () => {
  const settings = zoneSettings.parse({ ...zone.settings, emergency: { offered: false } })
  const known = (all: KnownPerson[]) =>
    peopleForZone({ ...zone, settings }, all, 10, new Set(), now)
  it('knows its own people, and nobody for emergencies', () => {
    expect(known([person(1), person(2, { roles: ['billing'] })])).toMatchObject([
      { person: { id: idOf(1) }, refusal: undefined, mayBreakGlass: false },
    ])
    expect(known([person(1, { status: 'on-leave' })])).toEqual([])
  })
  it('says so in its bundles, and one that offers it says when a colleague speaks', () => {
    expect(bundleRules({ zone: { ...zone, settings }, steps: [] })).toMatchObject({
      emergencyLastsMs: 0,
    })
    expect(bundleRules({ zone, steps: [] })).toMatchObject({
      ...{ emergencyLastsMs: 1_800_000, emergencyWitness: 'when-weak' },
    })
  })
})

describe('who was in a bundle', () => {
  it('is found in it with what she might do, and nobody else is', () => {
    const chosen = choose(
      Array.from({ length: 300 }, (_, n) =>
        person(2 * n, { roles: [n % 3 === 0 ? 'billing' : 'nurse'] }),
      ),
      1000,
    )
    const { people } = rosterOf(chosen)
    expect(people).toHaveLength(300 * 17)
    for (let n = 0; n < 300; n++) {
      expect(findRostered(people, idOf(2 * n))).toEqual({
        isAllowed: n % 3 !== 0,
        mayBreakGlass: true,
      })
      expect(findRostered(people, idOf(2 * n + 1))).toBeUndefined()
    }
    expect(findRostered(Buffer.alloc(0), idOf(1))).toBeUndefined()
  })
})

describe('a change', () => {
  const view = (all: KnownPerson[], of: Zone = zone) => viewOf(of, all, 10, undefined, now)
  const hers = { pin: { hash: 'a', lockedUntilMs: 0 }, staffNumber: 'N-1' }
  const before = view([person(1, hers), person(2)])
  const isGraver = (...all: KnownPerson[]) => view(all).isGraver(before)
  const first = (change: Partial<KnownPerson>) => [person(1, { ...hers, ...change }), person(2)]

  it.each([
    ['somebody is gone', [person(2)]],
    ['a role is taken away', first({ roles: ['billing'] })],
    ['a badge is no longer usable', first({ cards: [{ ...card, canonical: '04ffffff' }] })],
    ['a PIN is another', first({ pin: { hash: 'b', lockedUntilMs: 0 } })],
    ['a PIN is locked', first({ pin: { hash: 'a', lockedUntilMs: 5 } })],
    ['a staff number is another', first({ staffNumber: 'N-2' })],
    ['a staff number is closed', first({ staffNumber: undefined })],
  ])('is told at once where %s', (_name, all) => {
    expect(isGraver(...all)).toBe(true)
    expect(view(all).content).not.toBe(before.content)
  })
  it.each([
    ['somebody comes', [...first({}), person(3)]],
    ['somebody marries', first({ name: { given: 'A', family: 'C' } })],
    ['a badge is added', first({ cards: [card, { ...card, canonical: '04ffffff' }] })],
  ])('can wait a little where %s', (_name, all) => {
    expect(isGraver(...all)).toBe(false)
    expect(view(all).content).not.toBe(before.content)
  })
  it('is none where somebody was only seen', () => {
    const seen = { ...person(2), seenMs: 99 }
    expect(view([...first({}).slice(0, 1), seen]).content).toBe(before.content)
  })
  it('of the zone’s rules is told at once', () => {
    const other = { ...zone, settings: zoneSettings.parse({ ...zone.settings, pin: 'each-tap' }) }
    expect(view(first({}), other).isGraver(before)).toBe(true)
    expect(view(first({}), other).content).not.toBe(before.content)
  })
})
