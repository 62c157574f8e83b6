// Which authorities a workstation believes brokers by: the one of its certificate, and the one that
// was vouched for by one it believes (decision 0063). It believes nothing that merely was shown.

import { createHash, verify, X509Certificate } from 'node:crypto'
import type { NextAuthority } from '@wardkey/protocol/workstation/fleet/next-authority'
import { vouchText } from '@wardkey/protocol/workstation/fleet/next-authority'

/** Its own, the one before it, the one after it: brokers change one at a time. */
const believedMax = 3

const blocks = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** One after another in one text, as TLS takes them: that of the certificate first, then newest. */
export function believedIn(caPem: string): readonly X509Certificate[] {
  return (caPem.match(blocks) ?? []).map((pem) => new X509Certificate(pem))
}

/** With `first` before all others, each once, and of too many not the oldest. */
export function withFirst(first: X509Certificate, others: readonly X509Certificate[]): string {
  const all = [first, ...others]
  const once = all.filter((one, at) => all.findIndex(({ raw }) => raw.equals(one.raw)) === at)
  return once.slice(0, believedMax).join('')
}

/** What was learned while a renewal was on its way is not forgotten with its answer. */
export function withLearned(caPem: string, learned: string): string {
  const [own, ...others] = believedIn(caPem)
  return own ? withFirst(own, [...others, ...believedIn(learned)]) : caPem
}

export function sha256Of({ raw }: X509Certificate): string {
  return createHash('sha256').update(raw).digest('hex')
}

/**
 * All that is believed from now on. Nothing where that is no more than before: it is known already,
 * nobody who is believed vouches for it, or it is no authority that could prove a broker.
 */
export function withNext(caPem: string, next: NextAuthority, nowMs: number): string | undefined {
  const [own, ...others] = believedIn(caPem)
  const offered = authorityIn(next.caPem)
  if (!own || !offered || offered.validToDate.getTime() <= nowMs) return undefined
  const believed = [own, ...others]
  if (believed.some(({ raw }) => raw.equals(offered.raw))) return undefined
  if (!believed.some((one) => vouches(one, offered, next.vouch))) return undefined
  return withFirst(own, [offered, ...others])
}

/** An authority proves itself: a certificate that another one signed is not one of its own. */
function authorityIn(pem: string): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(pem)
    return certificate.ca && certificate.verify(certificate.publicKey) ? certificate : undefined
  } catch {
    // What cannot be read is not believed; who sent it goes on being heard.
    return undefined
  }
}

function vouches(present: X509Certificate, next: X509Certificate, vouch: string): boolean {
  const text = Buffer.from(vouchText(sha256Of(present), sha256Of(next)))
  return verify('sha256', text, present.publicKey, Buffer.from(vouch, 'base64url'))
}
