// A hospital that does not exist, for the pages' own tests: people, zones, workstations, and who is
// where. Everything is parsed by the protocol's schemas, so that no shape can be made up.

import { z } from 'zod'
import { badgesFound, badgeSearch } from '@wardkey/protocol/admin/badges/badge-find'
import { badgesPage } from '@wardkey/protocol/admin/badges'
import { peoplePage, personShown } from '@wardkey/protocol/admin/people'
import {
  workstationDetails,
  workstationsPage,
  zonesPage,
} from '@wardkey/protocol/admin/workstations'
import { houseNow } from '@wardkey/protocol/console/house'
import type { HouseNow } from '@wardkey/protocol/console/house'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** The same for the same number: pictures and tests can be compared. */
export const idOf = (kind: number, number: number): string =>
  `018f3c1e-00${kind.toString(16).padStart(2, '0')}-7000-8000-${number.toString(16).padStart(12, '0')}`

export const personIdOf = (number: number): string => idOf(1, number)
export const workstationIdOf = (number: number): string => idOf(2, number)

const given = ['Rosa', 'Mei', 'Tobias', 'Amina', 'Piet', 'Noor', 'Ilse', 'Karim', 'Dagny', 'Luca']
const family = ['Testcase', 'Sampleson', 'Mockford', 'Placeholder', 'Fixture', 'Example-Longname']
const roles = ['nurse', 'physician', 'pharmacist', 'charge-nurse', 'porter']
export const peopleCount = 420

export function personOf(number: number) {
  const status = number % 41 === 7 ? 'suspended' : number % 53 === 11 ? 'on-leave' : 'active'
  return {
    personId: personIdOf(number),
    name: {
      given: given[number % given.length]!,
      family: `${family[number % family.length]!} ${String(number)}`,
    },
    status,
    roles: [roles[number % roles.length]!],
  }
}

const zones = [
  { zoneId: '4-west', kind: 'ward', label: '4 West', mode: 'normal', count: 14 },
  { zoneId: 'emergency', kind: 'emergency', label: 'Emergency department', mode: 'code', count: 9 },
  { zoneId: 'pharmacy', kind: 'pharmacy', label: 'Pharmacy', mode: 'normal', count: 5 },
  { zoneId: 'icu', kind: 'intensive-care', label: 'Intensive care', mode: 'normal', count: 8 },
]

function placesOf() {
  let number = 0
  return zones.flatMap(({ zoneId, label, count }) =>
    Array.from({ length: count }, (_, at) => {
      number += 1
      const place = `${label.replace(' department', '')}, station ${String(at + 1)}`
      return { number, zoneId, place, workstationId: workstationIdOf(number) }
    }),
  )
}

const states = ['open', 'free', 'locked', 'open', 'free', 'open', 'free', 'silent', 'free'] as const

function sessionAt(number: number, state: 'open' | 'locked', atMs: number) {
  const person = personOf(number * 3)
  const isEmergency = number === 17
  const presence = [
    { kind: 'tap', confidence: 95, fromMs: atMs - 42 * minuteMs },
    { kind: 'input', confidence: 80, fromMs: atMs - 2 * minuteMs },
    { kind: 'door', confidence: 60, fromMs: atMs - 55 * minuteMs },
  ]
  return {
    sessionId: idOf(3, number),
    personId: person.personId,
    name: person.name,
    state,
    acr: isEmergency ? 'urn:wardkey:acr:break-glass' : 'urn:wardkey:acr:badge-pin',
    openedMs: atMs - 42 * minuteMs,
    changedMs: atMs - number * minuteMs,
    ...(isEmergency ? { emergency: { grantId: idOf(4, 1), untilMs: atMs + 18 * minuteMs } } : {}),
    presence: state === 'open' ? presence.slice(number % 3) : [],
  }
}

export function inventHouse(atMs: number): HouseNow {
  const all = placesOf()
  const workstationAt = ({ number, place, workstationId }: (typeof all)[number]) => {
    const isNew = number === 30
    const state = number === 17 ? 'open' : isNew ? 'never' : states[number % states.length]!
    const isAway = state === 'silent' || isNew
    return {
      workstationId,
      place,
      state,
      ...(isNew ? {} : { sinceMs: atMs - number * 3 * minuteMs }),
      sessions: state === 'open' || state === 'locked' ? [sessionAt(number, state, atMs)] : [],
      link: isAway ? 'away' : number % 11 === 4 ? 'elsewhere' : 'here',
      ...(isNew ? {} : { reachedMs: atMs - (isAway ? 25 * minuteMs : 4000) }),
      ...(isNew ? {} : { agentVersion: number % 7 === 0 ? '0.9.4' : '0.1.0' }),
      ...(isAway || number === 5 ? {} : { reader: 'Invented Reader 5427' }),
      ...(isAway ? {} : { browser: 'Chromium 140' }),
    }
  }
  return houseNow.parse({
    atMs,
    zones: zones.map(({ count: _count, ...zone }) => ({
      ...zone,
      workstations: all.filter(({ zoneId }) => zoneId === zone.zoneId).map(workstationAt),
    })),
  })
}

export const inventPeople = () =>
  peoplePage.parse({ people: Array.from({ length: peopleCount }, (_, number) => personOf(number)) })

