// The broker's own certificate authority: opened from the key folder at start, asked for
// certificates by the enrolment flows. It decides nothing about who gets one.

import 'reflect-metadata'
import { createHash, X509Certificate as NodeCertificate } from 'node:crypto'
import { isIP } from 'node:net'
import { X509Certificate } from '@peculiar/x509'
import { keyFault } from '../keys/key-folder.ts'
import type { Keys } from '../keys/keys.ts'
import {
  issueServerCertificate,
  issueWorkstationCertificate,
  makeAuthorityCertificate,
} from './certificates.ts'
import type { Issued } from './certificates.ts'

export interface Authority {
  readonly caPem: string
  /** Of the authority's DER, lower-case hex: what is told to whoever enrols a workstation. */
  readonly caSha256: string
  /** When its own certificate begins and ends. */
  readonly beganMs: number
  readonly endsMs: number
  /** `publicKey` is DER as parseCertificateRequest gave it. */
  readonly issue: (publicKey: ArrayBuffer, workstationId: string) => Promise<Issued>
  /** The broker's own chain, leaf first; made anew when little is left of it or names changed. */
  readonly serverChain: () => Promise<string>
}

export interface AuthoritySettings {
  /** Names and addresses by which workstations reach this broker. */
  readonly names: readonly string[]
  readonly certificateHours: number
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const authorityYears = 10
/** Browsers ask for no more; workstations get a new one with each start or daily look. */
const serverDays = 398
/** Clocks of workstations differ, and one that was off for long is hours behind at first. */
const serverBackdateMs = dayMs
/** A workstation's certificate is judged by brokers only, whose clocks are close. */
const clientBackdateMs = 5 * 60_000

const authorityFile = 'authority.crt'
const serverFile = 'server.crt'

/** Throws Fault `key-missing` where the certificate on disk is not of the key beside it. */
export async function openAuthority(
  keys: Keys,
  settings: AuthoritySettings,
  nowMs: () => number,
): Promise<Authority> {
  const caPem = await findOrMakeAuthority(keys, nowMs())
  const issuer = { key: keys.authority, certificate: new X509Certificate(caPem) }
  const { raw, validFromDate, validToDate } = new NodeCertificate(caPem)
  return {
    caPem,
    caSha256: createHash('sha256').update(raw).digest('hex'),
    beganMs: validFromDate.getTime(),
    endsMs: validToDate.getTime(),
    issue: (publicKey, workstationId) => {
      const now = nowMs()
      return issueWorkstationCertificate(issuer, publicKey, workstationId, {
        fromMs: now - clientBackdateMs,
        untilMs: now + settings.certificateHours * hourMs,
      })
    },
    serverChain: async () => {
      const now = nowMs()
      const known = keys.folder.find(serverFile)
      if (known !== undefined && isGood(known, keys, settings.names, caPem, now)) {
        return known + caPem
      }
      const life = { fromMs: now - serverBackdateMs, untilMs: now + serverDays * dayMs }
      const { pem } = await issueServerCertificate(issuer, keys.server, settings.names, life)
      keys.folder.replace(serverFile, pem)
      // The root goes along: a workstation that knows only its hash has to see it once.
      return pem + caPem
    },
  }
}

async function findOrMakeAuthority(keys: Keys, nowMs: number): Promise<string> {
  const known = keys.folder.find(authorityFile)
  if (known !== undefined) {
    if (!isOf(known, keys)) throw keyFault(`${authorityFile}: it is not of authority.key.sealed`)
    return known
  }
  const made = await makeAuthorityCertificate(keys.authority, {
    fromMs: nowMs - serverBackdateMs,
    untilMs: nowMs + authorityYears * 365 * dayMs,
  })
  // Of two brokers that start at once on one folder, both go on with the file that came first.
  keys.folder.create(authorityFile, made)
  return keys.folder.find(authorityFile) ?? made
}

function isOf(pem: string, keys: Keys): boolean {
  return parse(pem)?.checkPrivateKey(keys.authority) === true
}

/** Ours, for these names, with more than a third of its life left. */
function isGood(
  pem: string,
  keys: Keys,
  names: readonly string[],
  caPem: string,
  nowMs: number,
): boolean {
  const certificate = parse(pem)
  if (!certificate?.checkPrivateKey(keys.server)) return false
  if (!certificate.verify(new NodeCertificate(caPem).publicKey)) return false
  const left = certificate.validToDate.getTime() - nowMs
  if (left < (serverDays * dayMs) / 3) return false
  const known = (certificate.subjectAltName ?? '').split(', ').length
  const isNamed = (name: string): boolean =>
    (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined
  return known === names.length && names.every(isNamed)
}

function parse(pem: string): NodeCertificate | undefined {
  try {
    return new NodeCertificate(pem)
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown
    return undefined
  }
}
