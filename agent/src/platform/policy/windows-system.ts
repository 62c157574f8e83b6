// What Windows itself is asked, through koffi: values of its registry and the access list of a
// file. A thin wrapper that judges nothing and writes nothing. Loaded on Windows only.

import koffi from 'koffi'
import type { RegistryValue, WindowsSystem } from './registry-layer.ts'

/** HKEY_LOCAL_MACHINE, as the 64-bit system extends it. */
const localMachine = 0xffffffff80000002n
/** RRF_RT_ANY, RRF_SUBKEY_WOW6464KEY. */
const anyKind = 0xffff | 0x10000
const notFound = [2, 3]
const bytesMax = 1024 * 1024
/** SE_FILE_OBJECT; OWNER_ and DACL_SECURITY_INFORMATION. */
const fileObject = 1
const ownerAndList = 1 | 4

/** Throws where a library of Windows is missing: on every other system. */
export function loadWindowsSystem(): WindowsSystem {
  const { out, inout, pointer } = koffi
  const advapi = koffi.load('advapi32.dll')
  const kernel = koffi.load('kernel32.dll')
  const getValue = advapi.func('__stdcall', 'RegGetValueW', 'int32', [
    'uintptr',
    'str16',
    'str16',
    'uint32',
    out(pointer('uint32')),
    'void *',
    inout(pointer('uint32')),
  ])
  const getSecurity = advapi.func('__stdcall', 'GetNamedSecurityInfoW', 'uint32', [
    'str16',
    'uint32',
    'uint32',
    'void *',
    'void *',
    'void *',
    'void *',
    out(pointer('void *')),
  ])
  const toText = advapi.func(
    '__stdcall',
    'ConvertSecurityDescriptorToStringSecurityDescriptorW',
    'int',
    ['void *', 'uint32', 'uint32', out(pointer('void *')), 'void *'],
  )
  const free = kernel.func('__stdcall', 'LocalFree', 'void *', ['void *'])
  return {
    read: (key, name) => readValue(getValue, key, name),
    accessList: (path) => {
      const descriptor: unknown[] = [null]
      const code: unknown = getSecurity(
        path,
        fileObject,
        ownerAndList,
        null,
        null,
        null,
        null,
        descriptor,
      )
      if (code !== 0) return undefined
      const text: unknown[] = [null]
      const isDone: unknown = toText(descriptor[0], 1, ownerAndList, text, null)
      // Its characters are there. `str16` would take the first of them for an address, and end us.
      const sddl: unknown = isDone === 0 ? undefined : koffi.decode(text[0], 'char16_t', -1)
      if (isDone !== 0) free(text[0])
      free(descriptor[0])
      return typeof sddl === 'string' ? sddl : undefined
    },
  }
}

function readValue(
  getValue: (...words: unknown[]) => unknown,
  key: string,
  name: string,
): RegistryValue | 'unreadable' | undefined {
  const kind = [0]
  const bytes = [0]
  const asked = getValue(localMachine, key, name, anyKind, kind, null, bytes)
  if (typeof asked === 'number' && notFound.includes(asked)) return undefined
  const [length = 0] = bytes
  if (asked !== 0 || length > bytesMax) return 'unreadable'
  const data = Buffer.alloc(length)
  const code = getValue(localMachine, key, name, anyKind, kind, data, bytes)
  return code === 0 ? { kind: kind[0] ?? 0, data: data.subarray(0, bytes[0]) } : 'unreadable'
}
