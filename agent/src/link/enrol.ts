// Getting and renewing the workstation's certificate. The broker's authority is pinned before
// anything is sent: a token told to a stranger would enrol the stranger.

import { createPrivateKey, X509Certificate } from 'node:crypto'
import { problem } from '@wardkey/protocol/admin/problem'
import { enrolPath, identityAnswer, renewPath } from '@wardkey/protocol/workstation/enrolment'
import type { HardwareClaim, IdentityAnswer } from '@wardkey/protocol/workstation/enrolment'
import { Fault } from '../platform/fault.ts'
import type { BrokerAddress } from './broker-address.ts'
import { makeKeyWithRequest } from './certificate-request.ts'
import type { Identity } from './identity.ts'
import { believedIn, withFirst } from './next-authority.ts'
import { pinnedAuthority } from './pinned-authority.ts'
import type { Pin } from './pinned-authority.ts'
import { post } from './post.ts'
import type { Posted, PostTls } from './post.ts'

export type EnrolOutcome =
  | { readonly kind: 'enrolled'; readonly identity: Identity }
  /** With the code of the broker's problem (RFC 9457), where it has one. */
  | { readonly kind: 'refused'; readonly status: number; readonly code: string }

export interface EnrolRequest {
  readonly broker: BrokerAddress
  readonly pin: Pin
  readonly token: string
  readonly place: string
  readonly assetTag?: string
  readonly hardware?: HardwareClaim
}

/** Throws Fault `link-down` where no broker with that pin answers, or answers with nonsense. */
export async function enrol(asked: EnrolRequest): Promise<EnrolOutcome> {
  const caPem = await pinnedAuthority(asked.broker, asked.pin)
  const { broker: _broker, pin: _pin, ...about } = asked
  return certify(asked.broker, enrolPath, about, { ca: caPem })
}

/** A new key and certificate in place of the present ones, which prove who asks. */
export function renew(
  broker: BrokerAddress,
  identity: Identity,
  hardware?: HardwareClaim,
): Promise<EnrolOutcome> {
  const { caPem, certificatePem, keyPem } = identity
  const about = hardware ? { hardware } : {}
  return certify(broker, renewPath, about, { ca: caPem, cert: certificatePem, key: keyPem })
}

async function certify(
  broker: BrokerAddress,
  path: string,
  about: object,
  tls: PostTls,
): Promise<EnrolOutcome> {
  const { keyPem, csrPem } = await makeKeyWithRequest()
  return outcomeOf(await post(broker, path, { ...about, csrPem }, tls), keyPem, tls.ca)
}

/** Throws Fault `link-down` where the answer is no identity for that key, of that authority. */
export function outcomeOf({ status, text }: Posted, keyPem: string, caPem: string): EnrolOutcome {
  if (status !== 200) {
    const code = problem.safeParse(jsonOf(text)).data?.code ?? String(status)
    return { kind: 'refused', status, code }
  }
  const answer = identityAnswer.safeParse(jsonOf(text)).data
  const believed = answer && believedFor(answer, keyPem, caPem)
  if (!answer || believed === undefined) throw new Fault('link-down', 'permanent')
  return { kind: 'enrolled', identity: { ...answer, caPem: believed, keyPem } }
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}

/**
 * What is believed from now on; nothing where the answer is not of our own key, signed by an
 * authority that is believed already, the one it names. An answer that names another one would have
 * us believe a stranger. Who came with one authority and goes with the next still believes both:
 * brokers may show either (decision 0063).
 */
function believedFor(answer: IdentityAnswer, keyPem: string, caPem: string): string | undefined {
  try {
    const certificate = new X509Certificate(answer.certificatePem)
    const named = new X509Certificate(answer.caPem)
    const believed = believedIn(caPem)
    const isOurs =
      believed.some(({ raw }) => raw.equals(named.raw)) &&
      certificate.checkPrivateKey(createPrivateKey(keyPem)) &&
      certificate.verify(named.publicKey)
    return isOurs ? withFirst(named, believed) : undefined
  } catch (cause) {
    throw new Fault('link-down', 'permanent', { cause })
  }
}
