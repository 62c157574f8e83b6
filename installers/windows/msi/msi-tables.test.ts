import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { importedTables, tableQueries } from './msi-tables.ts'
import { keptProperties, secureProperties, withProperties } from './public-properties.ts'

const source = readFileSync(new URL('wardkey-agent.wxs', import.meta.url), 'utf8')
const queries = tableQueries('1.2.3', 'WIX_UPGRADE_DETECTED')
const about = (word: string): string => queries.filter((one) => one.includes(word)).join('\n')

describe('the MSI’s tables', () => {
  it('never hold the token as a value, and hide the one action that does', () => {
    expect(withProperties(source)).not.toContain('[ENROLLTOKEN]')
    expect(queries.filter((one) => one.includes('[ENROLLTOKEN]'))).toHaveLength(1)
    const [, type = '0'] = /'KeepToken',(\d+),/.exec(about('[ENROLLTOKEN]')) ?? []
    expect(Number(type) & 8192).toBe(8192)
    expect(source).toContain('<Property Id="MsiHiddenProperties" Value="ENROLLTOKEN"/>')
  })

  it('let every public property through to the system’s part, beside what was there', () => {
    for (const name of ['BROKERURL', 'ENROLLTOKEN', 'ZONE', 'CABUNDLE', 'ASSETTAG']) {
      expect(secureProperties).toContain(name)
    }
    expect(about("'SecureCustomProperties'")).toContain("'WIX_UPGRADE_DETECTED;BROKERURL;")
  })

  it('keep what they were given, each by a look of its own', () => {
    const filled = withProperties(source)
    for (const { name, value } of keptProperties) {
      expect(filled).toContain(`<Property Id="PREV${name}">`)
      expect(filled).toContain(`NOT ${name} AND PREV${name}`)
      expect(filled).toContain(`Name="${value}"`)
      expect(about(`'Reg${name}'`)).toContain(`\`Condition\`='${name}'`)
    }
    expect(filled).not.toMatch(/<!-- [a-z-]+ -->/)
  })

  it('forget nothing in an upgrade, and nothing that is to be kept', () => {
    expect(about("'ForgetData'")).toContain(
      'REMOVE="ALL" AND NOT UPGRADINGPRODUCTCODE AND NOT KEEPIDENTITY',
    )
  })

  it('give the folder and the token’s key to administrators', () => {
    const table = importedTables('regToken').get('MsiLockPermissionsEx') ?? ''
    const [, , , folder = '', token = ''] = table.split('\r\n')
    expect(folder).toContain('O:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)')
    expect(token).toContain('regToken\tRegistry\tO:BAD:PAI(A;;KA;;;SY)(A;;KA;;;BA)')
    expect(token).not.toContain('BU')
  })

  it('take the older version away after it is known that the newer one can come', () => {
    expect(about('RemoveExistingProducts')).toContain('`Sequence`=1401')
  })
})
