// How the doors for browsers write a cookie, and read it back. Pure.

/** No script reads it, and with TLS no other host or path sets it (RFC 6265bis, `__Host-`). */
export function cookieText(name: string, value: string, rules: string, isSecure: boolean): string {
  const secure = isSecure ? '; Secure' : ''
  return `${fullName(name, isSecure)}=${value}; Path=/; HttpOnly; ${rules}${secure}`
}

/** Two of the name mean that somebody planted one: neither is believed. */
export function cookieIn(
  header: string | undefined,
  name: string,
  isSecure: boolean,
): string | undefined {
  const begin = `${fullName(name, isSecure)}=`
  const values = (header ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(begin))
  const [value = ''] = values
  return values.length === 1 ? value.slice(begin.length) : undefined
}

const fullName = (name: string, isSecure: boolean): string => `${isSecure ? '__Host-' : ''}${name}`
