// What wixl cannot write, as changes of the MSI's tables: queries for msibuild, and tables that it
// imports. Pure.

import { componentOf, keeperOf, keptProperties, secureProperties } from './public-properties.ts'

/** In script, with the rights of the system, and going on when it fails: a program in a folder. */
const systemProgram = 34 | 1024 | 2048 | 64
const hiddenWords = 8192

interface Action {
  readonly name: string
  readonly command: string
  readonly condition: string
  readonly sequence: number
  /** Its command is in no log: neither as it stands nor as it is run. */
  readonly isHidden?: boolean
}

/** What somebody has laid down in `in` stays, and what leads to it: the system follows none of it. */
const forgetAll = [
  'rmdir /s /q "[WARDKEYUPDATES]own"',
  'rmdir /s /q "[WARDKEYUPDATES]told"',
  'rmdir "[WARDKEYUPDATES]in"',
  'rmdir "[WARDKEYUPDATES]"',
  'if exist "[WARDKEYUPDATES]in" (del /q "[WARDKEYDATA]*") else (rmdir /s /q "[WARDKEYDATA]")',
].join(' & ')
const isGone = 'REMOVE="ALL" AND NOT UPGRADINGPRODUCTCODE'
const cmd = (words: string): string => `"[System64Folder]cmd.exe" /d /s /c "${words}"`

/**
 * StopServices is 1900, RemoveFiles 3500, RemoveFolders 3600, WriteRegistryValues 5000.
 * Sessions begin again with the new program: the service sees to it. By the part that installs
 * updates none ends: they make room once nobody is there. But for one folder, all of it is
 * administrators' own: nobody else has put anything into it that would lead elsewhere.
 */
const actions: readonly Action[] = [
  {
    name: 'EndSessions',
    command: '"[System64Folder]taskkill.exe" /F /IM wardkey-session.exe',
    condition: '(Installed OR WIX_UPGRADE_DETECTED) AND NOT BYUPDATES',
    sequence: 1901,
  },
  {
    name: 'ForgetData',
    command: cmd(forgetAll),
    condition: `${isGone} AND NOT KEEPIDENTITY`,
    sequence: 3550,
  },
  // What was seen of releases, and the packages, stay with the identity; not what it ran from.
  {
    name: 'ForgetCopy',
    command: cmd('rmdir /s /q "[WARDKEYUPDATES]own\\program" "[WARDKEYUPDATES]own\\left"'),
    condition: `${isGone} AND KEEPIDENTITY AND NOT BYUPDATES`,
    sequence: 3551,
  },
  {
    name: 'KeepToken',
    command:
      '"[System64Folder]reg.exe" add HKLM\\SOFTWARE\\Wardkey\\Enroll /v token /d "[ENROLLTOKEN]" /f',
    condition: 'ENROLLTOKEN AND NOT REMOVE',
    sequence: 5050,
    isHidden: true,
  },
]

const expanded = {
  dataDir: '%LOCALAPPDATA%\\Wardkey\\Agent',
  runtimeDir: '%LOCALAPPDATA%\\Wardkey\\Run',
  EventMessageFile: '%SystemRoot%\\System32\\EventCreate.exe',
}

