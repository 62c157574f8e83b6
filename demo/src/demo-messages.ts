// What page and demo program say to each other, parsed on the program's side: the page runs in a
// browser that shows other pages too.

import { z } from 'zod'
import { newReview } from '@wardkey/protocol/admin/break-glass'
import { positionKeys } from './hr/positions.ts'
import type { Employment, PositionKey } from './hr/positions.ts'

const station = z.int().min(0).max(7)
/** The hard moments of a workstation's day. */
const moments = [
  'walk-away',
  'come-back',
  'ten-minutes',
  'unplug-reader',
  'plug-reader',
  'cut-network',
  'join-network',
  'clock-forward',
  'clock-back',
  'forgot-badge',
] as const
export type Moment = (typeof moments)[number]

/** What the HR desk does about a person. */
const hrActs = [
  'hire',
  'hire-again',
  'give-pin',
  'move',
  'leave',
  'return',
  'suspend',
  'dismiss',
  'undo',
] as const
export type HrAct = (typeof hrActs)[number]

const point = { x: z.number().min(0).max(1), y: z.number().min(0).max(1) }

export const pageMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tap'), station, uid: z.string().regex(/^[0-9a-f]{14}$/) }),
  z.strictObject({
    kind: z.literal('pointer'),
    station,
    act: z.enum(['pressed', 'released', 'moved']),
    ...point,
  }),
  z.strictObject({
    kind: z.literal('wheel'),
    station,
    deltaY: z.number().min(-2000).max(2000),
    ...point,
  }),
  z.strictObject({
    kind: z.literal('key'),
    station,
    act: z.enum(['down', 'up']),
    key: z.string().min(1).max(16),
    code: z.string().max(16),
  }),
  /** How the visitor's browser wants pages to look. */
  z.strictObject({ kind: z.literal('looks'), isDark: z.boolean() }),
  z.strictObject({ kind: z.literal('moment'), station, moment: z.enum(moments) }),
  z.strictObject({
    kind: z.literal('review'),
    grantId: z.uuid(),
    outcome: newReview.shape.outcome,
    note: z.string().trim().min(1).max(200),
  }),
  z.strictObject({
    kind: z.literal('hr'),
    act: z.enum(hrActs),
    person: z.string().regex(/^[a-z]{1,20}$/),
    position: z.enum(positionKeys).optional(),
  }),
])
export type PageMessage = z.infer<typeof pageMessage>
export type HrOrder = Omit<Extract<PageMessage, { kind: 'hr' }>, 'kind'>

export interface HrPersonShown {
  readonly key: string
  /** As the broker and its record have her. */
  readonly personId: string
  readonly name: string
  readonly title: string
  readonly position: PositionKey
  readonly employment: Employment
  readonly uid: string
  /** Empty until the badge office has given one. */
  readonly pin: string
  /** What is typed where the badge is forgotten. */
  readonly staffNumber: string
  /** What can be done as things stand. */
  readonly acts: readonly HrAct[]
}

/** The HR desk's books, and what it said last. */
export interface HrShown {
  readonly people: readonly HrPersonShown[]
  readonly applicants: readonly { readonly key: string; readonly name: string }[]
  readonly positions: readonly { readonly key: PositionKey; readonly label: string }[]
  readonly word?: { readonly text: string; readonly isTrouble: boolean }
}

export interface DemoHr extends HrShown {
  readonly kind: 'hr'
}

/** The first message after the page has connected. */
export interface DemoWelcome {
  readonly kind: 'welcome'
  readonly consoleUrl: string
  readonly stations: readonly { readonly place: string; readonly hasBrowser: boolean }[]
  readonly vkey: string
}

/** New lines of the record's export, as the broker gives them out. */
export interface DemoRecordLines {
  readonly kind: 'record'
  readonly lines: readonly string[]
  /** People and workstations that the lines are about. The record itself holds no names. */
  readonly names: Readonly<Record<string, string>>
}

/** What the privacy office heard of an emergency, and what came of it. */
export const heardNotice = z.strictObject({
  grantId: z.uuid(),
  place: z.string(),
  reasonLabel: z.string(),
  identity: z.string(),
  isWitnessed: z.boolean(),
  fromMs: z.int(),
  untilMs: z.int(),
  reviewDueMs: z.int(),
  heardMs: z.int(),
  outcome: newReview.shape.outcome.optional(),
  /** Why the review could not be closed when it was tried last. */
  trouble: z.string().optional(),
})
export type HeardNotice = z.infer<typeof heardNotice>

/** All of them, the oldest first. */
export interface DemoCompliance {
  readonly kind: 'compliance'
  readonly notices: readonly HeardNotice[]
}

/** What is out of the ordinary at a workstation, so that each moment can be taken back. */
export interface StationAround {
  readonly isAway: boolean
  readonly isUnplugged: boolean
  readonly isCut: boolean
  readonly isClockForward: boolean
  /** Ten minutes are passing. */
  readonly isHurried: boolean
  /** Emergency access is offered on its screen now. */
  readonly mayForgetBadge: boolean
  /** Which scene its screen is in. */
  readonly phase: string
}

export interface DemoStationAround {
  readonly kind: 'around'
  readonly station: number
  readonly around: StationAround
}

export type DemoMessage =
  DemoWelcome | DemoRecordLines | DemoStationAround | DemoCompliance | DemoHr

/** Pictures come as binary messages: one byte for the station, then a JPEG. */
export const pictureHeaderBytes = 1
