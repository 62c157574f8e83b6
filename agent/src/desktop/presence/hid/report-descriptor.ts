// Finds in a HID report descriptor where a presence sensor says that somebody is there: which
// report, which bits. Pure, bounded, and silent about every other field.
//
// Device Class Definition for HID 1.11: 6.2.2 (items), 5.8 (items into reports); HID Usage Tables
// 1.5, sensor page 0x20: Biometric: Human Presence (0x11), its data fields 0x4B1 and 0x4B3, and
// Event: Sensor State (0x201) with its selectors from 0x800.

export interface ReportField {
  /** From the first bit after the report's id. */
  readonly bit: number
  readonly bits: number
  readonly min: number
  readonly max: number
}

export interface PresenceField extends ReportField {
  /** 0 where the device's reports bear no id. */
  readonly reportId: number
  /** What a value that is not nothing means: somebody is there, or is out of range. */
  readonly means: 'present' | 'out-of-range'
  /** In the same report: whether the sensor is working, and the value that says so. */
  readonly state?: ReportField & { readonly ready: number }
}

/** A kernel takes no longer one (HID_MAX_DESCRIPTOR_SIZE). */
const descriptorBytesMax = 4096
const reportBitsMax = 8 * 4096
const usagesMax = 256
const depthMax = 16

const sensorPage = 0x20 << 16
const humanPresence = sensorPage | 0x4b1
const outOfRange = sensorPage | 0x4b3
const stateReady = sensorPage | 0x801

interface Globals {
  readonly page: number
  readonly min: number
  readonly max: number
  readonly size: number
  readonly count: number
  readonly reportId: number
}

interface Item {
  readonly type: number
  readonly tag: number
  readonly bytes: Uint8Array
}

interface Input extends Globals {
  readonly bit: number
  readonly usages: readonly number[]
}

const mainType = 0
const globalType = 1
const localType = 2
const inputTag = 8

/** Nothing where the descriptor is broken, too large, or no presence sensor's. */
export function findPresenceField(descriptor: Uint8Array): PresenceField | undefined {
  const inputs = inputsOf(descriptor)
  if (inputs === undefined) return undefined
  const fields = inputs.flatMap((input) => {
    const at = input.usages.findIndex((usage) => usage === humanPresence || usage === outOfRange)
    const { size, min, max } = input
    if (at < 0 || at >= input.count || size < 1 || size > 32 || max <= min) return []
    const means = input.usages[at] === humanPresence ? 'present' : 'out-of-range'
    return [{ ...placeOf(input, at), reportId: input.reportId, means } as const]
  })
  const field = fields.find(({ means }) => means === 'present') ?? fields[0]
  if (field === undefined) return undefined
  const state = stateIn(inputs, field.reportId)
  return state ? { ...field, state } : field
}

/** A selector: its value is the place of a usage in the list, counted from the logical minimum. */
function stateIn(inputs: readonly Input[], reportId: number): PresenceField['state'] {
  const input = inputs.find((one) => one.reportId === reportId && one.usages.includes(stateReady))
  if (!input || input.count !== 1 || input.size < 1 || input.size > 32) return undefined
  return { ...placeOf(input, 0), ready: input.min + input.usages.indexOf(stateReady) }
}

function placeOf({ bit, size, min, max }: Input, at: number): ReportField {
  return { bit: bit + at * size, bits: size, min, max }
}

/** Every field of every input report, in order, with the usages that it was given. */
function inputsOf(descriptor: Uint8Array): readonly Input[] | undefined {
  const items = itemsOf(descriptor)
  if (items === undefined) return undefined
  const inputs: Input[] = []
  const bitsOf = new Map<number, number>()
  const pushed: Globals[] = []
  let globals: Globals = { page: 0, min: 0, max: 0, size: 0, count: 0, reportId: 0 }
  let usages: number[] = []
  let usageMin = 0
  for (const item of items) {
    if (item.type === globalType) {
      const next = withGlobal(globals, item, pushed)
      if (next === undefined) return undefined
      globals = next
    } else if (item.type === localType) {
      const usage = usageOf(item, globals.page)
      if (item.tag === 0) usages.push(usage)
      if (item.tag === 1) usageMin = usage
      if (item.tag === 2) usages.push(...range(usageMin, usage))
      usages = usages.slice(0, usagesMax)
    } else {
      if (item.type === mainType && item.tag === inputTag) {
        const bit = bitsOf.get(globals.reportId) ?? 0
        const after = bit + globals.size * globals.count
        if (after > reportBitsMax) return undefined
        bitsOf.set(globals.reportId, after)
        inputs.push({ ...globals, bit, usages })
      }
      usages = []
    }
  }
  return inputs
}

/** Undefined where what is pushed and popped does not fit together. */
function withGlobal(globals: Globals, { tag, bytes }: Item, pushed: Globals[]) {
  const value = unsigned(bytes)
  switch (tag) {
    case 0:
      return { ...globals, page: (value << 16) >>> 0 }
    case 1:
      return { ...globals, min: signed(bytes) }
    case 2: {
      // Written without the zero byte that keeps it positive, as many descriptors do.
      const max = signed(bytes)
      return { ...globals, max: max < globals.min ? value : max }
    }
    case 7:
      return { ...globals, size: value }
    case 8:
      return value > 0 && value < 256 ? { ...globals, reportId: value } : undefined
    case 9:
      return { ...globals, count: value }
    case 10:
      return pushed.push(globals) > depthMax ? undefined : globals
    case 11:
      return pushed.pop()
    default:
      return globals
  }
}

/** With its page in front where it has four bytes, on the page of the moment otherwise. */
function usageOf({ bytes }: Item, page: number): number {
  const value = unsigned(bytes)
  return bytes.length === 4 ? value : (page | value) >>> 0
}

function range(from: number, to: number): number[] {
  const length = Math.max(0, Math.min(to - from + 1, usagesMax))
  return Array.from({ length }, (_, index) => from + index)
}

/** Undefined where the last item is cut off. */
function itemsOf(descriptor: Uint8Array): readonly Item[] | undefined {
  if (descriptor.length > descriptorBytesMax) return undefined
  const items: Item[] = []
  for (let at = 0; at < descriptor.length;) {
    const prefix = descriptor[at] ?? 0
    // A long item: its length comes first, and nothing that we look for is in one.
    const isLong = prefix === 0xfe
    const start = at + (isLong ? 3 : 1)
    const short = (prefix & 3) === 3 ? 4 : prefix & 3
    const length = isLong ? (descriptor[at + 1] ?? 0) : short
    at = start + length
    if (at > descriptor.length) return undefined
    if (isLong) continue
    const bytes = descriptor.subarray(start, at)
    items.push({ type: (prefix >> 2) & 3, tag: prefix >> 4, bytes })
  }
  return items
}

function unsigned(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0)
}

function signed(bytes: Uint8Array): number {
  const value = unsigned(bytes)
  const limit = 256 ** bytes.length
  return bytes.length > 0 && value >= limit / 2 ? value - limit : value
}
