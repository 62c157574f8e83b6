// What each setting of the broker may be. Only shapes: what settings mean together is judged in
// settings-together.ts, and what they are called for people in settings-table.ts.

import { isIP } from 'node:net'
import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { ehrApp } from '@wardkey/ehr-adapters/contract/ehr-adapter'
import { zoneId } from '@wardkey/protocol/ids'
import { alertSchemas } from './setting-rows/alert-schemas.ts'
import { feedSettings } from './setting-rows/feed-settings.ts'
import { streamSettings } from './setting-rows/stream-settings.ts'
import { updateSchemas } from './setting-rows/update-schemas.ts'

const minutes = (n: number): number => n * 60_000
const hours = (n: number): number => minutes(n * 60)

const path = z.string().min(1).max(1024)
const host = z.string().regex(/^[A-Za-z0-9:.-]{1,255}$/, 'has to be a host name or an address')
/** A whole number, or its digits as the environment gives them; nothing else turns into one. */
const count = (min: number, max: number) =>
  z
    .union([
      z.int(),
      z
        .string()
        .regex(/^[0-9]{1,12}$/, 'has to be a whole number')
        .transform(Number),
    ])
    .pipe(z.int().min(min).max(max))
const port = count(0, 65_535)
const durationMs = count(1000, hours(24))
const yesNo = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])
/** In the environment a list is one text with commas. */
const list = (item: z.ZodType<string, string>, max: number) =>
  z.union([
    z.array(item).max(max),
    z
      .string()
      .transform((text) => text.split(',').map((part) => part.trim()))
      .pipe(z.array(item).max(max)),
  ])

/** As the IANA database has it; whatever this Node knows. */
function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

const webUrl = z.url({ protocol: /^https?$/ }).max(2048)
const text = z.string().min(1).max(80)

/** As tokens have them: a word, or an address, without white space. */
const word = z.string().regex(/^[\x21-\x2b\x2d-\x7e]{1,200}$/, 'has to be a word')
const claimName = z.string().regex(/^[A-Za-z0-9_.:/-]{1,200}$/, 'has to be the name of a claim')
const webOrigin = z
  .string()
  .regex(/^https?:\/\/[A-Za-z0-9.:[\]-]{1,255}$/, 'has to look like https://login.hospital.example')

/** A host name, an address, or a range of addresses: "10.20.0.0/16". */
const hostOrRange = z.string().refine((entry) => {
  const [address = '', prefix, ...rest] = entry.split('/')
  const family = isIP(address)
  if (rest.length > 0) return false
  if (prefix === undefined) return family !== 0 || host.safeParse(entry).success
  return family !== 0 && /^[0-9]{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128)
}, 'has to be a host, an address or a range like 10.20.0.0/16')

/** An EHR as it signs people in here, and, with `launch`, as it is opened at a workstation. */
export const oidcClientSetting = z
  .strictObject({
    clientId: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
    name: text,
    /** RFC 6749 gives no length; anything shorter can be guessed at the token endpoint. */
    secret: z.string().min(32).max(512).optional(),
    secretFile: path.optional(),
    redirectUris: z.array(webUrl).min(1).max(16),
    postLogoutRedirectUris: z.array(webUrl).max(16).default([]),
    backchannelLogoutUri: webUrl.optional(),
    idTokenAlg: z.enum(['ES256', 'RS256']).default('ES256'),
    launch: ehrApp.optional(),
  })
  .refine(({ secret, secretFile }) => (secret === undefined) !== (secretFile === undefined), {
    path: ['secret'],
    message: 'has to be given once: as secret or as secretFile',
  })

/** A zone with its rules; what rules there are is the policy's (policy/zone-settings.ts). */
const zoneSetting = z.strictObject({
  id: z.string().pipe(zoneId),
  kind: z.string().regex(/^[a-z-]{1,32}$/),
  label: text,
  rules: z.record(z.string(), z.unknown()).default({}),
})

const pattern = z.string().trim().min(1).max(200)
const patterns = z.union([pattern.transform((one) => [one]), z.array(pattern).min(1).max(64)])
const words = {
  jobCode: patterns.optional(),
  department: patterns.optional(),
  division: patterns.optional(),
  location: patterns.optional(),
  company: patterns.optional(),
  group: patterns.optional(),
  scimRole: patterns.optional(),
}

/** Each word that a rule names has to fit; of several patterns for one word, one of them. */
const roleRule = z
  .strictObject({
    /** What reports and the test bench call it. */
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
    ...words,
    roles: z
      .array(z.string().regex(/^[a-z][a-z0-9-]{0,62}$/))
      .min(1)
      .max(32),
  })
  .refine((rule) => Object.keys(words).some((word) => word in rule), {
    message: 'has to name at least one of jobCode, department, division, location …',
  })
