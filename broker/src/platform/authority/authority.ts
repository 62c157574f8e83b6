// The broker's own certificate authority: opened from the key folder at start, asked for
// certificates by the enrolment flows. It decides nothing about who gets one.

import 'reflect-metadata'
import { createHash, sign, X509Certificate as NodeCertificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import { X509Certificate } from '@peculiar/x509'
import { vouchText } from '@wardkey/protocol/workstation/fleet/next-authority'
import type { NextAuthority } from '@wardkey/protocol/workstation/fleet/next-authority'
import { keyFault } from '../keys/key-folder.ts'
import type { Keys } from '../keys/keys.ts'
import {
  issueServerCertificate,
  issueWorkstationCertificate,
  makeAuthorityCertificate,
} from './certificates.ts'
import type { Issued, Issuer } from './certificates.ts'

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
  /** The one after it, with this one's word for it: what workstations are shown. */
  readonly vouchFor: (next: Pick<Authority, 'caPem' | 'caSha256'>) => NextAuthority
}

/** One that comes after: it issues, and no door shows its certificate. */
export type LaterAuthority = Pick<Authority, 'caPem' | 'caSha256' | 'beganMs' | 'endsMs' | 'issue'>

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
  const key = keys.authority
  const caPem = await findOrMakeCertificate(keys, authorityFile, key, nowMs())
  const issuer = { key, certificate: new X509Certificate(caPem) }
  const opened = opensAs(issuer, caPem, settings, nowMs)
  return {
    ...opened,
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
    vouchFor: (next) => {
      const text = Buffer.from(vouchText(opened.caSha256, next.caSha256))
      return { caPem: next.caPem, vouch: sign('sha256', text, key).toString('base64url') }
    },
  }
}

/**
 * Both files are durable when it resolves, and of no use to anybody until a row names them. Killed
 * before, the next try with this generation takes up what is there.
 */
export async function makeLaterAuthority(
  keys: Keys,
  generation: string,
  nowMs: number,
): Promise<string> {
  const key = keys.makeAuthorityKey(generation)
  return sha256Of(await findOrMakeCertificate(keys, laterFile(generation), key, nowMs))
}

/**
 * Nothing where one of its two files is not there. Throws Fault `key-missing` where they do not
 * belong together.
 */
export function findLaterAuthority(
  keys: Keys,
  generation: string,
  settings: Pick<AuthoritySettings, 'certificateHours'>,
  nowMs: () => number,
): LaterAuthority | undefined {
  const key = keys.findAuthorityKey(generation)
  const caPem = keys.folder.find(laterFile(generation))
  if (!key || caPem === undefined) return undefined
  refuseOther(laterFile(generation), caPem, key)
  return opensAs({ key, certificate: new X509Certificate(caPem) }, caPem, settings, nowMs)
}

const laterFile = (generation: string): string => `authority-${generation}.crt`

function opensAs(
  issuer: Issuer,
  caPem: string,
  { certificateHours }: Pick<AuthoritySettings, 'certificateHours'>,
  nowMs: () => number,
): LaterAuthority {
  const { validFromDate, validToDate } = new NodeCertificate(caPem)
  return {
    caPem,
    caSha256: sha256Of(caPem),
    beganMs: validFromDate.getTime(),
    endsMs: validToDate.getTime(),
    issue: (publicKey, workstationId) => {
      const now = nowMs()
      return issueWorkstationCertificate(issuer, publicKey, workstationId, {
        fromMs: now - clientBackdateMs,
        untilMs: now + certificateHours * hourMs,
      })
    },
  }
}

async function findOrMakeCertificate(
  { folder }: Keys,
  file: string,
  key: KeyObject,
  nowMs: number,
): Promise<string> {
  const known = folder.find(file)
  if (known !== undefined) {
    refuseOther(file, known, key)
    return known
  }
  const made = await makeAuthorityCertificate(key, {
    fromMs: nowMs - serverBackdateMs,
    untilMs: nowMs + authorityYears * 365 * dayMs,
  })
  // Of two brokers that start at once on one folder, both go on with the file that came first.
  folder.create(file, made)
  return folder.find(file) ?? made
}

function refuseOther(file: string, pem: string, key: KeyObject): void {
  if (parse(pem)?.checkPrivateKey(key) === true) return
  throw keyFault(`${file}: it is not of ${file.replace(/crt$/, 'key.sealed')}`)
}

const sha256Of = (caPem: string): string =>
  createHash('sha256').update(new NodeCertificate(caPem).raw).digest('hex')

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
