// The seat: which session at which workstation a browser context belongs to, as a signed cookie.
// It is a claim about the past; whether that session is open there now is asked of the store anew
// at every use.

import { createHmac, timingSafeEqual } from 'node:crypto'
import { sessionId, workstationId } from '@wardkey/protocol/ids'
import type { SessionId, WorkstationId } from '@wardkey/protocol/ids'

export interface Seat {
  readonly sessionId: SessionId
  readonly workstationId: WorkstationId
}

export const seatCookieName = 'wardkey_seat'

const seatBytesMax = 200

/** Signs a seat. The key is the cookie key, which signs nothing else in this form. */
export function signSeat(seat: Seat, key: Uint8Array): string {
  const text = `${seat.sessionId}.${seat.workstationId}`
  return `${text}.${macOf(text, key).toString('base64url')}`
}

/** The seat in a Cookie header, or nothing: a bad signature is the same as no cookie. */
export function parseSeat(cookieHeader: string | undefined, key: Uint8Array): Seat | undefined {
  const value = cookieValue(cookieHeader ?? '')
  if (value === undefined || value.length > seatBytesMax) return undefined
  const [session, workstation, mac, ...rest] = value.split('.')
  if (session === undefined || workstation === undefined || mac === undefined) return undefined
  if (rest.length > 0) return undefined
  const expected = macOf(`${session}.${workstation}`, key)
  const given = Buffer.from(mac, 'base64url')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  const parsedSession = sessionId.safeParse(session)
  const parsedWorkstation = workstationId.safeParse(workstation)
  if (!parsedSession.success || !parsedWorkstation.success) return undefined
  return { sessionId: parsedSession.data, workstationId: parsedWorkstation.data }
}

/**
 * The Set-Cookie value. A session cookie: it lives in a browser context that is thrown away when
 * the session ends. `SameSite=Lax` because the EHR's redirect back to us is a top-level navigation.
 */
export function seatCookie(value: string, isSecure: boolean): string {
  return `${seatCookieName}=${value}; Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
}

function cookieValue(header: string): string | undefined {
  // Two cookies of the name mean that somebody planted one: neither is believed.
  const values = header
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${seatCookieName}=`))
  return values.length === 1 ? values[0]?.slice(seatCookieName.length + 1) : undefined
}

function macOf(text: string, key: Uint8Array): Buffer {
  return createHmac('sha256', key).update(`seat\n${text}`).digest()
}
