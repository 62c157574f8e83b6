// Who can change a file of Windows, from its owner and access list as SDDL (MS-DTYP 2.5.1). What it
// does not understand counts as somebody who can. Pure.

const deleteChild = 0x40
const takeOver = 0x10000 | 0x40000 | 0x80000
const everything = 0x10000000 | 0x40000000 | 0x2000000
/** Content, attributes, the list itself, its owner. */
const writesFile = 0x2 | 0x4 | 0x10 | 0x100 | takeOver | everything
/** A file that somebody adds belongs to him, and is refused for that. */
const writesFolder = deleteChild | takeOver | everything

/** SYSTEM, Administrators, and the installer of Windows. */
const administrators: ReadonlySet<string> = new Set([
  'SY',
  'BA',
  'S-1-5-18',
  'S-1-5-32-544',
  'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464',
])

const rights: Readonly<Record<string, number>> = {
  CC: 0x1,
  DC: 0x2,
  LC: 0x4,
  SW: 0x8,
  RP: 0x10,
  WP: 0x20,
  DT: 0x40,
  LO: 0x80,
  CR: 0x100,
  SD: 0x10000,
  RC: 0x20000,
  WD: 0x40000,
  WO: 0x80000,
  GA: 0x10000000,
  GX: 0x20000000,
  GW: 0x40000000,
  GR: 0,
  FA: 0x1f01ff,
  FR: 0x120089,
  FW: 0x120116,
  FX: 0x1200a0,
}
const all = 0xffffffff

/** True where nobody but administrators can change what stands there. */
export function isAdministratorsOnly(sddl: string, what: 'file' | 'folder'): boolean {
  const parts = /^O:(S-[0-9-]+|[A-Z]{2})(?:G:(?:S-[0-9-]+|[A-Z]{2}))?D:([A-Z]*)((?:\([^()]*\))*)$/
  const [, owner, , entries] = parts.exec(sddl.trim()) ?? []
  if (owner === undefined || entries === undefined || !administrators.has(owner)) return false
  // A list without entries gives nothing to anybody; no list at all ("NO_ACCESS_CONTROL") all.
  if (sddl.includes('NO_ACCESS_CONTROL')) return false
  const mask = what === 'file' ? writesFile : writesFolder
  return (entries.match(/\([^()]*\)/g) ?? []).every((entry) => isHarmless(entry, mask))
}

function isHarmless(entry: string, mask: number): boolean {
  const [type, flags = '', access = '', , , trustee = ''] = entry.slice(1, -1).split(';')
  if (type === 'D') return true
  if (type !== 'A') return false
  // For what is made below, not for this one.
  if (/^(?:..)*IO/.test(flags)) return true
  return administrators.has(trustee) || (maskOf(access) & mask) === 0
}

function maskOf(access: string): number {
  if (/^0x[0-9a-f]{1,8}$/i.test(access)) return parseInt(access, 16)
  if (!/^([A-Z]{2})*$/.test(access)) return all
  return (access.match(/../g) ?? []).reduce((mask, name) => mask | (rights[name] ?? all), 0)
}
