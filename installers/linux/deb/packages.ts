// The two DEBs: what is where, what is a conffile, and what they need of the system. Pure.

import { join } from 'node:path'
import type { DebFile, DebPackage } from './build-deb.ts'

export interface DebPlaces {
  /** installers/linux. */
  readonly linux: string
  /** The executables' folder of the program. */
  readonly program: string
}

/** Node needs these; glibc 2.28 is of 2018. */
const needs = ['libc6 (>= 2.28)', 'libstdc++6', 'libgcc-s1']

function programFiles(name: string, folder: string): readonly DebFile[] {
  return [
    { path: `usr/lib/${name}/${name}`, from: join(folder, name), mode: 0o755 },
    { path: `usr/lib/${name}/lib`, from: join(folder, 'lib'), mode: 0o644 },
    { path: `usr/bin/${name}`, link: `../lib/${name}/${name}` },
    { path: `usr/share/doc/${name}/copyright`, from: join(folder, 'LICENSES.txt') },
    { path: `usr/share/doc/${name}/sbom.cdx.json`, from: join(folder, 'sbom.cdx.json') },
  ]
}

const scriptsOf = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(['postinst', 'prerm', 'postrm'].map((name) => [name, join(folder, name)]))

export function agentDeb(version: string, { linux, program }: DebPlaces): DebPackage {
  const own = join(linux, 'agent-files')
  const unit = (kind: 'user' | 'system', name: string): DebFile => ({
    path: `usr/lib/systemd/${kind}/${name}`,
    from: join(own, name),
  })
  return {
    name: 'wardkey-agent',
    version,
    summary: 'tap-to-login for clinical workstations: the workstation',
    description: 'Badge reader, lock screen and charts of a clinical workstation.',
    depends: needs,
    recommends: ['pcscd', 'chromium | google-chrome-stable | microsoft-edge-stable'],
    files: [
      ...programFiles('wardkey-agent', program),
      { path: 'usr/lib/wardkey-agent/seat', from: join(own, 'seat'), mode: 0o755 },
      unit('user', 'wardkey-agent.service'),
      unit('system', 'wardkey-agent-seat.service'),
      unit('system', 'wardkey-agent-duties.service'),
      unit('system', 'wardkey-agent-updates.service'),
      { path: 'etc/default/wardkey-agent', from: join(own, 'wardkey-agent.default') },
      { path: 'etc/wardkey/agent.yaml', from: join(linux, 'agent.yaml') },
      { path: 'etc/xdg/autostart/wardkey-agent.desktop', from: join(own, 'wardkey-agent.desktop') },
    ],
    conffiles: [
      'etc/default/wardkey-agent',
      'etc/wardkey/agent.yaml',
      'etc/xdg/autostart/wardkey-agent.desktop',
    ],
    scripts: scriptsOf(own),
  }
}

export function brokerDeb(version: string, { linux, program }: DebPlaces): DebPackage {
  const own = join(linux, 'broker-files')
  return {
    name: 'wardkey-broker',
    version,
    summary: 'tap-to-login for clinical workstations: the broker',
    description: 'Identity, policy, sessions, sign-in of the EHRs, and the record.',
    depends: needs,
    recommends: ['systemd'],
    files: [
      ...programFiles('wardkey-broker', program),
      {
        path: 'usr/lib/systemd/system/wardkey-broker.service',
        from: join(own, 'wardkey-broker.service'),
      },
      { path: 'usr/lib/sysusers.d/wardkey-broker.conf', from: join(own, 'sysusers.conf') },
      { path: 'etc/wardkey-broker/settings.yaml', from: join(own, 'settings.yaml') },
    ],
    conffiles: ['etc/wardkey-broker/settings.yaml'],
    scripts: scriptsOf(own),
  }
}
