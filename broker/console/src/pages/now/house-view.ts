// What of the house is shown: by state and by text, and what it comes to in a sentence. Pure.

import type { HouseNow, WorkstationNow } from '@wardkey/protocol/console/house'
import { counted, nameText } from '../../parts/names.ts'

type Zone = HouseNow['zones'][number]

export const stateFilters = [
  ['all', 'All'],
  ['emergency', 'Emergency'],
  ['open', 'Open'],
  ['locked', 'Locked'],
  ['free', 'Free'],
  ['trouble', 'Needs a hand'],
] as const
export type StateFilter = (typeof stateFilters)[number][0]

const isEmergency = ({ sessions }: WorkstationNow): boolean =>
  sessions.some(({ emergency }) => emergency !== undefined)

/** Nobody can use it, or not fully: it is silent, or its reader is away. */
export const isTroubled = ({ state, link, reader }: WorkstationNow): boolean =>
  state === 'silent' || state === 'never' || (link !== 'away' && reader === undefined)

const tests: Readonly<Record<StateFilter, (one: WorkstationNow) => boolean>> = {
  all: () => true,
  emergency: isEmergency,
  open: ({ state }) => state === 'open',
  locked: ({ state }) => state === 'locked',
  free: ({ state }) => state === 'free',
  trouble: isTroubled,
}

export function parseStateFilter(text: string | undefined): StateFilter {
  return stateFilters.find(([value]) => value === text)?.[0] ?? 'all'
}

export const workstationsOf = ({ zones }: HouseNow): readonly WorkstationNow[] =>
  zones.flatMap(({ workstations }) => workstations)

export function countStates(house: HouseNow): Readonly<Record<StateFilter, number>> {
  const all = workstationsOf(house)
  const count = (filter: StateFilter): number => all.filter(tests[filter]).length
  return {
    ...{ all: all.length, emergency: count('emergency'), open: count('open') },
    ...{ locked: count('locked'), free: count('free'), trouble: count('trouble') },
  }
}

/** Words may be of the place, the zone, or whoever is there; zones with nothing left fall away. */
export function filterHouse(house: HouseNow, filter: StateFilter, text: string): readonly Zone[] {
  const words = text.trim().toLowerCase().split(/\s+/)
  return house.zones.flatMap((zone) => {
    const workstations = zone.workstations.filter(
      (one) => tests[filter](one) && says(one, zone, words),
    )
    return workstations.length === 0 ? [] : [{ ...zone, workstations }]
  })
}

function says(one: WorkstationNow, zone: Zone, words: readonly string[]): boolean {
  const names = one.sessions.map(nameText).join(' ')
  const all = `${one.place} ${zone.label} ${zone.zoneId} ${names}`.toLowerCase()
  return words.every((word) => all.includes(word))
}

export const openScreens = (workstations: readonly WorkstationNow[]): number =>
  workstations.filter(({ state }) => state === 'open').length

interface Whose {
  readonly sessionId: string
  readonly personId?: string | undefined
}

/** Where nobody is named, each session is somebody. */
const whoseOf = ({ sessionId, personId }: Whose): string => personId ?? sessionId

/** What one would say to somebody who asks from the door. */
export function houseSentence(house: HouseNow): string {
  const all = workstationsOf(house)
  const people = new Set(
    all.flatMap(({ sessions }) => sessions.filter(({ state }) => state === 'open').map(whoseOf)),
  )
  const emergencies = all.filter(isEmergency).length
  const silent = all.filter(({ state }) => state === 'silent').length
  const parts = [
    `${counted(people.size, 'person', 'people')} at ${counted(openScreens(all), 'open workstation')}`,
    ...(emergencies > 0 ? [counted(emergencies, 'emergency', 'emergencies')] : []),
    ...(silent > 0 ? [`${counted(silent, 'workstation')} silent`] : []),
  ]
  return `${parts.join(', ')}.`
}
