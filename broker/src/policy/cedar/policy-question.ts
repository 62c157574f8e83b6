// What policies are asked about one person at one workstation: all that they can see, and nothing
// that names anybody. As text it is what the record keeps of a decision. Pure.

import { z } from 'zod'
import type { AccessStanding } from '../access-standing.ts'
import { shifts } from '../calendar.ts'
import type { ZoneSettings } from '../zone-settings.ts'

/** How the house, or one zone of it, is run at the moment. */
export const houseModes = ['normal', 'code', 'lockdown', 'downtime'] as const
export const houseMode = z.enum(houseModes)
export type HouseMode = z.infer<typeof houseMode>

const words = z.array(z.string()).default([])

/** What is usual is left out of the text: a fact is to stay small. */
const question = z.strictObject({
  roles: words,
  /** Only these zones are hers; absent where her roles alone say. */
  ownZones: z.array(z.string()).optional(),
  needsEscort: z.boolean().default(false),
  /** Kinds that are current. */
  training: words,
  shift: z.enum(shifts).default('unknown'),
  /** Of the badge that she shows, 0 to 5. */
  assurance: z.int().default(1),
  mode: houseMode.default('normal'),
  zone: z.strictObject({
    id: z.string(),
    kind: z.string().default(''),
    roles: words,
    asksShift: z.string().default('no'),
    asksTraining: words,
    lockdownRoles: words,
  }),
})
export type PolicyQuestion = z.output<typeof question>

export interface QuestionFacts {
  readonly roles: readonly string[]
  readonly standing: AccessStanding
  readonly assurance: number
  readonly mode: HouseMode
  readonly zone: {
    readonly id: string
    readonly kind: string
    readonly settings: Pick<ZoneSettings, 'roles' | 'asksShift' | 'asksTraining' | 'lockdownRoles'>
  }
}

export function questionOf({ roles, standing, assurance, mode, zone }: QuestionFacts) {
  const { settings, id, kind } = zone
  const { asksShift, asksTraining, lockdownRoles } = settings
  const { ownZones, needsEscort, training, shift, extraRoles = [] } = standing
  return {
    roles: extraRoles.length === 0 ? [...roles] : [...new Set([...roles, ...extraRoles])],
    ...(ownZones === undefined ? {} : { ownZones: [...ownZones] }),
    ...{ needsEscort, training: [...training], shift, assurance, mode },
    zone: { id, kind, roles: settings.roles, asksShift, asksTraining, lockdownRoles },
  } satisfies PolicyQuestion
}

/** The same question is the same text. */
export function textOfQuestion({ zone, ...rest }: PolicyQuestion): string {
  return JSON.stringify({ ...less(rest, usual), zone: less(zone, usualZone) })
}

/** Throws on what is no such text. */
export function parseQuestion(text: string): PolicyQuestion {
  return question.parse(JSON.parse(text))
}

const { zone: usualZone, ...usual } = question.parse({ zone: { id: '' } })

function less(value: object, usually: object): object {
  return Object.fromEntries(
    Object.entries(value).filter(([key, member]) => {
      const usualMember: unknown = Reflect.get(usually, key)
      return member !== undefined && JSON.stringify(member) !== JSON.stringify(usualMember)
    }),
  )
}
