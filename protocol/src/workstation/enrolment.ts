// The HTTP exchanges by which a workstation gets and renews its identity, with a token and with
// the certificate it has (without either: fleet/asking). The private key never leaves the
// workstation: only certificate requests (PKCS #10, RFC 2986) travel.

import { z } from 'zod'
import { workstationId } from '../ids.ts'

const pem = (label: string) =>
  z
    .string()
    .max(8192)
    .regex(new RegExp(`^-----BEGIN ${label}-----\\n[A-Za-z0-9+/=\\n]+-----END ${label}-----\\n?$`))

export const enrolPath = '/workstation/v1/enrol'
export const renewPath = '/workstation/v1/renew'
export const socketPath = '/workstation/v1/socket'

export const hardwarePartsMax = 8
/**
 * Which machine this is: hashes of what is soldered to it (its board's id, its network cards). One
 * in common is the same machine, since parts are replaced; none in common is another one.
 */
export const hardwareClaim = z
  .array(z.string().regex(/^[0-9a-f]{32}$/))
  .min(1)
  .max(hardwarePartsMax)
export type HardwareClaim = z.infer<typeof hardwareClaim>

export const enrolRequest = z.strictObject({
  token: z.string().regex(/^wke_[A-Za-z0-9_-]{32,64}$/),
  csrPem: pem('CERTIFICATE REQUEST'),
  /** The name people call the place by: "4 West, station 2". */
  place: z
    .string()
    .min(1)
    .max(80)
    // It is shown on lock screens, where control characters could disguise it.
    .regex(/^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$/u),
  assetTag: z
    .string()
    .max(64)
    .regex(/^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$/u)
    .optional(),
  hardware: hardwareClaim.optional(),
})
export type EnrolRequest = z.infer<typeof enrolRequest>

export const renewRequest = z.strictObject({
  csrPem: pem('CERTIFICATE REQUEST'),
  /** A copy of its disk must not take the certificate that the true one goes on with. */
  hardware: hardwareClaim.optional(),
})

export const identityAnswer = z.strictObject({
  workstationId,
  certificatePem: pem('CERTIFICATE'),
  caPem: pem('CERTIFICATE'),
  notAfterMs: z.int(),
  /** What bundles are signed with (offline-bundle): an Ed25519 public key, raw. */
  bundleKey: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/)
    .optional(),
})
export type IdentityAnswer = z.infer<typeof identityAnswer>
