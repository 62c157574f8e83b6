// What is wrong with a SCIM request, in the words of RFC 7644 section 3.12. It names attributes and
// places, never a value: values are people's names.

export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'invalidVers'
  | 'sensitive'

export const scimType = 'application/scim+json; charset=utf-8'
export const errorSchema = 'urn:ietf:params:scim:api:messages:2.0:Error'

/** Thrown while a request is being understood; the door makes its answer of it. */
export class ScimFlaw extends Error {
  readonly status: number
  readonly scimType: ScimType | undefined

  constructor(status: number, scimType: ScimType | undefined, detail: string) {
    super(detail)
    this.name = 'ScimFlaw'
    this.status = status
    this.scimType = scimType
  }
}

export const flaw = (scimType: ScimType, detail: string): ScimFlaw =>
  new ScimFlaw(scimType === 'uniqueness' ? 409 : 400, scimType, detail)

export function errorBody(status: number, scimType: ScimType | undefined, detail: string) {
  return {
    schemas: [errorSchema],
    // A text, not a number: RFC 7644 section 3.12.
    status: String(status),
    ...(scimType === undefined ? {} : { scimType }),
    detail,
  }
}
