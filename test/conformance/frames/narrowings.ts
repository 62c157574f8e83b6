// Where one schema of frames refuses what another one of them may send: both are JSON Schema, as
// they are made from the protocol's own. It knows as much of it as the protocol uses. Pure.

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

/** What both sides must say the same of a value. */
const same = [
  ...['type', 'const', 'pattern', 'format', 'minimum', 'maximum', 'exclusiveMinimum'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'propertyNames'],
] as const

/** Where a property that is new is passed over by who does not know it. */
export type Grows = (path: string) => boolean

/**
 * Both ways, N to N-1 and back. A property may be added where it may also be left out and what is
 * not known is passed over; a kind may be added; a list of codes may grow (decision 0055).
 */
export function narrowings(
  was: Json | undefined,
  is: Json | undefined,
  path: string,
  grows: Grows,
): string[] {
  if (!isObject(was)) return equal(was, is) ? [] : [`${path}: changed`]
  if (!isObject(is)) return [`${path}: gone`]
  const own = same.filter((key) => !equal(was[key], is[key])).map((key) => `${path}: other ${key}`)
  return [
    ...own,
    ...listed(was['enum'], is['enum'], path),
    ...(was['properties'] === undefined ? [] : objects(was, is, path, grows)),
    ...(was['items'] === undefined
      ? []
      : narrowings(was['items'], is['items'], `${path}[]`, grows)),
    ...choices(was, is, path, grows),
  ]
}

function listed(was: Json | undefined, is: Json | undefined, path: string): string[] {
  if (!isList(was)) return []
  const now = isList(is) ? is : []
  return was
    .filter((one) => !now.includes(one))
    .map((one) => `${path}: no ${JSON.stringify(one)} any more`)
}

function objects(was: JsonObject, is: JsonObject, path: string, grows: Grows): string[] {
  const [before, now] = [propertiesOf(was), propertiesOf(is)]
  const [had, has] = [requiredOf(was), requiredOf(is)]
  return [
    ...Object.keys(before).flatMap((key) =>
      narrowings(before[key], now[key], `${path}.${key}`, grows),
    ),
    ...Object.keys(now)
      .filter((key) => before[key] === undefined && !grows(path))
      .map((key) => `${path}.${key}: is new, and would be refused`),
    ...has.filter((key) => !had.includes(key)).map((key) => `${path}.${key}: is needed now`),
    ...had.filter((key) => !has.includes(key)).map((key) => `${path}.${key}: may be missing now`),
  ]
}

/** By what they are called where they have a name of their own, else in their order. */
function choices(was: JsonObject, is: JsonObject, path: string, grows: Grows): string[] {
  const before = choicesOf(was)
  const now = choicesOf(is)
  return before.flatMap((one, at) => {
    const name = nameOf(one)
    const other = name === undefined ? now[at] : now.find((two) => nameOf(two) === name)
    return narrowings(one, other, `${path}/${name ?? String(at)}`, grows)
  })
}

function choicesOf(of: JsonObject): readonly Json[] {
  const listed = of['anyOf'] ?? of['oneOf'] ?? []
  return isList(listed) ? listed : []
}

function nameOf(choice: Json | undefined): string | undefined {
  if (!isObject(choice)) return undefined
  const properties = propertiesOf(choice)
  for (const key of ['kind', 'by', 'step']) {
    const property = properties[key]
    const name = isObject(property) ? property['const'] : undefined
    if (typeof name === 'string') return name
  }
  return undefined
}

function propertiesOf(of: JsonObject): JsonObject {
  const properties = of['properties']
  return isObject(properties) ? properties : {}
}

function requiredOf(of: JsonObject): readonly string[] {
  const required = of['required']
  return isList(required) ? required.filter((key) => typeof key === 'string') : []
}

const equal = (a: Json | undefined, b: Json | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b)
const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)
const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