export function tableQueries(version: string, secureBefore: string): readonly string[] {
  const text = (value: string): string => `'${value.replaceAll("'", "''")}'`
  const secure = [secureBefore, ...secureProperties].filter((one) => one !== '').join(';')
  return [
    ...keptProperties.map(
      (one) =>
        `UPDATE \`Component\` SET \`Condition\`=${text(one.name)} WHERE \`Component\`=${text(componentOf(one))}`,
    ),
    "UPDATE `Component` SET `Condition`='ENROLLTOKEN' WHERE `Component`='RegToken'",
    `UPDATE \`Property\` SET \`Value\`=${text(secure)} WHERE \`Property\`='SecureCustomProperties'`,
    ...keptProperties.map(
      (one, n) =>
        `UPDATE \`InstallExecuteSequence\` SET \`Sequence\`=${String(60 + n)} WHERE \`Action\`=${text(keeperOf(one))}`,
    ),
    // After InstallValidate. Later, it would take away what both versions have.
    "UPDATE `InstallExecuteSequence` SET `Sequence`=1401 WHERE `Action`='RemoveExistingProducts'",
    "INSERT INTO `InstallExecuteSequence` (`Action`,`Condition`,`Sequence`) VALUES ('MsiConfigureServices','VersionMsi >= \"5.00\"',5850)",
    ...actions.flatMap(({ name, command, condition, sequence, isHidden = false }) => [
      `INSERT INTO \`CustomAction\` (\`Action\`,\`Type\`,\`Source\`,\`Target\`) VALUES ('${name}',${String(isHidden ? systemProgram | hiddenWords : systemProgram)},'TARGETDIR',${text(command)})`,
      `INSERT INTO \`InstallExecuteSequence\` (\`Action\`,\`Condition\`,\`Sequence\`) VALUES ('${name}',${text(condition)},${String(sequence)})`,
    ]),
    ...['AgentExeFile', 'SessionExeFile'].flatMap((file) => [
      `UPDATE \`File\` SET \`Version\`='${version}.0' WHERE \`File\`='${file}'`,
      `UPDATE \`File\` SET \`Language\`='1033' WHERE \`File\`='${file}'`,
    ]),
    // Else the registry would take their words as they are: REG_EXPAND_SZ begins with #%.
    ...Object.entries(expanded).map(
      ([name, value]) =>
        `UPDATE \`Registry\` SET \`Value\`=${text(`#%${value}`)} WHERE \`Name\`=${text(name)}`,
    ),
    ...['Enroll', 'Machine', 'Updates'].map(
      (key) =>
        `INSERT INTO \`Registry\` (\`Registry\`,\`Root\`,\`Key\`,\`Name\`,\`Component_\`) VALUES ('Clean${key}',2,'SOFTWARE\\Wardkey\\${key}','-','RegBase')`,
    ),
  ]
}

/** Administrators and the system alone; whoever works there may read, where that is of use. */
const administrators = '(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)'
const folderList = `O:BAD:PAI${administrators}(A;OICI;0x1200a9;;;BU)`
/**
 * Packages, and the copy that runs as the system. The part of it for whoever works there is made by
 * that copy: a package that gave a list to what others may write could be led elsewhere.
 */
const ownList = `O:BAD:PAI${administrators}`
const tokenList = 'O:BAD:PAI(A;;KA;;;SY)(A;;KA;;;BA)'

/** By their names, as msibuild imports them. `tokenRow` is the token's row in the Registry table. */
export function importedTables(tokenRow: string): ReadonlyMap<string, string> {
  const rows = (...lines: readonly (readonly string[])[]): string =>
    lines.map((line) => `${line.join('\t')}\r\n`).join('')
  return new Map([
    [
      'MsiServiceConfigFailureActions',
      rows(
        [
          'MsiServiceConfigFailureActions',
          ...['Name', 'Event', 'ResetPeriod', 'RebootMessage', 'Command', 'Actions'],
          ...['DelayActions', 'Component_'],
        ],
        ['s72', 's255', 'i4', 'I4', 'L255', 'L255', 'S255', 'S255', 's72'],
        ['MsiServiceConfigFailureActions', 'MsiServiceConfigFailureActions'],
        // At once, then a little later, then each minute; counted from new after a day.
        ...Object.entries({ AgentFails: 'WardkeyAgent', UpdatesFail: 'WardkeyUpdates' }).map(
          ([row, service]) => [
            ...[row, service, '1', '86400', '', '', '1[~]1[~]1'],
            ...['1000[~]5000[~]60000', 'AgentExe'],
          ],
        ),
      ),
    ],
    [
      'MsiLockPermissionsEx',
      rows(
        ['MsiLockPermissionsEx', 'LockObject', 'Table', 'SDDLText', 'Condition'],
        ['s72', 's72', 's32', 's0', 'S255'],
        ['MsiLockPermissionsEx', 'MsiLockPermissionsEx'],
        ['LockData', 'WARDKEYDATA', 'CreateFolder', folderList, ''],
        ['LockUpdates', 'WARDKEYUPDATES', 'CreateFolder', folderList, ''],
        ['LockUpdatesOwn', 'WARDKEYUPDATESOWN', 'CreateFolder', ownList, ''],
        ['LockToken', tokenRow, 'Registry', tokenList, ''],
      ),
    ],
  ])
}
