// Reviews that were closed, as the record's lines tell them: by this office, by a command or by
// whatever else may. What is not of that kind it passes over.

import { z } from 'zod'
import { newReview } from '@wardkey/protocol/admin/break-glass'

export interface ClosedReview {
  readonly grantId: string
  readonly outcome: z.infer<typeof newReview>['outcome']
}

const entry = z.looseObject({ kind: z.literal('entry'), body: z.string() })
const closed = z.looseObject({
  code: z.literal('BTG-006'),
  fields: z.looseObject({ grant: z.uuid(), outcome: newReview.shape.outcome }),
})

export function closedReviews(lines: readonly string[]): readonly ClosedReview[] {
  return lines.flatMap((line) => {
    // Few of many: the others are not worth being parsed.
    if (!line.includes('BTG-006')) return []
    const told = entry.safeParse(JSON.parse(line)).data
    const fact = told && closed.safeParse(JSON.parse(told.body)).data
    return fact ? [{ grantId: fact.fields.grant, outcome: fact.fields.outcome }] : []
  })
}
