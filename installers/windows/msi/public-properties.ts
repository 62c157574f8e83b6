// The MSI's public properties, and what each needs in its source: a look at what the last version
// was given, the keeping of it, and the value in the registry. Pure.

export interface PublicProperty {
  readonly name: string
  /** Below HKLM\SOFTWARE\Wardkey. */
  readonly key: 'Agent' | 'Machine' | 'Enroll'
  readonly value: string
  readonly sentence: string
}

/** An upgrade that is not given these keeps what it finds. */
export const keptProperties: readonly PublicProperty[] = [
  {
    name: 'BROKERURL',
    key: 'Agent',
    value: 'broker.addresses',
    sentence: 'Brokers, as host:port; several with commas.',
  },
  {
    name: 'CABUNDLE',
    key: 'Machine',
    value: 'caBundle',
    sentence: 'File with the certificate of the broker’s authority (PEM), for enrolling.',
  },
  {
    name: 'CASHA256',
    key: 'Machine',
    value: 'caSha256',
    sentence: 'Its fingerprint instead, as the broker prints it.',
  },
  {
    name: 'ZONE',
    key: 'Machine',
    value: 'zone',
    sentence: 'The zone that IT means this workstation for; what counts is the token’s.',
  },
  { name: 'PLACE', key: 'Machine', value: 'place', sentence: 'What people call the place.' },
  {
    name: 'ASSETTAG',
    key: 'Machine',
    value: 'assetTag',
    sentence: 'What the inventory calls this machine.',
  },
]

/** Secure: they reach the part of an installation that runs as the system. */
export const secureProperties: readonly string[] = [
  ...keptProperties.flatMap(({ name }) => [name, `PREV${name}`]),
  'ENROLLTOKEN',
  'KEEPIDENTITY',
]

export const componentOf = ({ name }: PublicProperty): string => `Reg${name}`
export const keeperOf = ({ name }: PublicProperty): string => `Keep${name}`

/** Fills the places of a source that are for each property. */
export function withProperties(source: string): string {
  const each = (write: (one: PublicProperty, n: number) => string): string =>
    keptProperties.map(write).join('\n')
  const lookedUp = each(
    ({ name, key, value }) => `<Property Id="PREV${name}">
      <RegistrySearch Id="Find${name}" Root="HKLM" Key="SOFTWARE\\Wardkey\\${key}"
                      Name="${value}" Type="raw" Win64="yes"/></Property>`,
  )
  const actions = each(
    (one) => `<CustomAction Id="${keeperOf(one)}" Impersonate="yes"
      Property="${one.name}" Value="[PREV${one.name}]"/>`,
  )
  const sequence = each(
    (one) =>
      `<Custom Action="${keeperOf(one)}" After="AppSearch">NOT ${one.name} AND PREV${one.name}</Custom>`,
  )
  const kept = `${actions}\n<InstallExecuteSequence>\n${sequence}\n</InstallExecuteSequence>`
  const values = each(
    (one, n) => `<Component Id="${componentOf(one)}" Win64="yes"
        Guid="0B0C3A55-84E7-4D0C-A6D4-3B8E5C3F0B${n.toString(16).padStart(2, '0').toUpperCase()}">
      <RegistryValue Root="HKLM" Key="SOFTWARE\\Wardkey\\${one.key}" Name="${one.value}"
                     Type="string" Value="[${one.name}]" KeyPath="yes"/></Component>`,
  )
  const references = each((one) => `<ComponentRef Id="${componentOf(one)}"/>`)
  return Object.entries({ 'looked-up': lookedUp, kept, values, references }).reduce(
    (text, [place, words]) => text.replace(`<!-- ${place} -->`, () => words),
    source,
  )
}
