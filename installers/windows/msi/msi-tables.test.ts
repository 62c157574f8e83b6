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
    const [, , , folder = '', , own = '', token = ''] = table.split('\r\n')
    expect(own).toMatch(/^LockUpdatesOwn\t.*\tO:BAD:PAI\(A;OICI;FA;;;SY\)\(A;OICI;FA;;;BA\)\t$/)
    // Nothing that others may write gets a list by a package: it may be a link by then.
    expect(table).not.toContain('0x1301bf')
    expect(source).not.toMatch(/Directory [^>]*Name="in"/)
    expect(folder).toContain('O:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)')
    expect(token).toContain('regToken\tRegistry\tO:BAD:PAI(A;;KA;;;SY)(A;;KA;;;BA)')
    expect(token).not.toContain('BU')
  })

  it('end no session where the part that installs updates runs them', () => {
    const [, condition = ''] =
      /VALUES \('EndSessions','([^']*)',1901\)/.exec(queries.join('\n')) ?? []
    expect(condition).toBe('(Installed OR WIX_UPGRADE_DETECTED) AND NOT BYUPDATES')
    expect(source).toMatch(/<Property Id="BYUPDATES">\s*<RegistrySearch [^>]*Wardkey\\Updates"/)
    expect(about("'CleanUpdates'")).toContain('SOFTWARE\\Wardkey\\Updates')
  })

  it('follow nothing that somebody may have laid down', () => {
    const forget = about("VALUES ('ForgetData',")
    expect(forget).toContain('rmdir "[WARDKEYUPDATES]in" &')
    expect(forget).not.toMatch(/rmdir \/s \/q "\[WARDKEYUPDATES\](in)?"/)
    expect(forget).toContain(
      'if exist "[WARDKEYUPDATES]in" (del /q "[WARDKEYDATA]*") else (rmdir /s',
    )
  })

  it('keep what was seen of releases with the identity, and take the copy away', () => {
    const forget = about("VALUES ('ForgetCopy',")
    expect(forget).toContain('own\\program')
    expect(forget).toContain('AND KEEPIDENTITY AND NOT BYUPDATES')
  })

  it('have both services begun again when they fail', () => {
    const table = importedTables('regToken').get('MsiServiceConfigFailureActions') ?? ''
    for (const service of ['WardkeyAgent', 'WardkeyUpdates']) {
      expect(table).toContain(`\t${service}\t1\t86400\t\t\t1[~]1[~]1\t1000[~]5000[~]60000\t`)
      expect(source).toContain(`<ServiceInstall Id="${service.slice(7)}System" Name="${service}"`)
    }
  })

  it('take the older version away after it is known that the newer one can come', () => {
    expect(about('RemoveExistingProducts')).toContain('`Sequence`=1401')
  })
})
