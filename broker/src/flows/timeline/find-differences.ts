// What of a time line does not fit together: a screen that was open with no sign of anybody, a
// person whom no door let in, one person at two places. It accuses nobody: it says where to look,
// and what else may explain it. Pure.

import type { Difference, Span } from '@wardkey/protocol/console/timeline'
import type { PersonId, WorkstationId } from '@wardkey/protocol/ids'
import type { Window } from './cut-spans.ts'
import type { Silence } from './lay-out.ts'
import type { ToldFact } from './told-fact.ts'

export interface DifferenceNeeds extends Window {
  readonly silences: readonly Silence[]
  /** What doors said of these people, by time; nothing where the site's doors tell nothing. */
  readonly doors: readonly ToldFact[] | undefined
  /** What doors said before this is gone by retention. */
  readonly doorsGoneMs: number
  readonly zoneOf: (workstation: WorkstationId) => string | undefined
  /** Whether both may be open at once, as a pharmacist's two screens. */
  readonly isPair: (one: WorkstationId, other: WorkstationId) => boolean
}

const says = {
  'session-without-presence':
    'The screen was open for longer than its zone waits without a sign of anybody; a sensor, a ' +
    'link that was away or a clock may explain it.',
  'presence-without-door':
    'Doors that tell of others said of nobody with this badge that she came in before; doors ' +
    'stand open, and people walk in together.',
  'two-places':
    'Sessions of one person were open at two places at once; a clock that was wrong while the ' +
    'network was away may explain it.',
} as const satisfies Record<Difference['kind'], string>

/** A shift and the way home; whoever came in longer ago than that came in another time. */
const doorLastsMs = 16 * 3_600_000
/** Clocks differ a little. */
const slackMs = 5000

/** `spans` are whole, not cut: they are cut here. */
export function findDifferences(
  spans: readonly Span[],
  needs: DifferenceNeeds,
): readonly Difference[] {
  const open = spans
    .filter(({ lane, kind }) => lane === 'session' && kind === 'open')
    .sort((a, b) => a.fromMs - b.fromMs)
  return [...quiet(needs), ...withoutDoor(open, needs), ...twoPlaces(open, needs)]
    .flatMap((difference) => cut(difference, needs))
    .sort((a, b) => a.fromMs - b.fromMs)
}

function quiet({ silences }: DifferenceNeeds): readonly Difference[] {
  return silences.map(({ person, workstation, ...when }) => ({
    ...told('session-without-presence', when),
    ...(person && { personId: person }),
    workstationId: workstation,
  }))
}

/** One for a time that somebody was here, however often she tapped. */
function withoutDoor(
  open: readonly Span[],
  { doors, doorsGoneMs, zoneOf }: DifferenceNeeds,
): readonly Difference[] {
  if (doors === undefined) return []
  const found: Difference[] = []
  const hers = byPerson(doors)
  const last = new Map<PersonId, { readonly door: number | undefined; difference: Difference }>()
  for (const span of open) {
    const { personId, workstationId, fromMs, untilMs } = span
    if (!personId || !workstationId || span.isCut) continue
    // The door by which she came in may be gone.
    if (fromMs - doorLastsMs < doorsGoneMs) continue
    const door = hers.get(personId)?.findLast((one) => one.atMs <= fromMs + slackMs)
    if (door && fromMs - door.atMs < doorLastsMs && isIn(door, zoneOf(workstationId))) continue
    const known = last.get(personId)
    const isSame =
      known?.door === door?.index && fromMs - (known?.difference.fromMs ?? 0) < doorLastsMs
    if (known && isSame) {
      if (untilMs === undefined) delete known.difference.untilMs
      else known.difference.untilMs = untilMs
      continue
    }
    const when = { fromMs, ...(untilMs === undefined ? {} : { untilMs }) }
    const difference = { ...told('presence-without-door', when), personId, workstationId }
    last.set(personId, { door: door?.index, difference })
    found.push(difference)
  }
  return found
}

function byPerson(doors: readonly ToldFact[]): ReadonlyMap<PersonId, readonly ToldFact[]> {
  const found = new Map<PersonId, ToldFact[]>()
  for (const door of doors) {
    if (!door.person) continue
    const list = found.get(door.person)
    if (list) list.push(door)
    else found.set(door.person, [door])
  }
  return found
}

function isIn({ zone, fields }: ToldFact, here: string | undefined): boolean {
  return fields['direction'] !== 'out' || (zone !== undefined && zone !== here)
}

function twoPlaces(open: readonly Span[], { nowMs, isPair }: DifferenceNeeds): Difference[] {
  const found: Difference[] = []
  const standing = new Map<PersonId, Span[]>()
  for (const span of open) {
    const { personId, workstationId } = span
    if (!personId || !workstationId) continue
    const before = (standing.get(personId) ?? []).filter(
      (other) => (other.untilMs ?? nowMs) > span.fromMs + slackMs,
    )
    for (const other of before) {
      const there = other.workstationId
      if (!there || there === workstationId || isPair(there, workstationId)) continue
      const untilMs = Math.min(other.untilMs ?? Infinity, span.untilMs ?? Infinity)
      if (untilMs <= span.fromMs + slackMs) continue
      found.push({
        ...told('two-places', {
          fromMs: span.fromMs,
          ...(untilMs === Infinity ? {} : { untilMs }),
        }),
        ...{ personId, workstationId },
      })
    }
    standing.set(personId, [...before, span])
  }
  return found
}

function told(
  kind: Difference['kind'],
  when: { readonly fromMs: number; readonly untilMs?: number },
): Difference {
  const { fromMs, untilMs } = when
  return { kind, fromMs, ...(untilMs === undefined ? {} : { untilMs }), says: says[kind] }
}

function cut(difference: Difference, { fromMs, toMs, nowMs }: Window): readonly Difference[] {
  const { untilMs } = difference
  if (difference.fromMs >= toMs || (untilMs ?? nowMs) <= fromMs) return []
  const isLate = untilMs === undefined ? nowMs >= toMs : untilMs > toMs
  return [
    {
      ...difference,
      fromMs: Math.max(fromMs, difference.fromMs),
      ...(isLate ? { untilMs: toMs } : {}),
    },
  ]
}
