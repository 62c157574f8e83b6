import { describe, expect, it } from 'vitest'
import { whoElseWritesOnWindows } from './windows-writers.ts'

const path = 'C:\\ProgramData\\Wardkey\\Updates\\own'
const administrators = '(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)'
/** As Windows and the MSI make them. */
const usual: Readonly<Record<string, string>> = {
  'C:\\ProgramData':
    'O:SYD:AI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;CI;0x100116;;;BU)(A;OICIIO;FA;;;CO)',
  'C:\\ProgramData\\Wardkey': `O:BAD:PAI${administrators}(A;OICI;0x1200a9;;;BU)`,
  'C:\\ProgramData\\Wardkey\\Updates': `O:BAD:PAI${administrators}(A;OICI;0x1200a9;;;BU)`,
  [path]: `O:BAD:PAI${administrators}`,
}
const ask = (change: Readonly<Record<string, string | undefined>> = {}) =>
  whoElseWritesOnWindows(path, { accessList: (at) => ({ ...usual, ...change })[at] })

describe('a folder of administrators on Windows', () => {
  it('is one as the MSI makes it, below a folder that everybody adds to', () => {
    expect(ask()).toBeUndefined()
    expect(ask({ [path]: `O:SYD:PAI${administrators}(A;OICI;0x1200a9;;;BU)` })).toBeUndefined()
  })
  it.each<[string, string | undefined]>([
    ['where people may add files', `O:BAD:PAI${administrators}(A;CI;0x2;;;BU)`],
    ['where people may add folders', `O:BAD:PAI${administrators}(A;CI;0x4;;;AU)`],
    ['that belongs to somebody', `O:S-1-5-21-1-2-3-1001D:PAI${administrators}`],
    ['without a list', 'O:BAD:NO_ACCESS_CONTROL'],
    ['that cannot be looked at', undefined],
  ])('is not one %s', (_why, list) => {
    expect(ask({ [path]: list })).toBe(`${path}: others than administrators can change it`)
  })
  it('is not one where what leads to it can be taken away, or cannot be looked at', () => {
    for (const list of [`O:BAD:PAI${administrators}(A;CI;0x1301bf;;;BU)`, undefined]) {
      const at = 'C:\\ProgramData\\Wardkey'
      expect(ask({ [at]: list })).toContain(`${at}: others`)
    }
  })
})