export function inventPerson(id: string, atMs: number) {
  const number = Number.parseInt(id.slice(-12), 16)
  const session = number % 9 === 0 ? { ...sessionAt(number, 'open', atMs) } : undefined
  const { presence: _presence, ...here } = session ?? {}
  return personShown.parse({
    ...personOf(number),
    pin: number % 10 === 3 ? 'locked' : 'set',
    badges: 2,
    staffNumber: `T${String(10_000 + number)}`,
    ...(session === undefined
      ? {}
      : {
          session: {
            ...here,
            ...{ workstationId: workstationIdOf(2), place: '4 West, station 2', zoneId: '4-west' },
            pinAtMs: atMs - hourMs,
          },
        }),
  })
}

export const inventBadges = (id: string, atMs: number) =>
  badgesPage.parse({
    badges: badgesFor(id, atMs),
  })

function badgesFor(id: string, atMs: number) {
  if (id === personIdOf(1)) return lentBadges(id, atMs)
  return id === personIdOf(2) ? takenBadges(id, atMs) : ownBadges(id, atMs)
}

/** She said that somebody else had it. */
const takenBadges = (id: string, atMs: number) => [
  {
    ...{ badgeId: idOf(5, 6), personId: id, technology: 'desfire-ev3', assurance: 3 },
    ...{ status: 'suspended', isResting: false },
    ...{ fromMs: atMs - 200 * dayMs, sinceMs: atMs - hourMs },
  },
]

/** Her own rests, and a loaner stands in for it. */
const lentBadges = (id: string, atMs: number) => [
  {
    ...{ badgeId: idOf(5, 4), personId: id, technology: 'csn', assurance: 1, number: '04a1b2c3' },
    ...{ status: 'active', isResting: false, fromMs: atMs - hourMs, sinceMs: atMs - hourMs },
    endsMs: atMs + 7 * hourMs,
  },
  {
    ...{ badgeId: idOf(5, 3), personId: id, technology: 'desfire-ev3', assurance: 3 },
    ...{ status: 'suspended', isResting: true },
    ...{ fromMs: atMs - 300 * dayMs, sinceMs: atMs - hourMs },
  },
]

const ownBadges = (id: string, atMs: number) => [
  {
    ...{ badgeId: idOf(5, 1), personId: id, number: '00000000001', technology: 'desfire-ev3' },
    ...{ assurance: 3, status: 'active', isResting: false, fromMs: atMs - 300 * dayMs },
    sinceMs: atMs - 300 * dayMs,
  },
  {
    ...{ badgeId: idOf(5, 2), personId: id, technology: 'em4100', assurance: 1 },
    ...{ status: 'lost', isResting: false },
    ...{ fromMs: atMs - 900 * dayMs, sinceMs: atMs - 310 * dayMs },
  },
]

/** One card ends in 0001; what ends otherwise is on no badge. */
export function inventFoundBadges(body: unknown) {
  const { ends } = badgeSearch.parse(body)
  const { personId, name } = personOf(0)
  const found = {
    ...{ badgeId: idOf(5, 1), personId, name, technology: 'desfire-ev3' },
    ...{ status: 'active', isResting: false, form: 'hex' },
  }
  return badgesFound.parse({ badges: ends === '0001' ? [found] : [], hasMore: false })
}

const wentBack = {
  installed: '0.1.0',
  last: { to: '0.2.0', outcome: 'returned', flaw: 'no-reader' },
}

export const inventWorkstations = (atMs: number) =>
  workstationsPage.parse({
    workstations: placesOf().map(({ number, place, zoneId, workstationId }) => ({
      ...{ workstationId, place, zoneId, status: number === 9 ? 'revoked' : 'active' },
      assetTag: `TEST-${String(1000 + number)}`,
      enrolledMs: atMs - number * 9 * dayMs,
      certificateEndsMs: atMs + (number === 3 ? 5 : number * 20) * dayMs,
      ...(number % 9 === 7 || number === 9
        ? {}
        : {
            connection: {
              agentVersion: '0.1.0',
              ...(number === 5 ? {} : { reader: 'ready' }),
              browser: 'ready',
            },
            madeOf: {
              agentVersion: '0.1.0',
              system: { platform: 'win32', release: '10.0.26100', arch: 'x64' },
              readers: number === 5 ? [] : [{ model: 'OMNIKEY 5427', mode: 'pcsc' }],
              ...(number === 3 ? { updates: wentBack } : {}),
              toldMs: atMs - 3 * hourMs,
            },
          }),
      seenMs: atMs - (number % 9 === 7 ? 9 * dayMs : 0),
      troubles: number % 9 === 7 ? ['away'] : number === 5 ? ['reader'] : [],
    })),
  })

export function inventWorkstation(id: string, atMs: number) {
  const one = inventWorkstations(atMs).workstations.find(
    ({ workstationId }) => workstationId === id,
  )
  return workstationDetails.parse({
    ...one,
    lastTapMs: atMs - 4 * minuteMs,
    settings: [
      { key: 'broker.addresses', from: 'policy' },
      { key: 'readers.pcsc', from: 'policy', value: true },
      { key: 'log.level', from: 'file', value: 'info' },
      { key: 'readers.debounceMs', from: 'default', value: 700 },
    ],
  })
}

const rules = z.record(z.string(), z.unknown())
export const inventZones = () =>
  zonesPage.parse({
    zones: zones.map(({ zoneId, kind, label }) => ({
      ...{ zoneId, kind, label },
      rules: rules.parse({
        graceMs: 4 * hourMs,
        idleLockMs: 5 * minuteMs,
        ...{ idleMs: 5 * minuteMs, fadeMs: 15_000, presentIdleMs: 10 * minuteMs, awayIdleMs: 5000 },
        publicView: kind === 'pharmacy',
      }),
    })),
  })
