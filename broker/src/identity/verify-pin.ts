// Checks a PIN. The attempt is counted, durably, before the PIN is looked at: a crash, a second
// broker or a thousand guesses at once gain nobody a guess that does not count.

import type { PersonId, WorkstationId } from '@wardkey/protocol/ids'
import { failuresMax, foreverMs, triesLeft } from '@wardkey/protocol/workstation/pin-lock'
import { Fault } from '../platform/fault.ts'
import type { Store, Write } from '../store/store.ts'
import type { KnownPin, PinHashing, PinPlace } from './pin-hashing.ts'
import { pinScheme } from './pin-pepper.ts'
import { beginAttempt, matchAttempt, readPin, settleAttempt } from './pins/pin-attempts.ts'
import type { Tried } from './pins/pin-attempts.ts'

export interface VerifyPinNeeds {
  readonly store: Store
  readonly hashing: PinHashing
  readonly nowMs: () => number
  readonly newId: () => string
}

/**
 * Where the PIN was typed. Only whoever holds a question that this person's own badge has raised at
 * this workstation, or in which a witness has confirmed her name there, may call `verifyPin`: that is
 * why nobody can lock a colleague out from afar.
 */
export interface PinContext {
  readonly workstationId: WorkstationId
}

export type PinVerdict =
  /** `writes` reset the count; they belong in the unit that the PIN opens. */
  | { readonly kind: 'matched'; readonly writes: readonly Write[] }
  | {
      readonly kind: 'wrong'
      readonly writes: readonly Write[]
      readonly failures: number
      /** Before the PIN waits; at least 1 unless `lock` says that it waits now. */
      readonly triesLeft: number
      /** Present when this wrong PIN was the one that locked it. */
      readonly lock?: { readonly retryAfterMs?: number }
    }
  /** Not looked at, and nothing counted. */
  | {
      readonly kind: 'not-checked'
      readonly code: 'pin-locked' | 'workstation-locked-out' | 'pin-not-set' | 'busy'
      readonly retryAfterMs?: number
    }

export type VerifyPin = (person: PersonId, pin: string, context: PinContext) => Promise<PinVerdict>

const beginTries = 20
/** Of no PIN: hashed for people without one, so that the time taken does not tell who they are. */
export const nobodys: KnownPin = {
  hash: '$argon2id$v=19$m=19456,t=2,p=1$VGhlcmUgaXMgbm8gUElO$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  scheme: pinScheme,
}

export function makeVerifyPin(needs: VerifyPinNeeds): VerifyPin {
  return async (person, pin, context) => {
    // The place first: what cannot be checked soon must not be counted.
    const place = needs.hashing.reserve()
    if (!place) {
      return { kind: 'not-checked', code: 'busy', retryAfterMs: needs.hashing.retryAfterMs }
    }
    try {
      return await verifyInPlace(needs, place, person, pin, context)
    } finally {
      place.leave()
    }
  }
}

async function verifyInPlace(
  needs: VerifyPinNeeds,
  place: PinPlace,
  person: PersonId,
  pin: string,
  context: PinContext,
): Promise<PinVerdict> {
  for (let attempt = 0; attempt < beginTries; attempt++) {
    const known = await readPin(needs.store.read, person, context.workstationId)
    const nowMs = needs.nowMs()
    if (!known) {
      await place.verify(person, pin, nobodys)
      return { kind: 'not-checked', code: 'pin-not-set' }
    }
    if (known.lockedUntilMs > nowMs) return notChecked('pin-locked', known.lockedUntilMs, nowMs)
    if (known.placeLockedUntilMs > nowMs) {
      return notChecked('workstation-locked-out', known.placeLockedUntilMs, nowMs)
    }
    const { hash } = known
    const tried = { id: needs.newId(), person, workstation: context.workstationId, nowMs, hash }
    const begun = await needs.store.commit({
      kind: 'housekeeping',
      writes: beginAttempt(needs.store.read, tried),
    })
    if (begun.kind === 'conflict') continue
    const { isMatch, rehashed } = await place.verify(person, pin, known)
    if (!isMatch) return wrong(needs, tried)
    const matched = { ...tried, nowMs: needs.nowMs(), rehashed }
    return { kind: 'matched', writes: matchAttempt(needs.store.read, matched) }
  }
  throw new Fault('store-contended', 'transient')
}

async function wrong(
  needs: VerifyPinNeeds,
  { id, person, workstation }: Tried,
): Promise<PinVerdict> {
  const db = needs.store.read
  const row = await readPin(db, person, workstation)
  const nowMs = needs.nowMs()
  const failures = row?.failures ?? failuresMax
  const isLocked = row === undefined || row.lockedUntilMs > nowMs
  return {
    kind: 'wrong',
    writes: [settleAttempt(db, id, 'wrong')],
    failures,
    triesLeft: triesLeft(failures),
    ...(isLocked ? { lock: waitOf(row?.lockedUntilMs ?? foreverMs, nowMs) } : {}),
  }
}

function notChecked(
  code: 'pin-locked' | 'workstation-locked-out',
  untilMs: number,
  nowMs: number,
): PinVerdict {
  return { kind: 'not-checked', code, ...waitOf(untilMs, nowMs) }
}

/** A PIN that waits for ever says no time: only setting it anew helps. */
function waitOf(untilMs: number, nowMs: number): { retryAfterMs?: number } {
  return untilMs >= foreverMs ? {} : { retryAfterMs: Math.max(0, untilMs - nowMs) }
}
