// The three kinds of certificate there are: the authority's own, the broker's towards workstations,
// and a workstation's. Each says exactly what it is for, so that none can be used as another.

import 'reflect-metadata'
import { createHash, createPublicKey, randomBytes, webcrypto } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import type { Extension, X509Certificate } from '@peculiar/x509'

export interface Issued {
  readonly pem: string
  /** Of the authority that signed it. */
  readonly caPem: string
  /** Of the DER, lower-case hex: what the store knows a certificate by. */
  readonly sha256: string
  readonly notAfterMs: number
}

export interface Issuer {
  readonly key: KeyObject
  readonly certificate: X509Certificate
}

interface Lifetime {
  readonly fromMs: number
  readonly untilMs: number
}

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** A name that people can read in a certificate viewer; nothing is decided by it. */
const authorityName = 'CN=Wardkey workstation authority'

export async function makeAuthorityCertificate(key: KeyObject, life: Lifetime): Promise<string> {
  const publicKey = publicKeyOf(key)
  const certificate = await X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: authorityName,
    issuer: authorityName,
    notBefore: new Date(life.fromMs),
    notAfter: new Date(life.untilMs),
    signingKey: await signingKeyOf(key),
    publicKey,
    signingAlgorithm: ecdsa,
    extensions: [
      // Path length 0: whoever steals a workstation's key can never be an authority of its own.
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(publicKey),
    ],
  })
  return pemOf(certificate)
}

/** For the door that workstations connect to, under every name they may use for it. */
export async function issueServerCertificate(
  issuer: Issuer,
  key: KeyObject,
  names: readonly string[],
  life: Lifetime,
): Promise<Issued> {
  return issue(issuer, publicKeyOf(key), 'CN=Wardkey broker', life, [
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension(
      names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
    ),
  ])
}

/** For a workstation: its id as common name and as URI, good for nothing but being a client. */
export async function issueWorkstationCertificate(
  issuer: Issuer,
  publicKey: ArrayBuffer,
  workstationId: string,
  life: Lifetime,
): Promise<Issued> {
  return issue(issuer, new PublicKey(publicKey), `CN=${workstationId}`, life, [
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
    new SubjectAlternativeNameExtension([{ type: 'url', value: workstationUri(workstationId) }]),
  ])
}

export function workstationUri(workstationId: string): string {
  return `urn:wardkey:workstation:${workstationId}`
}

async function issue(
  issuer: Issuer,
  publicKey: PublicKey,
  subject: string,
  life: Lifetime,
  extensions: readonly Extension[],
): Promise<Issued> {
  const certificate = await X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject,
    issuer: issuer.certificate.subject,
    notBefore: new Date(life.fromMs),
    notAfter: new Date(life.untilMs),
    signingKey: await signingKeyOf(issuer.key),
    publicKey,
    signingAlgorithm: ecdsa,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      await SubjectKeyIdentifierExtension.create(publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer.certificate),
      ...extensions,
    ],
  })
  return {
    pem: pemOf(certificate),
    caPem: pemOf(issuer.certificate),
    sha256: createHash('sha256').update(Buffer.from(certificate.rawData)).digest('hex'),
    notAfterMs: certificate.notAfter.getTime(),
  }
}

/** 128 random bits, positive (RFC 5280 §4.1.2.2: at most 20 octets, not negative, not zero). */
function newSerial(): string {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes.toString('hex')
}

function signingKeyOf(key: KeyObject): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey(
    'pkcs8',
    key.export({ format: 'der', type: 'pkcs8' }),
    ecdsa,
    false,
    ['sign'],
  )
}

function publicKeyOf(key: KeyObject): PublicKey {
  return new PublicKey(createPublicKey(key).export({ format: 'der', type: 'spki' }))
}

/** OpenSSL's own form: lines of 64 and a newline at the end, which both sides' schemas ask for. */
function pemOf(certificate: X509Certificate): string {
  const lines =
    Buffer.from(certificate.rawData)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
