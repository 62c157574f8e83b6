// What a DEB of ours carries so that its way back can be trusted: a sum for each of its files.

import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { filesBelow } from '../../executables/lib-folder.ts'
import { buildDeb } from './build-deb.ts'

let scratch: string
beforeEach(() => {
  scratch = fs.mkdtempSync(join(tmpdir(), 'wardkey-deb-'))
})
afterEach(() => {
  fs.rmSync(scratch, { recursive: true })
})

it.skipIf(!fs.existsSync('/usr/bin/dpkg-deb'))('a DEB sums up each file of it', async () => {
  const lib = join(scratch, 'lib')
  fs.mkdirSync(join(lib, 'deep', '.hidden'), { recursive: true })
  fs.writeFileSync(join(lib, 'deep', '.hidden', 'one'), 'one')
  const postinst = join(scratch, 'postinst')
  fs.writeFileSync(postinst, '#!/bin/sh\nexit 0\n')
  const files = [
    { path: 'usr/lib/wardkey-test', from: lib },
    { path: 'usr/bin/wardkey-test', link: '../lib/wardkey-test/one' },
    { path: 'etc/wardkey-test.yaml', text: 'a: 1\n' },
    { path: 'usr/lib/wardkey-test/two words', text: '' },
  ]
  const about = { name: 'wardkey-test', version: '1.0.0', summary: 'a test', description: 'a test' }
  const more = { depends: ['libc6'], conffiles: ['etc/wardkey-test.yaml'], scripts: { postinst } }
  const out = join(scratch, 'made.deb')
  await buildDeb({ ...about, ...more, files }, join(scratch, 'work'), out, 1)
  const tree = join(scratch, 'tree')
  execFileSync('/usr/bin/dpkg-deb', ['--raw-extract', out, tree])
  const sums = fs
    .readFileSync(join(tree, 'DEBIAN', 'md5sums'), 'utf8')
    .trimEnd()
    .split('\n')
  const packed = filesBelow(tree)
    .filter((path) => !path.startsWith('DEBIAN/'))
    .filter((path) => fs.lstatSync(join(tree, path)).isFile())
  expect(sums.map((line) => line.slice(34)).toSorted()).toEqual(packed)
  expect(packed).toHaveLength(3)
  expect(() => execFileSync('md5sum', ['-c', 'DEBIAN/md5sums'], { cwd: tree })).not.toThrow()
})
