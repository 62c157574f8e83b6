// Access lists of Windows, as it writes them, and who can change a file by each.

import { describe, expect, it } from 'vitest'
import { isAdministratorsOnly } from './access-list.ts'

const installed = 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464'

describe('only administrators can change', () => {
  it.each([
    'O:BAG:SYD:PAI(A;;FA;;;SY)(A;;FA;;;BA)',
    'O:SYG:SYD:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)',
    `O:${installed}D:P(A;;FR;;;WD)(A;;0x1200a9;;;S-1-15-2-1)`,
    'O:S-1-5-32-544G:BAD:(D;;FA;;;WD)(A;OICIIO;GA;;;CO)',
    'O:BAG:SYD:',
  ])('a file with %s', (sddl) => {
    expect(isAdministratorsOnly(sddl, 'file')).toBe(true)
  })
  it('a folder in which people may add files of their own', () => {
    // As a folder of ProgramData inherits it.
    const sddl = 'O:BAG:SYD:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;CIID;DCLCRPCR;;;BU)'
    expect(isAdministratorsOnly(sddl, 'folder')).toBe(true)
    expect(isAdministratorsOnly(sddl, 'file')).toBe(false)
  })
})

describe('somebody else can change', () => {
  it.each([
    ['nothing is known', ''],
    ['a person owns', 'O:S-1-5-21-1-2-3-1001G:SYD:PAI(A;;FA;;;SY)'],
    ['users have full access to', 'O:BAG:SYD:AI(A;;FA;;;BU)'],
    ['users may write', 'O:BAG:SYD:AI(A;;FW;;;BU)'],
    ['users may change', 'O:BAG:SYD:AI(A;;0x1301bf;;;BU)'],
    ['users may delete', 'O:BAG:SYD:AI(A;;SD;;;BU)'],
    ['users may rewrite the list of', 'O:BAG:SYD:AI(A;;FRWD;;;BU)'],
    ['users may take', 'O:BAG:SYD:AI(A;;WO;;;S-1-1-0)'],
    ['its creator has', 'O:BAG:SYD:AI(A;;GA;;;CO)'],
    ['rights are odd in', 'O:BAG:SYD:AI(A;;QQ;;;BU)'],
    ['rights are no pairs in', 'O:BAG:SYD:AI(A;;F;;;BU)'],
    ['an entry is of a kind that is not known in', 'O:BAG:SYD:AI(XA;;FR;;;BU;(x))'],
    ['there is no list for', 'O:BAG:SYD:NO_ACCESS_CONTROL'],
    ['there is no owner for', 'D:PAI(A;;FA;;;SY)'],
    ['there is more after', 'O:BAG:SYD:PAI(A;;FA;;;SY)(A;;FA;;;WD'],
  ])('where %s it', (_what, sddl) => {
    expect(isAdministratorsOnly(sddl, 'file')).toBe(false)
  })
  it('where users may delete what is in the folder', () => {
    expect(isAdministratorsOnly('O:BAG:SYD:AI(A;CI;0x1301bf;;;BU)', 'folder')).toBe(false)
    expect(isAdministratorsOnly('O:BAG:SYD:AI(A;CI;DT;;;BU)', 'folder')).toBe(false)
  })
})