export type RoleRule = z.output<typeof roleRule>

/** What it means is the identity's to say (identity/cards/allowed-cards). */
const range = '(:[0-9]{1,11}-[0-9]{1,11})?'
const withFacility = `(H10301|H10306|C1K35|H10304|C1K48)(:[0-9]{0,7})?${range}`
const allowedCard = z
  .string()
  .regex(
    new RegExp(`^(csn(-(4|7|8|10))?|simulated|${withFacility}|H10302(:${range})?)$`, 'i'),
    'has to look like csn-7, H10301:123 or H10302::1-99999',
  )

/** `name+id+key`, as a record or a witness tells it (C2SP signed-note). */
const verifierKey = z
  .string()
  .regex(/^[^+\s]{1,255}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/, 'has to be a key: name+id+key')
const witnessName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/)

/** A folder on other storage, or another program that cosigns (audit/witness). */
const witnessSetting = z.union([
  z.strictObject({
    name: witnessName,
    folder: path.refine((folder) => isAbsolute(folder), 'has to be a whole path'),
  }),
  z.strictObject({ name: witnessName, url: webUrl, key: verifierKey, caFile: path.optional() }),
])
export type WitnessSetting = z.output<typeof witnessSetting>

/** Its checksum is looked at when a backup is made (platform/age). */
const ageRecipient = z.string().regex(/^age1[a-z0-9]{58}$/, 'has to be a recipient: age1…')

const defaultNames = ['localhost', '127.0.0.1', '::1']

/** Who reviews where HR names no manager: of a department, of a place, or of everybody else. */
const reviewerSetting = z.strictObject({
  department: z.string().trim().min(1).max(200).optional(),
  location: z.string().trim().min(1).max(200).optional(),
  /** A person’s id: wardkey-broker person list. */
  reviewer: z.uuid(),
})
export type ReviewerSetting = z.output<typeof reviewerSetting>

