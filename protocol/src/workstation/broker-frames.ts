// What the broker may say to a workstation. A workstation opens only on `admitted` for the tap it
// asked about; every other frame can at most show words or lock.

import { z } from 'zod'
import { faultCodes, invalidCodes, refusalCodes } from '../codes.ts'
import { ceremonyId, messageId, sessionId, tapId, workstationId, zoneId } from '../ids.ts'
import { launchSteps, openWeb } from '../launch-steps.ts'
import { confirmingBadge, errandFlaw, errandKind, errandStep } from './errands.ts'
import { nextAuthority } from './fleet/next-authority.ts'
import { bundlePartMax, bundlePartsMax } from './offline-bundle.ts'
import { signedPeopleOut } from './people-out.ts'
import { leftMax } from './version.ts'

const base = { id: messageId }
const durationMs = z.int().min(0).max(86_400_000)
/** Text that a person reads. Control characters could disguise a name, so they are refused. */
const shown = z
  .string()
  .min(1)
  .max(80)
  .regex(/^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$/u)

const keysOf = <T extends object>(of: T): [keyof T & string, ...(keyof T & string)[]] => {
  const [first, ...rest] = Object.keys(of) as (keyof T & string)[]
  if (first === undefined) throw new Error('an empty code list')
  return [first, ...rest]
}
const refusalCode = z.enum(keysOf(refusalCodes))

/** What a zone asks of its workstations; every number is a limit the agent keeps by itself. */
export const zoneRules = z.strictObject({
  zoneId,
  zoneKind: z.string().regex(/^[a-z-]{1,32}$/),
  label: shown,
  /** Without any sign of life for this long the screen begins to fade … */
  idleMs: durationMs,
  /** … and after this much more it is locked. */
  fadeMs: durationMs,
  /** An open screen whose broker has been out of reach for this long is locked (promise 4). */
  staleMs: durationMs,
  publicView: z.boolean(),
  /** Idle limit while something says that she is here: her card in place, somebody near. */
  presentIdleMs: durationMs,
  /** Idle limit once a sensor says that nobody is. */
  awayIdleMs: durationMs,
  /** Within this of the last sign of life the own badge signs out; later it means to stay. */
  activeMs: durationMs,
  /** The badge stays in the reader: taking it away locks. */
  cardStays: z.boolean(),
  /** Another's badge on a screen in use: hers at once, or only if the one who is there lets go. */
  takeOver: z.enum(['at-once', 'ask-first']),
  takeOverMs: durationMs,
  /** Sessions that wait behind the lock screen; the oldest ends for the next. */
  suspendedMax: z.int().min(0).max(16),
  /** Reasons for emergency access, few and in plain words; absent where the zone offers none. */
  emergency: z
    .strictObject({
      reasons: z
        .array(
          z.strictObject({
            code: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
            label: shown,
            asksNote: z.boolean(),
          }),
        )
        .min(1)
        .max(8),
    })
    .optional(),
  /** What can be done here about badges and PINs; absent where nothing can. */
  errands: z.array(errandKind).min(1).max(6).optional(),
  /** How old what a workstation knows by itself may be when it decides alone; 0: never alone. */
  offlineMaxMs: durationMs,
  pinDigitsMin: z.int().min(4).max(12),
  pinDigitsMax: z.int().min(4).max(12),
  /** How much of a name may be shown on the lock screen. */
  nameShown: z.enum(['none', 'initials', 'short', 'full']),
  serviceDesk: z.string().max(60),
})
export type ZoneRules = z.infer<typeof zoneRules>

