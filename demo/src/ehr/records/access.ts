// Who lands where, and who may see or do what: pure, from the claims of the sign-in alone.

export interface Context {
  readonly role: string
  readonly zone: string
  readonly zoneKind: string
  readonly purpose: 'TREAT' | 'BTG'
}

export type Landing =
  | { readonly kind: 'ward'; readonly wardId: string }
  | { readonly kind: 'wards' }
  | { readonly kind: 'verification' }
  | { readonly kind: 'nothing-here' }

export type WardOfZone = Readonly<Record<string, string>>

const prescribers = new Set(['physician', 'nurse-practitioner'])
const clinicians = new Set(['nurse', 'pharmacist', ...prescribers])

/** The page that fits the person and the place. Someone without a clinical role lands on none. */
export function landingFor(context: Context, wardOfZone: WardOfZone): Landing {
  if (!clinicians.has(context.role)) return { kind: 'nothing-here' }
  if (context.role === 'pharmacist' && context.zoneKind === 'pharmacy') {
    return { kind: 'verification' }
  }
  const wardId = own(wardOfZone, context.zone)
  return wardId === undefined ? { kind: 'wards' } : { kind: 'ward', wardId }
}

/**
 * A nurse sees the ward she stands in; doctors and pharmacists see all wards; emergency access
 * (purpose BTG) opens every chart, and every page then says so.
 */
export function maySeeWard(context: Context, wardId: string, wardOfZone: WardOfZone): boolean {
  if (!clinicians.has(context.role)) return false
  if (context.purpose === 'BTG' || context.role !== 'nurse') return true
  return own(wardOfZone, context.zone) === wardId
}

export function mayVerify(context: Context): boolean {
  return context.role === 'pharmacist' && context.zoneKind === 'pharmacy'
}

export function maySign(context: Context): boolean {
  return prescribers.has(context.role)
}

/** A zone comes from a token: `constructor` must not find what every object inherits. */
function own(wardOfZone: WardOfZone, zone: string): string | undefined {
  return Object.hasOwn(wardOfZone, zone) ? wardOfZone[zone] : undefined
}