export const schemas = {
  dataDir: path.default('/var/lib/wardkey-broker'),
  keysDir: path.default('/etc/wardkey-broker/keys'),
  masterKey: z
    .string()
    .regex(/^([A-Za-z0-9_-]{43})?$/, 'has to be 32 bytes in base64url: 43 characters')
    .default(''),
  'keys.masterCommand': list(z.string().min(1).max(1024), 32).default([]),
  'retention.identifierDays': count(0, 36_500).default(2192),
  'backup.recipients': list(ageRecipient, 16).default([]),
  'backup.keyRecipients': list(ageRecipient, 16).default([]),
  'store.kind': z.enum(['sqlite', 'postgres']).default('sqlite'),
  'store.postgresUrl': z
    .string()
    .regex(/^(postgres(ql)?:\/\/.{1,2000})?$/, 'has to begin with postgres://')
    .default(''),
  'web.host': host.default('127.0.0.1'),
  'web.port': port.default(8480),
  'web.publicUrl': z.union([z.literal(''), webUrl]).default(''),
  'web.tlsCertFile': z.string().max(1024).default(''),
  'web.tlsKeyFile': z.string().max(1024).default(''),
  'admin.host': host.default('127.0.0.1'),
  'admin.port': port.default(8481),
  'admin.publicUrl': z.union([z.literal(''), webUrl]).default(''),
  'workstations.host': host.default('127.0.0.1'),
  'workstations.port': port.default(8443),
  'workstations.names': list(host, 32).default(defaultNames),
  'workstations.brokers': list(
    z.string().regex(/^[A-Za-z0-9.:[\]-]{1,249}:[0-9]{1,5}$/, 'has to be host:port'),
    8,
  ).default([]),
  'workstations.certificateHours': count(1, 90 * 24).default(7 * 24),
  'workstations.renewLateHours': count(0, 365 * 24).default(30 * 24),
  'workstations.connectionsMax': count(1, 50_000).default(12_000),
  'pin.digits': count(6, 12).default(8),
  'pin.threads': count(1, 64).default(1),
  'pin.queueMax': count(1, 10_000).default(100),
  'grace.rollingMs': durationMs.default(minutes(60)),
  'grace.absoluteMs': durationMs.default(hours(12)),
  'session.maxMs': durationMs.default(hours(13)),
  'session.lockedMaxMs': durationMs.default(minutes(30)),
  'session.pinAnswerMs': durationMs.default(30_000),
  'emergency.lastsMs': count(minutes(1), hours(12)).default(minutes(30)),
  'emergency.reviewMs': count(hours(1), hours(24 * 60)).default(hours(72)),
  'exceptions.maxMs': count(hours(1), hours(24 * 92)).default(hours(24 * 14)),
  'accessReviews.isScheduled': yesNo.default(false),
  'accessReviews.highRiskRoles': list(
    z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'has to be a role'),
    64,
  ).default([]),
  'accessReviews.days': count(3, 60).default(14),
  'accessReviews.onSilence': z.enum(['revoke', 'tell']).default('revoke'),
  'accessReviews.twoPeopleAbove': count(0, 100_000).default(20),
  'accessReviews.reviewers': z.array(reviewerSetting).max(500).default([]),
  'compliance.webhookUrl': z.union([z.literal(''), webUrl]).default(''),
  'compliance.privateAddresses': list(hostOrRange, 64).default([]),
  'compliance.mailTo': list(z.email().max(254), 16).default([]),
  'compliance.mailFrom': z.union([z.literal(''), z.email().max(254)]).default(''),
  'compliance.smtpHost': z.union([z.literal(''), host]).default(''),
  'compliance.smtpPort': port.default(587),
  'compliance.smtpTls': z.enum(['starttls', 'tls', 'none']).default('starttls'),
  'compliance.smtpUser': z.string().max(254).default(''),
  'compliance.names': yesNo.default(false),
  ...alertSchemas,
  ...updateSchemas,
  'account.issuer': z.union([z.literal(''), webUrl]).default(''),
  'account.clientId': z.string().max(200).default(''),
  'account.secret': z.union([z.literal(''), z.string().min(16).max(512)]).default(''),
  'account.secretFile': z.string().max(1024).default(''),
  'account.acr': list(word, 16).default([]),
  'account.groups': list(word, 64).default([]),
  'account.groupsClaim': claimName.default('groups'),
  'account.claim': claimName
    // The next one gets a mail address that somebody has left behind.
    .refine((claim) => !/mail/i.test(claim), 'must not be a mail address')
    .default('preferred_username'),
  'account.person': z.enum(['user-name', 'staff-number']).default('user-name'),
  'account.scope': z
    .string()
    .max(400)
    .regex(/^openid( [\x21\x23-\x5b\x5d-\x7e]+)*$/, 'has to begin with openid')
    .default('openid profile'),
  'account.origins': list(webOrigin, 12).default([]),
  'account.caFile': z.string().max(1024).default(''),
  'console.compliance': list(word, 64).default([]),
  'console.privacy': list(word, 64).default([]),
  'console.it': list(word, 64).default([]),
  'console.serviceDesk': list(word, 64).default([]),
  'console.manager': list(word, 64).default([]),
  'console.administrator': list(word, 64).default([]),
  'console.ownRecord': yesNo.default(true),
  'console.ownRecordNames': yesNo.default(false),
  'people.roles': z.array(roleRule).max(2000).default([]),
  'people.adopt': z.enum(['administrator', 'staff-number']).default('administrator'),
  'badges.loanerMs': count(minutes(30), hours(24)).default(hours(12)),
  'badges.allowed': list(allowedCard, 256).default([]),
  'record.origin': z
    .string()
    // A signed note's name has no white space and no plus (C2SP signed-note).
    .regex(/^[A-Za-z0-9][A-Za-z0-9./-]{0,199}$/, 'has to look like record.hospital.example')
    .default('wardkey.invalid/record'),
  'record.witnesses': z.array(witnessSetting).max(8).default([]),
  'record.witnessFor': list(verifierKey, 16).default([]),
  streams: streamSettings,
  feeds: feedSettings,
  'site.timeZone': z
    .string()
    .max(64)
    .refine(isTimeZone, 'has to be a time zone like Europe/Berlin')
    .default('UTC'),
  'site.holidays': list(z.iso.date(), 366).default([]),
  'oidc.clients': z.array(oidcClientSetting).max(64).default([]),
  'oidc.keyDays': count(0, 3650).default(90),
  'oidc.keyShownMs': count(10_000, hours(24 * 30)).default(hours(24)),
  'oidc.privateAddresses': list(hostOrRange, 64).default([]),
  'offline.othersMax': count(0, 10_000).default(500),
  zones: z.array(zoneSetting).max(1000).default([]),
  'metrics.enabled': yesNo.default(true),
  'log.level': z.enum(['debug', 'info', 'warn', 'error']).default('info'),
} as const

type Schemas = typeof schemas
export type SettingKey = keyof Schemas
export type Settings = { readonly [K in SettingKey]: z.output<Schemas[K]> }
