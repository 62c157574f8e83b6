// Names and words as pages write them: of people, of evidence, of outcomes. Pure.

interface Named {
  readonly personId?: string | undefined
  readonly name?: { readonly given: string; readonly family: string } | undefined
}

/**
 * Somebody who was forgotten is known by part of the id; somebody who may not be named to this
 * viewer, not even by that.
 */
export function nameText({ personId, name }: Named): string {
  if (name) return `${name.given} ${name.family}`
  return personId === undefined ? 'Somebody' : `Person ${personId.slice(-6)}`
}

const evidenceWords: Readonly<Record<string, string>> = {
  tap: 'badge tapped',
  'card-in-place': 'badge in the reader',
  input: 'keys and mouse',
  proximity: 'near the screen',
  door: 'door of the zone',
  'ehr-activity': 'at work in the chart',
}
export const evidenceText = (kind: string): string => evidenceWords[kind] ?? kind

const acrWords: Readonly<Record<string, string>> = {
  'urn:wardkey:acr:badge': 'badge alone',
  'urn:wardkey:acr:badge-pin': 'badge and PIN',
  'urn:wardkey:acr:badge-pin-fresh': 'badge and PIN, just now',
  'urn:wardkey:acr:break-glass': 'emergency access',
}
/** How it was proved who she is, as the session has it. */
export const acrText = (acr: string): string =>
  acrWords[acr] ?? acr.replace(/^.*[:/]/, '').replaceAll('-', ' ')

const outcomeWords = {
  appropriate: 'appropriate',
  inappropriate: 'not appropriate',
  'no-need': 'no emergency was needed',
} as const
export const outcomeText = (outcome: keyof typeof outcomeWords): string => outcomeWords[outcome]

/** `1 workstation`, `14 workstations`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${String(count)} ${count === 1 ? one : many}`
