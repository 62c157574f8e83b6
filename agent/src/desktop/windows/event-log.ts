// Windows' event log, for what has no standard error: warnings, errors, and that it began and
// ended. It is handed lines that the operator's log has already narrowed.

import koffi from 'koffi'

export type Severity = 'info' | 'warn' | 'error'

/** EVENTLOG_INFORMATION_TYPE and so on. */
const kinds: Readonly<Record<Severity, number>> = { info: 4, warn: 2, error: 1 }
/** The MSI names EventCreate.exe for the source's words: it has `%1` for each id up to 1000. */
const ids: Readonly<Record<Severity, number>> = { info: 1, warn: 2, error: 3 }
const longest = 2000

/** Throws where a library of Windows is missing: on every other system. */
export function openEventLog(source: string): (severity: Severity, line: string) => void {
  const advapi = koffi.load('advapi32.dll')
  const open = advapi.func('__stdcall', 'RegisterEventSourceW', 'void *', ['str16', 'str16'])
  const report = advapi.func('__stdcall', 'ReportEventW', 'int', [
    'void *',
    'uint16',
    'uint16',
    'uint32',
    'void *',
    'uint16',
    'uint32',
    koffi.pointer('str16'),
    'void *',
  ])
  const handle: unknown = open(null, source)
  return (severity, line) => {
    if (handle === null) return
    const words = [line.slice(0, longest)]
    report(handle, kinds[severity], 0, ids[severity], null, words.length, 0, words, null)
  }
}
