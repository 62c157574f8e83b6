// The cookie that holds a sign-in to the browser it was begun in. Pure.

const name = (isSecure: boolean): string => `${isSecure ? '__Host-' : ''}wardkey_sign_in`

/** For as long as a sign-in takes; empty takes it away. Lax: she is sent back by the provider. */
export function browserCookie(value: string, isSecure: boolean): string {
  const age = value === '' ? 0 : 300
  const secure = isSecure ? '; Secure' : ''
  return `${name(isSecure)}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${String(age)}${secure}`
}

/** Two of the name mean that somebody planted one: neither is believed. */
export function browserIn(header: string | undefined, isSecure: boolean): string | undefined {
  const begin = `${name(isSecure)}=`
  const values = (header ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(begin))
  const [value = ''] = values
  return values.length === 1 ? value.slice(begin.length) : undefined
}
