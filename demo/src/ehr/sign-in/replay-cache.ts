// Remembers the ids of tokens until they expire, so that each is taken once. Bounded.

export interface ReplayCache {
  /** True the first time; false for an id that was taken before and has not expired. */
  take(id: string, expiresAtMs: number, nowMs: number): boolean
}

export function createReplayCache(limit: number): ReplayCache {
  const seen = new Map<string, number>()
  const forgetExpired = (nowMs: number): void => {
    for (const [id, expiresAtMs] of seen) if (expiresAtMs <= nowMs) seen.delete(id)
  }
  return {
    take(id, expiresAtMs, nowMs) {
      const before = seen.get(id)
      if (before !== undefined && before > nowMs) return false
      if (seen.size >= limit) forgetExpired(nowMs)
      if (seen.size >= limit) {
        // Only signed ids get here. Forgetting the oldest risks a logout being taken twice, which
        // harms nobody; refusing new ones would leave charts open.
        const oldest = seen.keys().next()
        if (!oldest.done) seen.delete(oldest.value)
      }
      seen.set(id, expiresAtMs)
      return true
    },
  }
}
