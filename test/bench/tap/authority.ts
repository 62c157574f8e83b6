// A throw-away authority for the floors: one CA, one server, many clients. The product makes its
// own.

import 'reflect-metadata'
import { randomBytes, webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

export interface KeyPair {
  readonly keyPem: string
  readonly certificatePem: string
}

export interface BenchAuthority {
  readonly caPem: string
  server(): Promise<KeyPair>
  client(name: string): Promise<KeyPair>
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const dayMs = 86_400_000

export async function makeAuthority(): Promise<BenchAuthority> {
  const caKeys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const times = { notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + dayMs) }
  const ca = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: 'CN=bench authority',
    ...times,
    keys: caKeys,
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(true, 0, true)],
  })
  const issue = async (name: string, usage: ExtendedKeyUsage): Promise<KeyPair> => {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    const certificate = await X509CertificateGenerator.create({
      serialNumber: serial(),
      subject: `CN=${name}`,
      issuer: ca.subject,
      ...times,
      publicKey: keys.publicKey,
      signingKey: caKeys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [
        new ExtendedKeyUsageExtension([usage]),
        new SubjectAlternativeNameExtension([
          { type: 'dns', value: 'localhost' },
          { type: 'ip', value: '127.0.0.1' },
        ]),
      ],
    })
    const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey))
    const lines = der.toString('base64').match(/.{1,64}/g) ?? []
    return {
      keyPem: `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`,
      certificatePem: certificate.toString('pem'),
    }
  }
  return {
    caPem: ca.toString('pem'),
    server: () => issue('localhost', ExtendedKeyUsage.serverAuth),
    client: (name) => issue(name, ExtendedKeyUsage.clientAuth),
  }
}

const serial = (): string => `01${randomBytes(15).toString('hex')}`
