// Starts the session agent in each session where somebody is signed in at the machine and none
// runs: after an upgrade, and after a crash. From the system account only: nobody else may take a
// person's token. Not run on a Windows machine (README.md).

import koffi from 'koffi'

const active = 0
const noWindow = 0x0800_0000
const unicodeEnvironment = 0x400
const thisServer = null
const sessionBytes = 24
const processBytes = 24

export interface StartedSessions {
  readonly started: number
  /** Somebody is signed in there, and Windows would not let us. */
  readonly refused: number
}

/** `program` is the whole path of the session agent. */
export function startInSessions(program: string, words: readonly string[]): StartedSessions {
  const calls = loadCalls()
  const name = program.slice(program.lastIndexOf('\\') + 1).toLowerCase()
  const served = new Set(
    calls
      .processes()
      .filter((one) => one.name.toLowerCase() === name)
      .map((one) => one.session),
  )
  const wanting = calls.activeSessions().filter((session) => session !== 0 && !served.has(session))
  const line = [`"${program}"`, ...words].join(' ')
  const started = wanting.filter((session) => calls.start(session, line)).length
  return { started, refused: wanting.length - started }
}

function loadCalls() {
  const terminal = koffi.load('wtsapi32.dll')
  const free = terminal.func('__stdcall', 'WTSFreeMemory', 'void', ['void *'])
  const list = (call: string): ((out: unknown[], count: number[]) => unknown) => {
    const listed = terminal.func('__stdcall', call, 'int', [
      'void *',
      'uint32',
      'uint32',
      koffi.out(koffi.pointer('void *')),
      koffi.out(koffi.pointer('uint32')),
    ])
    return (out, count) => listed(thisServer, 0, 1, out, count) as unknown
  }
  const rows = (ask: (out: unknown[], count: number[]) => unknown, bytes: number): Row[] => {
    const out: unknown[] = [null]
    const count = [0]
    if (ask(out, count) === 0 || out[0] === null) return []
    const all = Array.from({ length: count[0] ?? 0 }, (_, n) => rowAt(out[0], n * bytes))
    free(out[0])
    return all
  }
  const sessions = list('WTSEnumerateSessionsW')
  const processes = list('WTSEnumerateProcessesW')
  return {
    activeSessions: () =>
      rows(sessions, sessionBytes).flatMap(({ first, third }) => (third === active ? [first] : [])),
    processes: () =>
      rows(processes, processBytes).map(({ first, name }) => ({ session: first, name })),
    start: starter(terminal),
  }
}

/** WTS_SESSION_INFOW (id, name, state) and WTS_PROCESS_INFOW (session, process, name, sid). */
interface Row {
  readonly first: number
  readonly third: number
  readonly name: string
}

function rowAt(memory: unknown, at: number): Row {
  const number = (offset: number): number => Number(koffi.decode(memory, at + offset, 'uint32'))
  const text: unknown = koffi.decode(memory, at + 8, 'str16')
  return { first: number(0), third: number(16), name: typeof text === 'string' ? text : '' }
}

function starter(terminal: ReturnType<typeof koffi.load>) {
  const kernel = koffi.load('kernel32.dll')
  const outPointer = koffi.out(koffi.pointer('void *'))
  const query = terminal.func('__stdcall', 'WTSQueryUserToken', 'int', ['uint32', outPointer])
  const close = kernel.func('__stdcall', 'CloseHandle', 'int', ['void *'])
  const userenv = koffi.load('userenv.dll')
  const block = userenv.func('__stdcall', 'CreateEnvironmentBlock', 'int', [
    outPointer,
    'void *',
    'int',
  ])
  const unblock = userenv.func('__stdcall', 'DestroyEnvironmentBlock', 'int', ['void *'])
  const create = koffi
    .load('advapi32.dll')
    .func('__stdcall', 'CreateProcessAsUserW', 'int', [
      ...['void *', 'str16', 'void *', 'void *', 'void *', 'int', 'uint32', 'void *', 'str16'],
      ...['void *', 'void *'],
    ])
  return (session: number, line: string): boolean => {
    const token: unknown[] = [null]
    if (query(session, token) === 0) return false
    const environment: unknown[] = [null]
    const hasBlock = block(environment, token[0], 0) !== 0
    // STARTUPINFOW of 104 bytes, which names its own length; PROCESS_INFORMATION of 24.
    const startup = Buffer.alloc(104)
    startup.writeUInt32LE(startup.length)
    const made = Buffer.alloc(24)
    const flags = noWindow | unicodeEnvironment
    const command = Buffer.from(`${line}\0`, 'utf16le')
    const given = hasBlock ? environment[0] : null
    const done: unknown = create(
      ...[token[0], null, command, null, null, 0, flags, given, null, startup, made],
    )
    if (hasBlock) unblock(environment[0])
    close(token[0])
    if (done === 0) return false
    for (const at of [0, 8]) close(made.readBigUInt64LE(at))
    return true
  }
}