const welcome = z.strictObject({
  kind: z.literal('welcome'),
  ...base,
  replyTo: messageId,
  version: z.int().min(1).max(1000),
  workstationId,
  place: shown,
  rules: zoneRules,
  serverTimeMs: z.int(),
  /** Other addresses of brokers that hold the same record, in the order to try them. */
  brokers: z.array(z.string().max(255)).max(8),
  /** What bundles are signed with: an Ed25519 public key, raw. Absent where none are made. */
  bundleKey: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/)
    .optional(),
  /** While the authority changes: who does not know it yet believes it from now on, too. */
  nextAuthority: nextAuthority.optional(),
  /** Which leaves of the hello are in the record by it: they are not told again. */
  noted: z.array(messageId).min(1).max(leftMax).optional(),
  /** What the hello told as gone of its journal was looked at: it is not told again. */
  gapsNoted: z.boolean().optional(),
  /** A `ping` that probes goes the way of a tap here; brokers of before answer it at once. */
  probes: z.literal(true).optional(),
})
const rules = z.strictObject({ kind: z.literal('rules'), ...base, place: shown, rules: zoneRules })

const askPin = z.strictObject({
  kind: z.literal('ask-pin'),
  ...base,
  tapId,
  /** The name as far as the zone shows it; absent where it shows none. */
  name: shown.optional(),
  /** Present only when fewer tries than all are left. */
  triesLeft: z.int().min(1).max(20).optional(),
  /** Present when the PIN just given did not match. */
  again: z.boolean(),
  answerWithinMs: durationMs,
})
const admitted = z.strictObject({
  kind: z.literal('admitted'),
  ...base,
  tapId,
  sessionId,
  name: shown,
  role: shown,
  steps: launchSteps,
  /** Where the person was still open: locked there in the same act. */
  movedFrom: shown.optional(),
  /** Emergency access: what it was given for, and how long it lasts from when that was said. */
  emergency: z.strictObject({ reason: shown, lastsMs: durationMs }).optional(),
  /** Which opening of the session this is: a leave names it, and ends no later one. */
  opening: z.int().min(1).optional(),
})
/** Whoever asks is known too weakly: a colleague's badge is to say that it is she. */
const askWitness = z.strictObject({
  kind: z.literal('ask-witness'),
  ...base,
  tapId,
  name: shown.optional(),
  /** A badge was shown that cannot speak for her: her own, an unknown one, one that is locked. */
  again: z.boolean(),
  answerWithinMs: durationMs,
})
/** The next step of an errand, or the same once more. */
const askErrand = z.strictObject({
  kind: z.literal('ask-errand'),
  ...base,
  tapId,
  errand: errandKind,
  step: errandStep,
  /** At `confirm`, to see that the right person is meant; a witness's own at her PIN. */
  name: shown.optional(),
  /**
   * At `confirm`: whoever spoke last for her taps her badge again (`witness`), or she taps once
   * more the one that is to be hers (`own`); else she says it herself.
   */
  byBadge: confirmingBadge.optional(),
  /** A second colleague is asked for: she who is spoken for may speak for others. */
  isSecond: z.boolean(),
  /** What was just given will not do. */
  again: z.boolean(),
  /** Why a new PIN, or a sign-in with a hospital account, will not do. */
  flaw: errandFlaw.optional(),
  /** At `witness-badge`: she may sign in with her hospital account instead of a colleague. */
  offersAccount: z.literal(true).optional(),
  /** At `sign-in`: the page for it. It is over, well or not, once its `url` is reached. */
  signIn: openWeb.optional(),
  triesLeft: z.int().min(1).max(20).optional(),
  answerWithinMs: durationMs,
})
const errandDone = z.strictObject({
  kind: z.literal('errand-done'),
  ...base,
  tapId,
  errand: errandKind,
  name: shown.optional(),
  /** How long a loaner badge lasts from now. */
  lastsMs: durationMs.optional(),
})
const refused = z.strictObject({
  kind: z.literal('refused'),
  ...base,
  tapId,
  code: refusalCode,
  /** The tap's short code: to quote to the service desk, and useless for anything else. */
  quote: z.string().regex(/^[0-9A-Z]{3}-[0-9A-Z]{3}$/),
  retryAfterMs: durationMs.optional(),
})
const lock = z.strictObject({
  kind: z.literal('lock'),
  ...base,
  sessionId,
  code: refusalCode,
  /** Where the session is open now, when it moved. */
  movedTo: shown.optional(),
})
const askSignature = z.strictObject({
  kind: z.literal('ask-signature'),
  ...base,
  ceremonyId,
  sessionId,
  /** What is being signed, in the EHR's words, as text only. */
  description: z
    .string()
    .min(1)
    .max(280)
    .regex(/^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$/u),
  application: shown,
  answerWithinMs: durationMs,
})
const askSignaturePin = z.strictObject({
  kind: z.literal('ask-signature-pin'),
  ...base,
  ceremonyId,
  triesLeft: z.int().min(1).max(20).optional(),
  again: z.boolean(),
  answerWithinMs: durationMs,
})
const signatureEnded = z.strictObject({
  kind: z.literal('signature-ended'),
  ...base,
  ceremonyId,
  outcome: z.enum(['signed', 'refused', 'cancelled', 'expired']),
  /** False where the question stands: a wrong badge was shown, the right one may still be. */
  isOver: z.boolean(),
  code: refusalCode.optional(),
})
/** What another system knows of whether she is at this screen: a door that she went through. */
const evidence = z.strictObject({
  kind: z.literal('evidence'),
  ...base,
  sessionId,
  evidence: z.enum(['door']),
  isNear: z.boolean(),
  confidence: z.number().min(0).max(1),
})
/** A part of what the workstation may decide with by itself (offline-bundle). */
const bundle = z.strictObject({
  kind: z.literal('bundle'),
  ...base,
  sequence: z.int().min(1),
  part: z.int().min(0).max(bundlePartsMax),
  parts: z.int().min(1).max(bundlePartsMax),
  text: z.string().min(1).max(bundlePartMax),
})
/** Whom this workstation lets in no more, whatever its bundle says (people-out). */
const peopleOut = z.strictObject({ kind: z.literal('people-out'), ...base, text: signedPeopleOut })
/** Durable in the record up to here; the workstation may forget its own lines. */
const offlineMerged = z.strictObject({
  kind: z.literal('offline-merged'),
  ...base,
  replyTo: messageId,
  journalId: z.uuid(),
  upToSeq: z.int().min(0),
  /**
   * Of sessions decided alone that may still be on a screen: whether they stand, and as which
   * opening, as in `admitted`.
   */
  sessions: z
    .array(z.strictObject({ sessionId, isKept: z.boolean(), opening: z.int().min(1).optional() }))
    .max(64),
})
/** The thing asked was taken note of; only frames without another answer get it. */
const noted = z.strictObject({ kind: z.literal('noted'), ...base, replyTo: messageId })
const failed = z.strictObject({
  kind: z.literal('failed'),
  ...base,
  replyTo: messageId,
  code: z.enum([...keysOf(faultCodes), ...keysOf(invalidCodes)]),
  /**
   * A transient failure did nothing and may be repeated; an ambiguous one only under the same id.
   */
  repeat: z.enum(['transient', 'ambiguous', 'permanent']),
})
const pong = z.strictObject({
  kind: z.literal('pong'),
  ...base,
  replyTo: messageId,
  /** Absent from brokers of before it was asked for. */
  serverTimeMs: z.int().optional(),
})

export const brokerFrame = z.discriminatedUnion('kind', [
  welcome,
  rules,
  askPin,
  admitted,
  askWitness,
  askErrand,
  errandDone,
  refused,
  lock,
  askSignature,
  askSignaturePin,
  signatureEnded,
  evidence,
  bundle,
  peopleOut,
  offlineMerged,
  noted,
  failed,
  pong,
])
export type BrokerFrame = z.infer<typeof brokerFrame>
export type BrokerFrameOf<K extends BrokerFrame['kind']> = Extract<BrokerFrame, { kind: K }>
