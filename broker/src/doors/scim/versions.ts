// ETags of SCIM resources (RFC 7644 section 3.14): weak, and a plain count. Pure.

export const etagOf = (version: number): string => `W/"${String(version)}"`

/** Nothing where any version will do; an empty list where none can be meant. */
export function versionsOf(header: string | undefined): readonly number[] | undefined {
  if (header === undefined || header.trim() === '*') return undefined
  return header
    .split(',')
    .map((one) => /^\s*(?:W\/)?"([0-9]{1,9})"\s*$/.exec(one)?.[1])
    .flatMap((digits) => (digits === undefined ? [] : [Number(digits)]))
}

/** Whether what the client has is what there is. */
export function isKnown(header: string | undefined, version: number): boolean {
  if (header === undefined) return false
  return versionsOf(header)?.includes(version) ?? true
}
