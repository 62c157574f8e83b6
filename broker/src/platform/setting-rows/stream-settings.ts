// What a stream of facts may be in the settings: where it goes, in which format, what of the record
// and of people goes out. Shapes, and what one entry must be to itself.

import { isAbsolute } from 'node:path'
import { z } from 'zod'

const hours = (n: number): number => n * 3_600_000
const file = z
  .string()
  .min(1)
  .max(1024)
  .refine((path) => isAbsolute(path), 'has to be a whole path')
const host = z.string().regex(/^[A-Za-z0-9:.-]{1,255}$/, 'has to be a host name or an address')
/** A token goes with each request, and facts of a hospital too. */
const address = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .refine((text) => {
    const { protocol, hostname, username } = new URL(text)
    const isNear = /^(localhost|127(\.[0-9]{1,3}){3}|\[::1\])$/.test(hostname)
    return username === '' && (protocol === 'https:' || isNear)
  }, 'has to be https, except on loopback, and without a user')
const privateAddresses = z.array(z.string().min(1).max(255)).max(64).default([])
/** The words before a token in `Authorization`: Bearer, Splunk, ApiKey. */
const scheme = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,31}$/)

const usual = {
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'has to be a short name in small letters'),
  /** Codes, or their beginnings with a star: `BTG-*`. */
  codes: z
    .array(
      z.string().regex(/^([A-Z]{3}-[0-9]{3}|[A-Z]{3}-\*)$/, 'has to look like BTG-002 or BTG-*'),
    )
    .min(1)
    .max(200)
    .optional(),
  classes: z
    .array(
      z.enum([
        ...(['sign-in', 'emergency', 'presence', 'offline', 'people', 'policy'] as const),
        ...(['workstations', 'administration', 'system', 'other'] as const),
      ]),
    )
    .min(1)
    .optional(),
  identifiers: z.enum(['ids', 'staff-numbers', 'names']).default('ids'),
  /** Where a stream begins that was never sent. */
  from: z.enum(['now', 'beginning']).default('now'),
}

const syslog = z
  .strictObject({
    ...usual,
    kind: z.literal('syslog'),
    host,
    port: z.int().min(1).max(65_535).default(6514),
    /** Whose certificates are believed, and nobody else’s. */
    caFile: file,
    /** The name in its certificate, where that is not the host. */
    serverName: host.optional(),
    certFile: file.optional(),
    keyFile: file.optional(),
    format: z.enum(['json', 'cef']).default('json'),
    facility: z.int().min(0).max(23).default(10),
    bom: z.boolean().default(false),
    hostName: host.optional(),
    /** 32473 is for documentation (RFC 5612): ask IANA for a number, or take the hospital’s own. */
    enterprise: z.int().min(1).max(4_294_967_295).default(32_473),
    resendMs: z.int().min(0).max(hours(1)).default(30_000),
    resendMin: z.int().min(0).max(100_000).default(500),
  })
  .refine(({ certFile, keyFile }) => (certFile === undefined) === (keyFile === undefined), {
    path: ['certFile'],
    message: 'and keyFile belong together: give both or neither',
  })

const webhook = z
  .strictObject({
    ...usual,
    kind: z.literal('webhook'),
    url: address,
    format: z.enum(['json', 'ocsf']).default('json'),
    /** One object with all of them, an array of them, or a line for each. */
    body: z.enum(['envelope', 'array', 'lines']).default('envelope'),
    batch: z.int().min(1).max(500).default(100),
    caFile: file.optional(),
    tokenFile: file.optional(),
    scheme: scheme.default('Bearer'),
    privateAddresses,
  })
  .refine(({ body, tokenFile }) => body === 'envelope' || tokenFile !== undefined, {
    path: ['tokenFile'],
    message: 'is needed where the body is no envelope: such receivers know us by a token',
  })

const fhir = z
  .strictObject({
    ...usual,
    kind: z.literal('fhir'),
    url: address,
    repeats: z.enum(['if-none-exist', 'put']).default('if-none-exist'),
    caFile: file.optional(),
    tokenFile: file.optional(),
    /** SMART Backend Services: where tokens are, as whom, and for what. */
    smart: z
      .strictObject({
        tokenUrl: address,
        clientId: z.string().min(1).max(200),
        scope: z.string().min(1).max(400).default('system/AuditEvent.c'),
      })
      .optional(),
    privateAddresses,
  })
  .refine(({ tokenFile, smart }) => tokenFile === undefined || smart === undefined, {
    path: ['tokenFile'],
    message: 'and smart are two ways for one thing: give one of them',
  })

const folder = z.strictObject({
  ...usual,
  kind: z.literal('file'),
  folder: file,
  format: z.enum(['csv', 'json', 'ocsf']).default('csv'),
  rollMb: z.int().min(1).max(10_000).default(64),
  rollMs: z
    .int()
    .min(60_000)
    .max(hours(24 * 31))
    .default(hours(24)),
})

const streamSetting = z.discriminatedUnion('kind', [syslog, webhook, fhir, folder])
export type StreamSetting = z.output<typeof streamSetting>
export type StreamOf<Kind extends StreamSetting['kind']> = Extract<StreamSetting, { kind: Kind }>

const streamsMax = 16
export const streamSettings = z
  .array(streamSetting)
  .max(streamsMax)
  .refine(
    (all) => new Set(all.map(({ name }) => name)).size === all.length,
    'names a stream that is there already',
  )
  .default([])
