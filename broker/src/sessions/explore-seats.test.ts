// Every history of two people, two workstations and one or two screens each, however long, by the
// seats that `decideSeat` gives: nowhere do two sit at one screen, or one at more than she may. The
// second one only taps and leaves: she is who is displaced, and who displaces.

import { expect, it } from 'vitest'
import { personId, sessionId, workstationId } from '@wardkey/protocol/ids'
import type { PersonId, WorkstationId } from '@wardkey/protocol/ids'
import { decideSeat } from './decide-seat.ts'
import type { SeatPlan } from './decide-seat.ts'
import type { LivingSession } from './living-session.ts'

const nowMs = 1_800_000_000_000
const hour = 3_600_000
const uuid = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
const [anna, ben] = [personId.parse(uuid(1)), personId.parse(uuid(2))]
const people = [anna, ben] as const
const stations = [workstationId.parse(uuid(3)), workstationId.parse(uuid(4))] as const
const [overLongMs, overMs] = [nowMs - 13 * hour, nowMs - 1]

/** The sessions that live, the one that changed last first. */
type Books = readonly LivingSession[]
interface Event {
  readonly name: string
  readonly after: (books: Books) => Books
}

/** Written as the flow writes it: what ends is gone, what is locked or put away waits. */
function tapped(
  books: Books,
  who: PersonId,
  here: WorkstationId,
  screensMax: number,
  isEmergency: boolean,
): Books {
  const shown = books.find((one) => one.state === 'open' && one.workstationId === here)
  const own = books.filter((one) => one.personId === who)
  const plan = decideSeat({
    ...{ nowMs, personId: who, workstationId: here, own, shown, screensMax, isEmergency },
    sessionMaxMs: 12 * hour,
  })
  const flaw = flawOf(plan, who, here, isEmergency)
  // Hundreds of thousands of taps: an expectation is made only where it is going to fail.
  if (flaw !== undefined) expect(flaw, JSON.stringify(books)).toBeUndefined()
  const { seat, slot, locks, puts, ends } = plan
  const was = seat.kind === 'opened' ? undefined : seat.was
  const locked = new Set([...puts, ...(locks ? [locks] : [])])
  const rest = books
    .filter((one) => one !== was && !ends.includes(one))
    .map((one) => (locked.has(one) ? { ...one, state: 'locked' as const } : one))
  const session: LivingSession = was ?? {
    ...{ id: sessionId.parse(uuid(100)), personId: who, openedMs: nowMs, changedMs: nowMs },
    ...{ version: 1, state: 'open', workstationId: here, slot },
    ...(isEmergency ? { emergency: { grantId: uuid(50), untilMs: nowMs + hour } } : {}),
  }
  return [{ ...session, state: 'open', workstationId: here, slot }, ...rest]
}

/** What a seat may never be, whatever is in the books. */
function flawOf(
  { seat, ends }: SeatPlan,
  who: PersonId,
  here: WorkstationId,
  isEmergency: boolean,
): string | undefined {
  const was = seat.kind === 'opened' ? undefined : seat.was
  if (isEmergency && was) return 'another session becomes an emergency'
  if (was?.emergency && (seat.kind === 'moved' || was.workstationId !== here)) {
    return 'an emergency goes to another screen'
  }
  if (ends.some((one) => one.personId !== who || one === was)) return 'the wrong one is ended'
  const isLost = ends.some((one) => !one.emergency && one.openedMs !== overLongMs)
  return !isEmergency && !was && isLost ? 'her work is ended, and a new session opened' : undefined
}

function events(screensMax: number): readonly Event[] {
  const taps = people.flatMap((who) =>
    stations.flatMap((here, at) =>
      (who === anna ? [false, true] : [false]).map((isEmergency) => ({
        name: `${who} ${isEmergency ? 'breaks the glass' : 'taps'} at ${String(at)}`,
        after: (books: Books) => tapped(books, who, here, screensMax, isEmergency),
      })),
    ),
  )
  /** The nth of hers, changed; what changes in the books is the newest there. */
  const nth = (who: PersonId, n: number, change: (one: LivingSession) => LivingSession) => ({
    name: `${who}, ${String(n)}: ${change.name}`,
    after: (books: Books): Books => {
      const one = books.filter(({ personId }) => personId === who)[n]
      return one ? [change(one), ...books.filter((other) => other !== one)] : books
    },
  })
  const hers = Array.from({ length: screensMax + 1 }, (_, n) => n)
  return [
    ...taps,
    ...hers.flatMap((n) => [locks, growsOld, runsOut].map((change) => nth(anna, n, change))),
    ...hers.map((n) => nth(ben, n, locks)),
  ]
}

const locks = (one: LivingSession): LivingSession => ({ ...one, state: 'locked' })
const growsOld = (one: LivingSession): LivingSession => ({ ...one, openedMs: overLongMs })
const runsOut = (one: LivingSession): LivingSession =>
  one.emergency ? { ...one, emergency: { ...one.emergency, untilMs: overMs } } : one

/** Whose session changed before whose of another person's makes no difference. */
const keyOf = (books: Books): string =>
  people
    .map((who) =>
      books
        .filter(({ personId }) => personId === who)
        .map(({ state, workstationId, slot, openedMs, emergency }) =>
          [state, workstationId === stations[0], slot, openedMs, emergency?.untilMs].join(),
        )
        .join(' '),
    )
    .join('; ')

/** What may never be in the books; nothing where all is well. */
function flawIn(books: Books, screensMax: number): string | undefined {
  const open = books.filter(({ state }) => state === 'open')
  const places = new Set(open.map((one) => one.workstationId))
  if (places.size < open.length) return 'two sessions are open at one workstation'
  for (const who of people) {
    const hers = open.filter((one) => one.personId === who)
    const max = hers.some(({ emergency }) => emergency) ? 1 : screensMax
    if (hers.length > max) return 'one person has more screens than she may'
    if (new Set(hers.map(({ slot }) => slot)).size < hers.length) return 'two screens share a slot'
    if (hers.some(({ slot }) => slot >= screensMax)) return 'a slot that there is not'
    const ordinary = books.filter((one) => one.personId === who && !one.emergency)
    if (ordinary.length > screensMax) return 'sessions pile up'
    if (books.filter((one) => one.personId === who && one.emergency).length > 1) {
      return 'two emergencies of one person'
    }
  }
  return undefined
}

it.each([1, 2])(
  'nowhere in any history do two sit at one screen, where each may have %i',
  (screensMax) => {
    const all = events(screensMax)
    const seen = new Set([keyOf([])])
    let layer: { books: Books; path: readonly string[] }[] = [{ books: [], path: [] }]
    while (layer.length > 0) {
      const next: typeof layer = []
      for (const { books, path } of layer) {
        for (const { name, after } of all) {
          const then = after(books)
          const key = keyOf(then)
          if (seen.has(key)) continue
          seen.add(key)
          const way = [...path, name]
          const flaw = flawIn(then, screensMax)
          if (flaw !== undefined) expect(flaw, way.join(' · ')).toBeUndefined()
          next.push({ books: then, path: way })
        }
      }
      layer = next
    }
    // The walk went somewhere.
    expect(seen.size).toBeGreaterThan(screensMax === 1 ? 300 : 3000)
  },
  60_000,
)
