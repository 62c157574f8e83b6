// What opens at a workstation that is cut off, as a zone's settings say it. A key is only named there:
// what it is lies in the key folder, so that neither the store nor the record ever holds one. Pure.

import { z } from 'zod'
import { formField, openWeb, startProgram } from '@wardkey/protocol/launch-steps'
import type { LaunchStep } from '@wardkey/protocol/launch-steps'

const keyName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/)

/** Without `signIn`: there is no broker to ask for one. */
const openPage = openWeb
  .omit({ signIn: true })
  .extend({ key: z.strictObject({ field: formField, name: keyName }).optional() })

export const downtimeSteps = z.array(z.discriminatedUnion('kind', [openPage, startProgram])).max(8)
export type DowntimeSteps = z.infer<typeof downtimeSteps>

/** A key by its name; nothing where there is none. */
export type FindKey = (name: string) => string | undefined

export function keyNamesOf(steps: DowntimeSteps): readonly string[] {
  return steps.flatMap((step) =>
    step.kind === 'open-web' && step.key !== undefined ? [step.key.name] : [],
  )
}

/** As a workstation carries them out. One whose key is not there is left out: it opens nothing. */
export function stepsWithKeys(steps: DowntimeSteps, findKey: FindKey): readonly LaunchStep[] {
  return steps.flatMap((step): LaunchStep[] => {
    if (step.kind === 'start-program') return [step]
    const { key, ...page } = step
    if (key === undefined) return [page]
    const value = findKey(key.name)
    return value === undefined ? [] : [{ ...page, key: { field: key.field, value } }]
  })
}
