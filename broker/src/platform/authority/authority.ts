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

/** Which files of the key folder are its: those that were there first, or a later generation's. */
interface Files {
  readonly certificate: string
  /** Of the broker's door; each authority has its own, since brokers do not change at one moment. */
  readonly server: string
}

const firstFiles: Files = { certificate: 'authority.crt', server: 'server.crt' }
const laterFiles = (generation: string): Files => ({
  certificate: `authority-${generation}.crt`,
  server: `server-${generation}.crt`,
})

/** Throws Fault `key-missing` where the certificate on disk is not of the key beside it. */
export async function openAuthority(
  keys: Keys,
  settings: AuthoritySettings,
  nowMs: () => number,
): Promise<Authority> {
  const key = keys.authority
  const caPem = await findOrMakeCertificate(keys, firstFiles.certificate, key, nowMs())
  return opensAs({ key, caPem, files: firstFiles }, keys, settings, nowMs)
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
  return sha256Of(await findOrMakeCertificate(keys, laterFiles(generation).certificate, key, nowMs))
}

/**
 * Nothing where one of its two files is not there. Throws Fault `key-missing` where they do not
 * belong together.
 */
export function findLaterAuthority(
  keys: Keys,
  generation: string,
  settings: AuthoritySettings,
  nowMs: () => number,
): Authority | undefined {
  const files = laterFiles(generation)
  const key = keys.findAuthorityKey(generation)
  const caPem = keys.folder.find(files.certificate)
  if (!key || caPem === undefined) return undefined
  refuseOther(files.certificate, caPem, key)
  return opensAs({ key, caPem, files }, keys, settings, nowMs)
}

/** Which of its two files are not there; where both are, the one that is not of that hash. */
export function laterFilesMissing(
  keys: Keys,
  { generation, sha256 }: { readonly generation: string; readonly sha256: string },
): readonly string[] {
  const { certificate } = laterFiles(generation)
  const there = keys.folder.names()
  const missing = [certificate, certificate.replace(/crt$/, 'key.sealed')].filter(
    (file) => !there.includes(file),
  )
  if (missing.length > 0) return missing
  const pem = keys.folder.find(certificate) ?? ''
  const key = keys.findAuthorityKey(generation)
  const isIt = key && parse(pem)?.checkPrivateKey(key) === true && sha256Of(pem) === sha256
  return isIt === true ? [] : [certificate]
}

interface Opened {
  readonly key: KeyObject
  readonly caPem: string
  readonly files: Files
}

function opensAs(
  { key, caPem, files }: Opened,
  keys: Keys,
  settings: AuthoritySettings,
  nowMs: () => number,
): Authority {
  const { validFromDate, validToDate } = new NodeCertificate(caPem)
  const issuer: Issuer = { key, certificate: new X509Certificate(caPem) }
  const caSha256 = sha256Of(caPem)
  return {
    ...{ caPem, caSha256, beganMs: validFromDate.getTime(), endsMs: validToDate.getTime() },
    issue: (publicKey, workstationId) => {
      const now = nowMs()
      return issueWorkstationCertificate(issuer, publicKey, workstationId, {
        fromMs: now - clientBackdateMs,
        untilMs: now + settings.certificateHours * hourMs,
      })
    },
    serverChain: async () => {
      const now = nowMs()
      const known = keys.folder.find(files.server)
      if (known !== undefined && isGood(known, keys, settings.names, caPem, now)) {
        return known + caPem
      }
      const life = { fromMs: now - serverBackdateMs, untilMs: now + serverDays * dayMs }
      const { pem } = await issueServerCertificate(issuer, keys.server, settings.names, life)
      keys.folder.replace(files.server, pem)
      // The root goes along: a workstation that knows only its hash has to see it once.
      return pem + caPem
    },
    vouchFor: (next) => {
      const text = Buffer.from(vouchText(caSha256, next.caSha256))
      return { caPem: next.caPem, vouch: sign('sha256', text, key).toString('base64url') }
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

/** Of a certificate: by what everybody names an authority. */
export const sha256Of = (caPem: string): string =>
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
