// The console's two cookies: one holds a sign-in to the browser it was begun in, the other is the
// session. Pure.

import { cookieIn, cookieText } from '../one-cookie.ts'

const signInName = 'wardkey_console_sign_in'
const sessionName = 'wardkey_console'

/** For as long as a sign-in takes. Lax: she is sent back by the provider. */
export function signInCookie(value: string, isSecure: boolean): string {
  const age = value === '' ? 0 : 300
  return cookieText(signInName, value, `SameSite=Lax; Max-Age=${String(age)}`, isSecure)
}

/** Until the browser closes, or the session ends: no date that outlives either is in it. */
export function sessionCookie(value: string, isSecure: boolean): string {
  const end = value === '' ? '; Max-Age=0' : ''
  return cookieText(sessionName, value, `SameSite=Strict${end}`, isSecure)
}

export const signInIn = (header: string | undefined, isSecure: boolean): string | undefined =>
  cookieIn(header, signInName, isSecure)

export const sessionIn = (header: string | undefined, isSecure: boolean): string | undefined =>
  cookieIn(header, sessionName, isSecure)
