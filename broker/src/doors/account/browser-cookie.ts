// The cookie that holds a sign-in to the browser it was begun in. Pure.

import { cookieIn, cookieText } from '../one-cookie.ts'

const name = 'wardkey_sign_in'

/** For as long as a sign-in takes; empty takes it away. Lax: she is sent back by the provider. */
export function browserCookie(value: string, isSecure: boolean): string {
  const age = value === '' ? 0 : 300
  return cookieText(name, value, `SameSite=Lax; Max-Age=${String(age)}`, isSecure)
}

export const browserIn = (header: string | undefined, isSecure: boolean): string | undefined =>
  cookieIn(header, name, isSecure)
