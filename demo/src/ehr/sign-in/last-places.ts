// Which chart somebody had open, so that she finds it again at the next workstation: kept for her
// and her session alone, for a while, in memory. Never for anybody else, and never a right: whether
// she may see it there is asked anew.

export interface LastPlaces {
  note(of: Whose, patientId: string, nowMs: number): void
  find(of: Whose, nowMs: number): string | undefined
}

/** The same session at the provider, wherever its screen is; without one nothing is kept. */
export interface Whose {
  readonly sub: string
  readonly session: string | undefined
}

/** Long enough for a walk between two workstations, too short for the next shift. */
const keptMs = 30 * 60_000

export function createLastPlaces(limit: number): LastPlaces {
  const places = new Map<string, { readonly patientId: string; readonly untilMs: number }>()
  const keyOf = ({ sub, session }: Whose): string | undefined =>
    session === undefined ? undefined : JSON.stringify([sub, session])
  return {
    note(of, patientId, nowMs) {
      const key = keyOf(of)
      if (key === undefined) return
      places.delete(key)
      const oldest = places.keys().next()
      if (places.size >= limit && !oldest.done) places.delete(oldest.value)
      places.set(key, { patientId, untilMs: nowMs + keptMs })
    },
    find(of, nowMs) {
      const place = places.get(keyOf(of) ?? '')
      return place && nowMs < place.untilMs ? place.patientId : undefined
    },
  }
}
