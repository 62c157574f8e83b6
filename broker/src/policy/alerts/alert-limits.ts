// From when on rules of alerts speak: the hospital's settings, in one shape. Pure.

export interface AlertLimits {
  /** Off shift is not off shift so long before and after being at work. */
  readonly offShiftMarginMs: number
  readonly refusals: number
  readonly unknownCards: number
  readonly refusalsMs: number
  readonly twoPlacesMs: number
  /** Pairs of zones that are next to each other, `a+b`. */
  readonly nearZones: readonly string[]
  /** How long a door's word is good for. */
  readonly doorMs: number
  readonly swaps: number
  readonly swapMs: number
  readonly cloneMs: number
  readonly emergencies: number
  readonly emergenciesMs: number
  readonly zoneEmergencies: number
  readonly zoneEmergenciesMs: number
  readonly checkpointLateMs: number
  readonly silentMs: number
}
