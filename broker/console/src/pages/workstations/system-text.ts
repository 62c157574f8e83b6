// What a workstation runs on, in words that people use. Pure.

import type { WorkstationShown } from '@wardkey/protocol/admin/workstations'

const names: Readonly<Record<string, string>> = {
  win32: 'Windows',
  darwin: 'macOS (Darwin)',
  linux: 'Linux',
}

export function systemText(madeOf: WorkstationShown['madeOf']): string {
  if (!madeOf) return ''
  const { platform, release, arch } = madeOf.system
  return `${names[platform] ?? platform} ${release}, ${arch}`
}
