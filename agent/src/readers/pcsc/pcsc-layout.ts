// How PC/SC is laid out in memory on each system: library, widths, structs. Pure data; nothing is
// loaded here. Linux was run; Windows and macOS are from their headers (README.md, "Untried").

export interface PcscLayout {
  readonly library: string
  readonly dword: string
  readonly long: string
  readonly handle: string
  readonly text: string
  /** What follows a function's name that takes text: Windows has both widths. */
  readonly suffix: '' | 'W'
  readonly wide: boolean
  /** Apple's headers are under `#pragma pack(1)`. */
  readonly packed: boolean
  readonly atrBytes: number
  /** Whether waiting on the pseudo reader tells of readers coming and going. */
  readonly tellsOfReaders: boolean
  /** Whether the upper half of a state counts insertions and removals. */
  readonly counts: boolean
  /** Windows ends the service with the last reader: without readers it is not "stopped". */
  readonly endsWithReaders: boolean
}

const layouts = {
  linux: {
    library: 'libpcsclite.so.1',
    dword: 'unsigned long',
    long: 'long',
    handle: 'long',
    text: 'const char *',
    suffix: '',
    wide: false,
    packed: false,
    atrBytes: 33,
    tellsOfReaders: true,
    counts: true,
    endsWithReaders: false,
  },
  win32: {
    library: 'winscard.dll',
    dword: 'uint32_t',
    long: 'int32_t',
    handle: 'uintptr_t',
    text: 'const char16_t *',
    suffix: 'W',
    wide: true,
    packed: false,
    atrBytes: 36,
    tellsOfReaders: true,
    counts: true,
    endsWithReaders: true,
  },
  darwin: {
    library: '/System/Library/Frameworks/PCSC.framework/PCSC',
    dword: 'uint32_t',
    long: 'int32_t',
    handle: 'int32_t',
    text: 'const char *',
    suffix: '',
    wide: false,
    packed: true,
    atrBytes: 33,
    tellsOfReaders: false,
    counts: false,
    endsWithReaders: false,
  },
} as const satisfies Record<string, PcscLayout>

/** Undefined where there is no PC/SC that we know. */
export function pcscLayout(platform: string): PcscLayout | undefined {
  return Object.entries(layouts).find(([name]) => name === platform)?.[1]
}

/** The pseudo reader that changes when a reader comes or goes. */
export const pnpReader = '\\\\?PnP?\\Notification'

/** pcsc-lite takes 16 states in one wait, the pseudo reader among them. */
export const statesMax = 16
