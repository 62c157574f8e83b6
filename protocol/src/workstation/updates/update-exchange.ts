// What a workstation and its broker say to each other about updates, over HTTP with the workstation's
// certificate. An older broker knows no such path and answers 404: then there is nothing.

import { z } from 'zod'
import { signedManifest } from './manifest.ts'
import { releaseVersion, updateTarget } from './release.ts'

export const updatePath = '/workstation/v1/update'
/** The file's name follows; ranges are answered. */
export const updateFilePath = '/workstation/v1/update-file/'

const number = z.int().min(0).max(1_000_000_000)

/** Why a workstation does not begin, as only it can know. */
export const localWaits = [
  /** A session is open, fading, or waits behind the lock screen with its person near. */
  'in-use',
  'card-in-reader',
  'emergency',
  /** A question or an errand is on its screen. */
  'asked',
  /** It decides by itself, or has lines that no broker has yet. */
  'offline',
  'downloading',
  /** The part with the rights does not answer. */
  'no-installer',
  'no-room',
] as const
/** Why the broker says: not now. */
const brokerWaits = [
  'no-rollout',
  'paused',
  'ring',
  'approval',
  'window',
  'pace',
  'tried',
  'up-to-date',
  'not-for-this',
  'too-far',
  'in-use',
] as const
export type BrokerWait = (typeof brokerWaits)[number]
export const updateWait = z.enum([...new Set([...localWaits, ...brokerWaits])])
export type UpdateWait = z.infer<typeof updateWait>

/** How an update ended. */
export const updateOutcomes = ['healthy', 'failed', 'returned'] as const
/** What was wrong: with the package before anything changed, or with the release after it ran. */
export const updateFlaws = [
  'manifest',
  'hash',
  'too-large',
  'not-for-this',
  'installer',
  'no-reader',
  'no-link',
  'no-answer',
  'crashed',
  'cut-off',
  /** It is not well, and could not be put back either: it runs the new release. */
  'no-way-back',
] as const
export type UpdateFlaw = (typeof updateFlaws)[number]

const about = {
  target: updateTarget,
  running: releaseVersion,
  /** The newest manifest that was taken here; 0 where none was. */
  seen: number,
}

export const updateRequest = z.discriminatedUnion('kind', [
  /** What is there, and may be fetched; with what it waits for, where it waits. */
  z.strictObject({ kind: z.literal('ask'), ...about, waits: z.enum(localWaits).optional() }),
  /** Everything is here and nobody is: may it begin now? */
  z.strictObject({
    kind: z.literal('begin'),
    ...about,
    number,
    /** Another one for each beginning. A broker from before it understands none. */
    key: z.uuid().optional(),
  }),
  /** It was told to go, and changed nothing: somebody came, or nobody took it up. It waits. */
  z.strictObject({
    kind: z.literal('not-begun'),
    ...about,
    number,
    /** Of the beginning that it takes back, and of no other. */
    key: z.uuid(),
    waits: z.enum(localWaits).optional(),
  }),
  z.strictObject({
    kind: z.literal('ended'),
    ...about,
    number,
    outcome: z.enum(updateOutcomes),
    flaw: z.enum(updateFlaws).optional(),
  }),
])
export type UpdateRequest = z.infer<typeof updateRequest>

const againMs = z.int().min(1000).max(86_400_000)
/** Hand-overs of the release key that it has not seen, in order, and the one to fetch. */
const manifests = z.array(signedManifest).min(1).max(9)

export const updateAnswer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('nothing'), why: updateWait, againMs }),
  z.strictObject({ kind: z.literal('offer'), manifests, why: updateWait.optional(), againMs }),
  /** Begin at once: it is counted as under way. */
  z.strictObject({ kind: z.literal('go'), number }),
  z.strictObject({ kind: z.literal('wait'), why: updateWait, againMs }),
  z.strictObject({ kind: z.literal('noted') }),
])
export type UpdateAnswer = z.infer<typeof updateAnswer>

/** A broker of before knows of updates, and not of every question. */
export type UpdateHeard = UpdateAnswer | { readonly kind: 'not-understood' }
