// The console's two cookies: one holds a sign-in to the browser it was begun in, the other is the
// session. Pure.

const prefix = (isSecure: boolean): string => (isSecure ? '__Host-' : '')
const signInName = (isSecure: boolean): string => `${prefix(isSecure)}wardkey_console_sign_in`
const sessionName = (isSecure: boolean): string => `${prefix(isSecure)}wardkey_console`

/** For as long as a sign-in takes. Lax: she is sent back by the provider. */
export function signInCookie(value: string, isSecure: boolean): string {
  const age = value === '' ? 0 : 300
  return cookie(signInName(isSecure), value, `SameSite=Lax; Max-Age=${String(age)}`, isSecure)
}

/** Until the browser closes, or the session ends: no date that outlives either is in it. */
export function sessionCookie(value: string, isSecure: boolean): string {
  const end = value === '' ? '; Max-Age=0' : ''
  return cookie(sessionName(isSecure), value, `SameSite=Strict${end}`, isSecure)
}

export const signInIn = (header: string | undefined, isSecure: boolean): string | undefined =>
  oneOf(header, signInName(isSecure))

export const sessionIn = (header: string | undefined, isSecure: boolean): string | undefined =>
  oneOf(header, sessionName(isSecure))

function cookie(name: string, value: string, rules: string, isSecure: boolean): string {
  return `${name}=${value}; Path=/; HttpOnly; ${rules}${isSecure ? '; Secure' : ''}`
}

/** Two of the name mean that somebody planted one: neither is believed. */
function oneOf(header: string | undefined, name: string): string | undefined {
  const begin = `${name}=`
  const values = (header ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(begin))
  const [value = ''] = values
  return values.length === 1 ? value.slice(begin.length) : undefined
}
