// The two cookies of Larkfield Chart: which session, and which browser. Both mean nothing by
// themselves.

import type { FastifyReply, FastifyRequest } from 'fastify'

export type CookieName = 'session' | 'browser'

/**
 * Cookies know no ports, so every program on 127.0.0.1 sees them: hence the name of our own, and
 * hence a form token beside the cookie. With TLS the __Host- prefix pins them to this origin.
 */
export function cookieName(name: CookieName, origin: string): string {
  return `${origin.startsWith('https:') ? '__Host-' : ''}larkfield_${name}`
}

const id = /^[A-Za-z0-9_-]{16,128}$/

export function readCookie(
  request: FastifyRequest,
  name: CookieName,
  origin: string,
): string | undefined {
  const wanted = `${cookieName(name, origin)}=`
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((each) => each.trim())
    .find((each) => each.startsWith(wanted))
  const value = found?.slice(wanted.length)
  return value !== undefined && id.test(value) ? value : undefined
}

/**
 * HttpOnly, host-only, for this browser session alone; Lax, because the answer comes from abroad.
 */
export function setCookie(
  reply: FastifyReply,
  name: CookieName,
  value: string,
  origin: string,
): void {
  const secure = origin.startsWith('https:') ? '; Secure' : ''
  const cookie = `${cookieName(name, origin)}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}`
  reply.header('set-cookie', cookie)
}

/** One browser, one id, for as long as the browser runs: it ties an answer to who asked. */
export function browserIdOf(
  request: FastifyRequest,
  reply: FastifyReply,
  origin: string,
  newId: () => string,
): string {
  const known = readCookie(request, 'browser', origin)
  if (known !== undefined) return known
  const id = newId()
  setCookie(reply, 'browser', id, origin)
  return id
}
