// PC/SC through koffi: a thin, synchronous wrapper over the system's own library. It runs in a
// worker thread only: every call here may block. It keeps no state and judges nothing.

import koffi from 'koffi'
import type { PcscLayout } from './pcsc-layout.ts'
import { pcscCodes, PcscFault } from './pcsc-codes.ts'

export interface ReaderState {
  readonly name: string
  /** What we knew when the wait began; 0 if nothing. */
  readonly known: number
}

export interface ReaderNews {
  readonly name: string
  readonly state: number
}

/** An open connection to one card. */
export interface CardConnection {
  transmit(command: Uint8Array): Uint8Array
  disconnect(): void
}

/** All that the loop needs of PC/SC. Every method throws `PcscFault` where it does not succeed. */
export interface PcscBinding {
  establish(): number
  release(context: number): void
  listReaders(context: number): readonly string[]
  /** Waits for a change, no longer than `waitMs`, and returns the states then, changed or not. */
  wait(context: number, waitMs: number, states: readonly ReaderState[]): readonly ReaderNews[]
  connect(context: number, reader: string): CardConnection
}

const scopeSystem = 2
const shareShared = 2
const protocolT0orT1 = 3
const leaveCard = 0
/** The longest short answer: 256 bytes and the status word. */
const answerBytesMax = 258

/** Loads the library. Throws where the machine has none. */
export function loadPcsc(layout: PcscLayout): PcscBinding {
  const lib = declare(layout)
  const listReaders = (context: number): readonly string[] => {
    // The list may grow between asking its length and fetching it.
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const names = fetchReaders(lib, layout, context)
      if (names !== undefined) return names
    }
    throw new PcscFault('SCardListReaders', pcscCodes.insufficientBuffer)
  }
  return {
    establish: () => {
      const context = [0]
      check('SCardEstablishContext', lib.establish(scopeSystem, null, null, context))
      return Number(context[0])
    },
    release: (context) => {
      check('SCardReleaseContext', lib.release(context))
    },
    listReaders,
    wait: (context, waitMs, states) => {
      const entries = states.map((state): StateEntry => ({
        szReader: state.name,
        pvUserData: null,
        dwCurrentState: state.known,
        dwEventState: 0,
        cbAtr: 0,
        rgbAtr: new Uint8Array(layout.atrBytes),
      }))
      const code = codeOf(lib.wait(context, waitMs, entries, entries.length))
      if (code !== 0 && code !== pcscCodes.timeout)
        throw new PcscFault('SCardGetStatusChange', code)
      return entries.map((entry) => ({ name: entry.szReader, state: Number(entry.dwEventState) }))
    },
    connect: (context, reader) => connect(lib, context, reader),
  }
}

/** SCARD_READERSTATE; koffi writes back what the call has changed. */
interface StateEntry {
  readonly szReader: string
  readonly pvUserData: null
  readonly dwCurrentState: number
  readonly dwEventState: number | bigint
  readonly cbAtr: number | bigint
  readonly rgbAtr: Uint8Array
}

interface PcscLibrary {
  readonly establish: (scope: number, a: null, b: null, context: number[]) => unknown
  readonly release: (context: number) => unknown
  readonly list: (context: number, groups: null, names: Buffer | null, length: number[]) => unknown
  readonly wait: (context: number, waitMs: number, states: StateEntry[], count: number) => unknown
  readonly connect: (
    context: number,
    reader: string,
    share: number,
    protocols: number,
    handle: number[],
    protocol: number[],
  ) => unknown
  readonly disconnect: (handle: number, disposition: number) => unknown
  readonly transmit: (
    handle: number,
    header: object,
    command: Uint8Array,
    commandBytes: number,
    answerHeader: null,
    answer: Buffer,
    answerBytes: number[],
  ) => unknown
  readonly headerBytes: number
}

/** Once in a thread's life: koffi's types have names, and a name is taken for good. */
function declare(layout: PcscLayout): PcscLibrary {
  const { dword, handle, long, suffix, text } = layout
  const { inout, out, pointer } = koffi
  const library = koffi.load(layout.library)
  const structure = layout.packed ? koffi.pack : koffi.struct
  const state = structure('WardkeyReaderState', {
    szReader: text,
    pvUserData: 'void *',
    dwCurrentState: dword,
    dwEventState: dword,
    cbAtr: dword,
    rgbAtr: koffi.array('uint8_t', layout.atrBytes, 'Typed'),
  })
  const header = structure('WardkeyIoHeader', { dwProtocol: dword, cbPciLength: dword })
  const number = inout(pointer(dword))
  return {
    establish: library.func('SCardEstablishContext', long, [
      dword,
      'void *',
      'void *',
      out(pointer(handle)),
    ]),
    release: library.func('SCardReleaseContext', long, [handle]),
    list: library.func(`SCardListReaders${suffix}`, long, [handle, 'void *', 'void *', number]),
    wait: library.func(`SCardGetStatusChange${suffix}`, long, [
      handle,
      dword,
      inout(pointer(state)),
      dword,
    ]),
    connect: library.func(`SCardConnect${suffix}`, long, [
      handle,
      text,
      dword,
      dword,
      out(pointer(handle)),
      out(pointer(dword)),
    ]),
    disconnect: library.func('SCardDisconnect', long, [handle, dword]),
    transmit: library.func('SCardTransmit', long, [
      handle,
      pointer(header),
      'void *',
      dword,
      'void *',
      'void *',
      number,
    ]),
    headerBytes: koffi.sizeof(header),
  }
}

/** Undefined if the list grew meanwhile. */
function fetchReaders(
  lib: PcscLibrary,
  layout: PcscLayout,
  context: number,
): readonly string[] | undefined {
  const length = [0]
  const asked = codeOf(lib.list(context, null, null, length))
  if (asked === pcscCodes.noReaders) return []
  if (asked !== 0) throw new PcscFault('SCardListReaders', asked)
  const names = Buffer.alloc(Number(length[0]) * (layout.wide ? 2 : 1))
  const fetched = codeOf(lib.list(context, null, names, length))
  if (fetched === pcscCodes.insufficientBuffer) return undefined
  if (fetched === pcscCodes.noReaders) return []
  if (fetched !== 0) throw new PcscFault('SCardListReaders', fetched)
  return names
    .toString(layout.wide ? 'utf16le' : 'utf8')
    .split('\0')
    .filter((name) => name !== '')
}

function connect(lib: PcscLibrary, context: number, reader: string): CardConnection {
  const handles = [0]
  const protocols = [0]
  check(
    'SCardConnect',
    lib.connect(context, reader, shareShared, protocolT0orT1, handles, protocols),
  )
  const handle = Number(handles[0])
  const header = { dwProtocol: Number(protocols[0]), cbPciLength: lib.headerBytes }
  return {
    transmit: (command) => {
      const answer = Buffer.alloc(answerBytesMax)
      const bytes = [answer.length]
      const code = lib.transmit(handle, header, command, command.length, null, answer, bytes)
      check('SCardTransmit', code)
      return answer.subarray(0, Math.min(Number(bytes[0]), answer.length))
    },
    disconnect: () => {
      check('SCardDisconnect', lib.disconnect(handle, leaveCard))
    },
  }
}

/** Codes come signed, unsigned, 32 or 64 bits wide. */
function codeOf(returned: unknown): number {
  if (typeof returned !== 'number' && typeof returned !== 'bigint') {
    throw new TypeError('PC/SC returned no code')
  }
  return Number(BigInt.asUintN(32, BigInt(returned)))
}

function check(call: string, returned: unknown): void {
  const code = codeOf(returned)
  if (code !== 0) throw new PcscFault(call, code)
}
